"""What is kept of a video comes back as it was; whatever happens to its file is harmless."""

from __future__ import annotations

import logging
import os
import sqlite3
import subprocess
import sys
import time
from dataclasses import fields, is_dataclass

import numpy as np
import pytest

from kg_videorag.ingest.caption import Captioned
from kg_videorag.ingest.extract import ExtractedGraph
from kg_videorag.ingest.kept import CODECS, KeptFolder, StageStore
from kg_videorag.ingest.kept.codecs import (
    LABELS,
    TEXT,
    TEXT_LINES,
    TIMED_LABELS,
    TRANSCRIPT,
    VECTOR,
    CodecError,
)
from kg_videorag.ingest.kept.file import FORMAT
from kg_videorag.ingest.kept.store import KEPT_RESULTS
from kg_videorag.ingest.observe import Heard
from kg_videorag.ingest.stages import STAGES, StageKey
from kg_videorag.ingest.watch import Seen
from kg_videorag.model import (
    Embedding,
    Entity,
    EntityType,
    Frame,
    Label,
    Mention,
    Modality,
    Relation,
    Segment,
    Sentence,
    Span,
    TextLine,
    TimedLabel,
    TimedVector,
    Transcript,
    Word,
)

ID = "5" * 64
WORDS = (Word("Ёлка", Span(100, 450), 0.1 + 0.2, "Анна"), Word("“☃”", Span(450, 451), 1.0))
SAID = Sentence("Ёлка “☃”", Span(100, 451), WORDS, speaker="Анна")
SHOWN = Sentence("Born\u2028in\x00 Warsaw", Span(0, 9), (), Modality.SCREEN, "Marie Curie")
SPOKEN = Sentence("A dog.", Span(0, 9), modality=Modality.CAPTION)
SEGMENT = Segment("s1", ID, 0, Span(0, 10_000), (SAID,), (SHOWN,), (SPOKEN,))
VECTOR_1 = np.array([0.6, -0.8, 1e-38, 0.0], dtype=np.float32)
VECTOR_2 = np.array([1.0, 0.0], dtype=np.float32)
PARTS = {"subject_id": "e1", "predicate": "born in", "object_id": "e2", "segment_id": "s1"}
VALUES = {
    "decode": [True],
    "speech": [Heard((SAID, SAID), "ru", ("poor",), truncated=True), Heard((), None, ())],
    "screen": [Seen((SHOWN,), (0, 2_000), 30, 4, ("one picture could not be read",)), Seen()],
    "vectors": [
        (TimedVector("vision", 0, VECTOR_1), TimedVector("audio", 5_000, VECTOR_2)), (),
    ],
    "sidecars": [(TimedVector("imu", 2_500, VECTOR_2),), ()],
    "frames": [(Frame(0, b"\xff\xd8\x00"), Frame(5_000, b""), Frame(9_000, b"\xff\xd8\x00")), ()],
    "labels": [(TimedLabel("car horn", Modality.SOUND, Span(1, 2), 0.75),), ()],
    "segment": [(SEGMENT, SEGMENT), ()],
    "caption": [Captioned((SEGMENT,), ("1 of 2 segments has no caption",)), Captioned(())],
    "extract": [
        ExtractedGraph(
            (Entity("e1", "Marie Curie", EntityType.PERSON),),
            (Mention("m1", "s1", "e1", Modality.SCREEN, Span(1, 2), "Curie", 1 / 3),),
            (Relation("r1", **PARTS, modality=Modality.SPEECH, span=Span(1, 2),
                      surface="was born in", confidence=0.5),),
        ),
        ExtractedGraph(),
    ],
    "embed": [
        (
            Embedding("v1", 2**63 - 1, "s1", "text", "minilm/1", 0, VECTOR_1, whole=True),
            Embedding("v2", 0, "s1", "text", "minilm/1", 7, VECTOR_2),
        ),
        (),
    ],
}  # fmt: skip
PIECES = [
    (TRANSCRIPT, Transcript("ru", WORDS)),
    (TEXT_LINES, (TextLine("Tea & cake", 0.9, (0.0, 0.1, 1.0, 1 / 3)),)),
    (LABELS, (Label("dog", 0.9, (0.0, 0.1, 1.0, 1 / 3)),)),
    (TIMED_LABELS, (TimedLabel("dog", Modality.VISION, Span(1, 2), 0.75),)),
    (TEXT, "A dog. \u2028 Ёлка"),
    (VECTOR, VECTOR_1),
]


def key(stage: str = "speech", digest: str = "k1", workers: str = "whisper/1") -> StageKey:
    return StageKey(stage, digest, "1", workers)


def same(one: object, other: object) -> bool:
    """Equal in type and value, vectors bit for bit."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.tobytes() == other.tobytes()
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if is_dataclass(one):
        return all(same(getattr(one, f.name), getattr(other, f.name)) for f in fields(one))
    return one == other


@pytest.fixture
def folder(tmp_path):
    return KeptFolder(tmp_path / "stages")


@pytest.fixture
def store(folder):
    with folder.store(ID) as opened:
        yield opened


def test_every_stage_that_is_kept_has_a_codec_and_a_value_here() -> None:
    assert set(VALUES) == set(CODECS)
    assert {stage.name for stage in STAGES if stage.kept} == set(CODECS)


@pytest.mark.parametrize(
    ("stage", "value"), [(stage, value) for stage, values in VALUES.items() for value in values]
)
def test_a_result_comes_back_as_it_was(folder, stage, value) -> None:
    with folder.store(ID) as writing:
        writing.put(key(stage), value, CODECS[stage])
    with folder.store(ID) as reading:
        assert same(reading.get(key(stage), CODECS[stage]), value)
        assert reading.get(key(stage, "another"), CODECS[stage]) is None


@pytest.mark.parametrize(("codec", "value"), PIECES)
def test_a_piece_comes_back_as_it_was(store, codec, value) -> None:
    store.put(key(), value, codec, part="block 1")
    assert same(store.get(key(), codec, part="block 1"), value)
    assert store.get(key(), codec) is None  # the whole is not known yet


@pytest.mark.parametrize("codec", [*CODECS.values(), *(codec for codec, _ in PIECES)])
@pytest.mark.parametrize("data", [b"x", b"\xff" * 63, bytes(9)])
def test_other_bytes_are_refused(codec, data) -> None:
    with pytest.raises(CodecError):
        codec.decode(data)


def test_what_is_one_picture_takes_the_place_of_one() -> None:
    slide = os.urandom(100_000)
    frames = tuple(Frame(at_ms, slide) for at_ms in range(0, 3_600_000, 5_000))
    assert len(CODECS["frames"].encode(frames)) < 110_000


def test_pieces_go_when_the_whole_is_kept(store) -> None:
    store.put(key(), Transcript("en", WORDS), TRANSCRIPT, part="block 1")
    store.put(key(digest="k2"), Transcript("en", WORDS), TRANSCRIPT, part="block 1")
    store.put(key(), VALUES["speech"][0], CODECS["speech"])
    assert store.get(key(), TRANSCRIPT, part="block 1") is None
    assert store.get(key(digest="k2"), TRANSCRIPT, part="block 1") is not None


def test_the_results_used_last_are_kept_of_each_stage(store, monkeypatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("kg_videorag.ingest.kept.store.time.time", lambda: now[0])
    store.put(key("decode", "other stage"), True, CODECS["decode"])
    for number in range(KEPT_RESULTS):
        now[0] += 1
        store.put(key(digest=f"k{number}"), VALUES["speech"][0], CODECS["speech"])
    now[0] += 1
    assert store.get(key(digest="k0"), CODECS["speech"]) is not None  # so k1 is the oldest
    store.put(key(digest="new"), VALUES["speech"][0], CODECS["speech"])
    kept = [d for d in ("k0", "k1", "k2", "new") if store.get(key(digest=d), CODECS["speech"])]
    assert kept == ["k0", "k2", "new"]
    assert store.get(key("decode", "other stage"), CODECS["decode"]) is True


def test_it_is_known_who_made_what_is_kept(store) -> None:
    store.put(key(workers="whisper/1"), VALUES["speech"][0], CODECS["speech"])
    store.put(key(digest="k2", workers="whisper/2"), VALUES["speech"][0], CODECS["speech"])
    assert [former.workers for former in store.former("speech")] == ["whisper/2", "whisper/1"]


def filled(folder: KeptFolder) -> None:
    with folder.store(ID) as store:
        for stage, values in VALUES.items():
            store.put(key(stage), values[0], CODECS[stage])


def damage_header(path) -> None:
    path.write_bytes(b"This is no database" + path.read_bytes()[19:])


def damage_pages(path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:100] + os.urandom(len(data) - 100))


def cut_short(path) -> None:
    path.write_bytes(path.read_bytes()[:5_000])


def change_value(path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE result SET value = zeroblob(length(value))")
    connection.close()


def change_format(path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    connection.close()


def drop_table(path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE result")
    connection.close()


@pytest.mark.parametrize(
    "damage",
    [damage_header, damage_pages, cut_short, change_value, change_format, drop_table],
)
@pytest.mark.parametrize("read_only", [True, False])
def test_a_damaged_file_is_told_of_once_and_made_anew(folder, damage, read_only, caplog) -> None:
    filled(folder)
    path = folder.folder / f"{ID}.sqlite"
    damage(path)
    with folder.store(ID, read_only=read_only) as store:
        for stage in CODECS:
            assert store.get(key(stage), CODECS[stage]) is None
        assert [record.levelno for record in caplog.records] == [logging.WARNING]
        store.put(key(), VALUES["speech"][0], CODECS["speech"])
    caplog.clear()
    if not read_only:
        with folder.store(ID) as store:
            assert same(store.get(key(), CODECS["speech"]), VALUES["speech"][0])
        assert not caplog.records


def test_a_folder_that_cannot_be_made_is_told_of_once(tmp_path, caplog) -> None:
    (tmp_path / "stages").write_text("a file stands here")
    with KeptFolder(tmp_path / "stages").store(ID) as store:
        store.put(key(), VALUES["speech"][0], CODECS["speech"])
        store.put(key(), VALUES["speech"][0], CODECS["speech"])
        assert store.get(key(), CODECS["speech"]) is None
    assert len(caplog.records) == 1
    assert "nothing more is kept" in caplog.text


def test_on_a_full_disk_what_is_kept_can_still_be_read(store, caplog) -> None:
    store.put(key(), VALUES["speech"][0], CODECS["speech"])
    (pages,) = store._connection.execute("PRAGMA page_count").fetchone()
    store._connection.execute(f"PRAGMA max_page_count = {pages}")
    frames = (Frame(0, os.urandom(100_000)),)
    for _ in range(2):
        store.put(key("frames"), frames, CODECS["frames"])
    assert store.get(key("frames"), CODECS["frames"]) is None
    assert same(store.get(key(), CODECS["speech"]), VALUES["speech"][0])
    assert len(caplog.records) == 1
    assert "full" in caplog.text


def test_reading_alone_writes_nothing(folder) -> None:
    with folder.store(ID, read_only=True) as store:
        store.put(key(), VALUES["speech"][0], CODECS["speech"])
        assert store.get(key(), CODECS["speech"]) is None
    assert not folder.folder.exists()
    filled(folder)
    before = {path.name: path.stat().st_mtime_ns for path in folder.folder.iterdir()}
    with folder.store(ID, read_only=True) as store:
        assert same(store.get(key(), CODECS["speech"]), VALUES["speech"][0])
        assert {p.name: p.stat().st_mtime_ns for p in folder.folder.iterdir()} == before


KILLED = """
import os, signal, sys
from pathlib import Path
from kg_videorag.ingest.kept import StageStore
from kg_videorag.ingest.kept.codecs import TEXT
from kg_videorag.ingest.stages import StageKey
store = StageStore(Path(sys.argv[1]))
for number in range(50):
    store.put(StageKey("speech", "k1", "1", "w"), str(number), TEXT, part=str(number))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_was_kept_before_a_kill_is_there(tmp_path) -> None:
    path = tmp_path / "film.sqlite"
    killed = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False, timeout=60)
    assert killed.returncode == -9
    for read_only in (True, False):
        with StageStore(path, read_only=read_only) as store:
            found = [store.get(key(), TEXT, part=str(number)) for number in range(50)]
        assert found == [str(number) for number in range(50)]


WRITING = """
import sys
from pathlib import Path
from kg_videorag.ingest.kept import StageStore
from kg_videorag.ingest.kept.codecs import TEXT
from kg_videorag.ingest.stages import StageKey
with StageStore(Path(sys.argv[1])) as store:
    name = sys.argv[2]
    for number in range(200):
        store.put(StageKey("speech", "k1", "1", "w"), name, TEXT, part=f"{name}{number}")
        store.put(StageKey("decode", name, "1", "w"), name, TEXT)
"""


def test_two_processes_write_at_once(tmp_path) -> None:
    path = tmp_path / "stages" / "film.sqlite"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITING, str(path), name], stderr=subprocess.PIPE)
        for name in ("a", "b")
    ]
    for writer in writers:
        _, told = writer.communicate(timeout=60)
        assert (writer.returncode, told) == (0, b"")
    with StageStore(path) as store:
        for name in ("a", "b"):
            parts = [store.get(key(), TEXT, part=f"{name}{number}") for number in range(200)]
            assert parts == [name] * 200
            assert store.get(key("decode", name), TEXT) == name


def test_a_video_is_forgotten_with_all_its_files(folder) -> None:
    filled(folder)
    assert folder.size().videos == 1
    assert folder.size().bytes > 4_000
    folder.remove(ID)
    assert list(folder.folder.iterdir()) == []
    folder.remove(ID)  # nothing to do
    assert folder.size() == type(folder.size())(0, 0)


def test_what_the_library_does_not_hold_is_forgotten_after_a_month(folder) -> None:
    names = {"old and unknown": 31, "old and known": 31, "young and unknown": 29}
    for name, days in names.items():
        with folder.store(name) as store:
            store.put(key(), VALUES["speech"][0], CODECS["speech"])
        then = time.time() - days * 86_400
        os.utime(folder.folder / f"{name}.sqlite", (then, then))
    folder.forget_unknown(lambda: ["old and known"])
    left = {path.stem for path in folder.folder.glob("*.sqlite")}
    assert left == {"old and known", "young and unknown"}


def test_speeds_are_noted_by_who_worked(folder) -> None:
    speeds = folder.speeds
    assert speeds.read() == {}
    speeds.note({"speech: whisper/1": 6.0, "read": 0.6}, 60_000)
    assert speeds.read() == {"speech: whisper/1": 0.1, "read": 0.01}
    speeds.note({"speech: whisper/1": 18.0}, 60_000)
    assert speeds.read()["speech: whisper/1"] == pytest.approx(0.2)
    speeds.note({"speech: whisper/1": 100.0}, 1_000)  # of a second nothing can be told
    assert speeds.read()["speech: whisper/1"] == pytest.approx(0.2)
    speeds.path.write_text("[1]")
    assert speeds.read() == {}
