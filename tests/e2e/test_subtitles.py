"""Subtitles to graph: what people wrote is what the library holds."""

from __future__ import annotations

import pytest

from kg_videorag import VideoRAG

SRT = """1
00:00:01,000 --> 00:00:03,500
Юрий Гагарин полетел в космос.

2
00:00:04,000 --> 00:00:06,250
МАША: Это было двенадцатого апреля

3
00:00:06,250 --> 00:00:08,000
тысяча девятьсот шестьдесят первого года.

4
00:00:08,500 --> 00:00:09,500
МАША: Весь мир ликовал.
"""
ROWS = (
    "MATCH (v:Video)-[:HAS_SEGMENT]->(s:Segment) UNWIND range(0, size(s.sentences)-1) AS i"
    " RETURN v.language AS language, v.engines[0] AS engine, s.sentences[i] AS text,"
    " s.sentence_start_ms[i] AS start_ms, s.sentence_end_ms[i] AS end_ms,"
    " s.sentence_speaker[i] AS speaker ORDER BY start_ms"
)


@pytest.fixture
def library(home, graph):
    with VideoRAG(home=str(home), text_reader="none") as rag:
        yield rag


@pytest.fixture
def sound(tmp_path, silence):
    silence(tmp_path / "полёт.wav", seconds=12)
    return tmp_path / "полёт.wav"


def test_russian_subtitles_are_sentences_at_their_milliseconds(
    library, graph, statement, sound
) -> None:
    sound.with_name("полёт.ru.srt").write_text(SRT, encoding="utf-8-sig")
    report = library.ingest(sound)
    assert (report.status, report.error) == ("done", None)
    rows = graph.read(statement(ROWS))
    assert [(r["text"], r["start_ms"], r["end_ms"], r["speaker"]) for r in rows] == [
        ("Юрий Гагарин полетел в космос.", 1_000, 3_500, ""),
        (
            "Это было двенадцатого апреля тысяча девятьсот шестьдесят первого года.",
            4_000,
            8_000,
            "Маша",
        ),
        ("Весь мир ликовал.", 8_500, 9_500, "Маша"),
    ]
    assert {row["language"] for row in rows} == {"ru"}
    assert rows[0]["engine"].startswith("subtitles/srt-")


def test_a_file_is_ingested_again_where_its_subtitles_come_change_and_go(library, sound) -> None:
    beside = sound.with_suffix(".srt")
    assert library.ingest(sound).warnings == ("no speech was recognised",)
    beside.write_text(SRT, encoding="utf-8")
    assert library.ingest(sound).status == "done"
    assert library.ingest(sound).status == "unchanged"
    beside.write_text(SRT.replace("космос", "небо"), encoding="utf-8")
    assert library.ingest(sound).status == "done"
    beside.write_text("broken", encoding="utf-8")
    again = library.ingest(sound)
    assert again.warnings[0] == "полёт.srt: no subtitles are in it"
    assert library.ingest(sound).status == "unchanged"
    beside.unlink()
    assert library.ingest(sound).status == "unchanged"  # what is heard was heard before


def test_they_are_not_looked_for_where_nobody_wants_them(home, graph, sound) -> None:
    sound.with_suffix(".srt").write_text(SRT, encoding="utf-8")
    with VideoRAG(home=str(home), text_reader="none", subtitles=False) as rag:
        assert rag.ingest(sound).warnings == ("no speech was recognised",)
