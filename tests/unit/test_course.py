"""When a kept result is used, and when it is not: of the whole stages and of their pieces."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from kg_videorag.errors import EngineError
from kg_videorag.ingest.clock import StageClock
from kg_videorag.ingest.course import Course
from kg_videorag.ingest.engines import IngestEngines, identity
from kg_videorag.ingest.extract import ExtractedGraph
from kg_videorag.ingest.kept import KeptFolder
from kg_videorag.ingest.observe import Heard
from kg_videorag.ingest.remembered import remembering
from kg_videorag.ingest.stages import stage_keys, stages_again
from kg_videorag.ingest.watch import Seen
from kg_videorag.model import AudioBlock, Span, TextLine, Transcript, Word

ENGINES = {"transcriber": "t/1", "segmenter": "s/1", "extractor": "x/1", "embedder": "e/1",
           "text_reader": "r/1", "media_embedder": "m/1"}  # fmt: skip
HEARD = Heard((), "en", ())


@pytest.fixture
def begin(tmp_path):
    """Begins a run over one video, with what former runs have kept."""
    opened = []

    def course(again=frozenset(), **engines: str) -> Course:
        keys = stage_keys("film", ENGINES | engines, {})
        opened.append(KeptFolder(tmp_path).store("film"))
        return Course(StageClock(lambda _: None), keys, opened[-1], again)

    yield course
    for store in opened:
        store.close()


def made(course: Course, stage: str, value, *, whole: bool = True) -> bool:
    """Whether a stage had to be made."""
    asked = []
    course.result(stage, lambda: asked.append(stage) or value, is_whole=lambda _: whole)
    return bool(asked)


def test_a_result_is_made_once(begin) -> None:
    assert made(begin(), "speech", HEARD)
    second = begin()
    assert not made(second, "speech", HEARD)
    assert second.resumed == {"speech"}
    assert made(begin(transcriber="t/2"), "speech", HEARD)
    assert not made(begin(), "speech", HEARD)  # the first is kept beside it


def test_what_is_forced_is_made_again(begin) -> None:
    made(begin(), "speech", HEARD)
    made(begin(), "segment", ())
    again = begin(stages_again(["segment"]))
    assert not made(again, "speech", HEARD)
    assert made(again, "segment", ())


def test_a_result_is_not_used_where_what_it_was_made_from_is_made_anew(begin) -> None:
    """As of captions: a language model that is asked again says it otherwise."""
    for stage, value in (("speech", HEARD), ("segment", ()), ("extract", ExtractedGraph())):
        made(begin(), stage, value)
    assert made(begin(stages_again(["speech"])), "segment", ())
    run = begin()
    run.keep("screen", Seen())
    assert made(run, "segment", ())
    assert made(run, "extract", ExtractedGraph())
    assert not made(run, "speech", HEARD)  # which is not made from the screen


def test_what_is_made_from_what_is_not_whole_is_not_kept(begin) -> None:
    run = begin()
    assert made(run, "speech", HEARD, whole=False)
    assert made(run, "segment", ())
    later = begin()
    assert made(later, "speech", HEARD)
    assert made(later, "segment", ())
    assert not made(begin(), "segment", ())


@dataclass
class Counting:
    """Engines of every kind that count what they are given."""

    name: str = "counting"
    version: str = "1"
    model: str = "m"
    carries_over: bool = False
    languages: frozenset[str] = frozenset()
    dimension: int = 2
    given: list = field(default_factory=list)

    def check(self):
        raise NotImplementedError

    def transcribe(self, block):
        self.given.append(block.start_ms)
        return Transcript("en", (Word("hm", Span(block.start_ms, block.end_ms), 0.5),))

    def read(self, picture):
        if picture.max() == 0:
            raise EngineError("it is dark")
        self.given.append(int(picture.max()))
        return [TextLine(str(picture.max()), 0.9, (0.0, 0.0, 1.0, 1.0))]

    def embed_pictures(self, pictures):
        self.given.append([int(picture.max()) for picture in pictures])
        rows = [[picture.max(), 1] for picture in pictures]
        return np.array(rows, dtype=np.float32).reshape(len(pictures), 2)


def block(start_ms: int, level: float = 0.5) -> AudioBlock:
    return AudioBlock(start_ms, np.full(160, level, dtype=np.float32))


def picture(level: int) -> np.ndarray:
    return np.full((4, 6, 3), level, dtype=np.uint8)


def crew(engine: Counting) -> IngestEngines:
    return IngestEngines(engine, engine, engine, engine, text_reader=engine, media_embedder=engine)


def test_a_block_that_was_heard_is_not_heard_again(begin) -> None:
    engine = Counting()
    first = remembering(crew(engine), begin()).transcriber
    heard = first.transcribe(block(0))
    run = begin()
    second = remembering(crew(engine), run).transcriber
    assert second.transcribe(block(0)) == heard
    assert engine.given == [0]
    second.transcribe(block(0, level=0.25))  # another sound
    second.transcribe(block(10))  # the same at another time
    assert engine.given == [0, 0, 10]
    assert run.resumed == {"speech"}
    remembering(crew(engine), begin(transcriber="t/2")).transcriber.transcribe(block(0))
    remembering(crew(engine), begin(stages_again(["speech"]))).transcriber.transcribe(block(0))
    assert engine.given == [0, 0, 10, 0, 0]


def test_who_needs_the_blocks_before_hears_them_again(begin) -> None:
    engine = Counting(carries_over=True)
    for _ in range(2):
        remembering(crew(engine), begin()).transcriber.transcribe(block(0))
    assert engine.given == [0, 0]


def test_a_picture_that_could_not_be_read_is_tried_again(begin) -> None:
    engine = Counting()
    for _ in range(2):
        reader = remembering(crew(engine), begin()).text_reader
        assert reader is not None
        (line,) = reader.read(picture(7))
        assert line.text == "7"
        with pytest.raises(EngineError):
            reader.read(picture(0))
    assert engine.given == [7]


def test_of_a_batch_those_alone_are_embedded_of_which_no_vector_is_kept(begin) -> None:
    engine = Counting()
    embedder = remembering(crew(engine), begin()).media_embedder
    assert embedder is not None
    embedder.embed_pictures([picture(1), picture(2)])
    resumed = remembering(crew(engine), begin()).media_embedder
    assert resumed is not None
    rows = resumed.embed_pictures([picture(3), picture(2), picture(3), picture(1)])
    assert rows.tolist() == [[3, 1], [2, 1], [3, 1], [1, 1]]
    assert engine.given == [[1, 2], [3]]
    assert resumed.embed_pictures([]).shape == (0, 2)


def test_who_works_is_told_by_name_version_and_model() -> None:
    assert identity(Counting()) == "counting/1/m"
    assert identity(Counting(model="")) == "counting/1"
