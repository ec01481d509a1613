"""Collections and filters through the real command line, over files that were ingested."""

from __future__ import annotations

import json
import wave
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

from kg_videorag.cli import app

SCHEMAS = Path(__file__).parents[2] / "docs" / "json"
SRT = """1
00:00:01,000 --> 00:00:03,500
<v Ann>Marie Curie discovered radium.

2
00:00:11,000 --> 00:00:13,500
<v Bob>Pierre Curie taught physics {where}.
"""


@pytest.fixture
def cli(home, graph, monkeypatch):
    """The command line, in this process: (exit code, JSON document)."""
    monkeypatch.setenv("KGV_HOME", str(home))
    monkeypatch.setenv("KGV_TEXT_READER", "none")

    def run(*arguments, schema):
        result = CliRunner().invoke(app, [*arguments, "--json"])
        document = json.loads(result.stdout)
        jsonschema.validate(document, json.loads((SCHEMAS / f"{schema}.json").read_text()))
        return result.exit_code, document

    return run


def recording(path, where):
    with wave.open(str(path), "wb") as sound:
        sound.setparams((1, 2, 16_000, 0, "NONE", ""))
        sound.writeframes(bytes(32_000 * 20 - 8) + where.encode()[:8].ljust(8))
    path.with_suffix(".vtt").write_text(
        "WEBVTT\n\n" + SRT.format(where=where).replace(",", "."), encoding="utf-8"
    )
    return str(path)


def test_videos_are_collected_and_asked(cli, tmp_path) -> None:
    one = recording(tmp_path / "one.wav", "in Paris")
    two = recording(tmp_path / "two.wav", "in Rome")
    code, done = cli("ingest", one, "--tag", "Course", "--quiet", schema="ingest")
    assert (code, done["videos"][0]["status"]) == (0, "done")
    assert cli("ingest", two, "--quiet", schema="ingest")[0] == 0
    # What is there and unchanged is tagged too; and ingesting again leaves tags.
    code, again = cli("ingest", one, two, "--tag", "Физика", "--quiet", schema="ingest")
    assert [video["status"] for video in again["videos"]] == ["unchanged"] * 2
    cli("ingest", one, "--force", "--quiet", schema="ingest")
    _, listed = cli("videos", "list", schema="videos_list")
    assert [video["tags"] for video in listed["videos"]] == [["Course", "Физика"], ["Физика"]]
    _, listed = cli("videos", "list", "--tag", "course", schema="videos_list")
    assert [video["path"] for video in listed["videos"]] == [one]
    _, shown = cli("videos", "show", "one.wav", schema="videos_show")
    assert shown["video"]["tags"] == ["Course", "Физика"]
    code, tagged = cli(
        "videos", "tag", "one.wav", "two.wav", "--remove", "физика", "--add", "x",
        schema="videos_tag",
    )  # fmt: skip
    assert [video["tags"] for video in tagged["videos"]] == [["Course", "x"], ["x"]]

    question = "Where did Pierre Curie teach physics?"
    _, answer = cli("ask", question, "--tag", "course", schema="ask")
    assert {item["video"] for item in answer["evidence"]} == {"one.wav"}
    assert "in Paris" in answer["answer"]
    _, answer = cli("ask", question, "--speaker", "ann", schema="ask")
    assert not answer["answered"]
    assert all("Pierre" not in item["text"] for item in answer["evidence"])
    _, found = cli("search", "Curie", "--time", "0:10-", "--modality", "speech", schema="search")
    assert {item["text"].rpartition(" in ")[0] for item in found["hits"]} == {
        "Pierre Curie taught physics"
    }


def test_a_name_of_nothing_exits_1_with_what_there_is(cli, tmp_path) -> None:
    cli("ingest", recording(tmp_path / "one.wav", "in Paris"), "--tag", "a", "--quiet",
        schema="ingest")  # fmt: skip
    for options, message, hint in [
        (["--tag", "b"], "no video carries the tag 'b'", "Tags: a."),
        (["--speaker", "Cy"], "nobody is named 'Cy' among the speakers", "Speakers: Ann, Bob."),
        (["--time", "1:00-"], "there is nothing from 00:01:00 on", "one.wav ends at 00:00:20."),
    ]:
        code, failed = cli("search", "Curie", *options, schema="error")
        assert (code, failed["error"]["message"], failed["error"]["hint"]) == (1, message, hint)
