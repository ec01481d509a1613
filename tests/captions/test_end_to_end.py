"""From a film's pictures by way of a vision server to the graph and an answer, on real Neo4j."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest

from kg_videorag import VideoRAG
from kg_videorag.errors import KgVideoRagError
from kg_videorag.model import Modality, Span, VideoStatus

RATE = 10
SCENES = {  # colour of the picture: what is said of it, and when it is shown
    "red": ("A red balloon rises over the green hills.", Span(0, 20_000)),
    "blue": ("A blue boat lies at the old harbour.", Span(20_000, 40_000)),
}
RUSSIAN = {"red": "Красный шар поднимается над холмами.", "blue": "Синяя лодка стоит у причала."}


def film(path, tint):
    """Twenty seconds of red, twenty of blue; a bright square, so that they show something."""
    with av.open(str(path), "w") as file:
        stream = file.add_stream("mpeg4", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        for place, (_, span) in enumerate(SCENES.values()):
            pixels = np.full((720, 1280, 3), tint, np.uint8)
            pixels[..., 2 * place] = 220
            pixels[200:400, 300:600] = 255
            frame = av.VideoFrame.from_ndarray(pixels, "rgb24")
            for index in range(span.start_ms * RATE // 1000, span.end_ms * RATE // 1000):
                frame.pts, frame.time_base = index, Fraction(1, RATE)
                file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path


@pytest.fixture
def library(home, server):
    """A library whose captioner is the tests' server; what is ingested is deleted again."""
    server.replies[:] = [lambda pictures: SCENES[colour_in(pictures)][0]]
    ingested = []
    with VideoRAG(
        home=home, captioner="openai-compatible", captioner_url=server.url, text_reader="none"
    ) as rag:

        def library(path):
            report = rag.ingest(path)
            ingested.append(report.video_id)
            return rag, report

        yield library
        for video_id in ingested:
            rag.delete(video_id)


def colour_in(pictures):
    red, _, blue = np.mean([picture.mean(axis=(0, 1)) for picture in pictures], axis=0)
    return "red" if red > blue else "blue"


def test_what_a_film_shows_is_answered_with_its_moment(library, server, tmp_path):
    rag, report = library(film(tmp_path / "silent.mp4", 20))
    assert report.status is VideoStatus.DONE
    assert report.warnings == ("silent.mp4 has no sound: nothing was heard",)
    assert report.stages_s.keys() >= {"frames", "caption"}
    assert [told.startswith("These pictures") for told in server.told] == [True, True]
    assert {picture.shape for pictures in server.shown for picture in pictures} == {(432, 768, 3)}

    stored, segments = rag.video(report.video_id)
    assert any(name.startswith("openai-compatible/") for name in stored.engines)
    assert {segment.caption for segment in segments} == {text for text, _ in SCENES.values()}

    for question, colour in (
        ("Where does the red balloon rise?", "red"),
        ("Where does the blue boat lie?", "blue"),
    ):
        answer = rag.query(question)
        text, span = SCENES[colour]
        (citation,) = answer.citations
        assert answer.text == f"{text} [1]"
        assert (citation.modality, citation.quote) == (Modality.CAPTION, text)
        assert citation.span.start_ms == pytest.approx(span.start_ms, abs=100)
        assert citation.span.end_ms == pytest.approx(span.end_ms, abs=100)
    assert rag.query("What happens at 00:30?", videos=stored.video.id[:12]).text == (
        f"{SCENES['blue'][0]} [1]"
    )
    hit = rag.search("a ship in a port")[0]
    assert hit.text == SCENES["blue"][0]


def test_another_captioner_looks_at_the_pictures_that_were_kept(
    library, server, tmp_path, monkeypatch
):
    path = film(tmp_path / "again.mp4", 60)
    rag, _ = library(path)
    monkeypatch.setattr(
        "kg_videorag.ingest.media.MediaReader.decoded",
        lambda *_, **__: pytest.fail("decoded again"),
    )
    server.replies[:] = ["A drawing of a square."]
    with VideoRAG(rag.settings.model_copy(update={"captioner_model": "other"})) as another:
        report = another.ingest(path)
        captions = {segment.caption for segment in another.video(report.video_id)[1]}
    assert report.status is VideoStatus.DONE
    assert captions == {"A drawing of a square."}
    assert [body["model"] for *_, body in server.requests if body][-1] == "other"


def test_russian_speech_has_captions_that_russian_words_find(library, server, tmp_path):
    server.replies[:] = [lambda pictures: RUSSIAN[colour_in(pictures)]]
    said = "1\n00:00:01,000 --> 00:00:04,000\nЭто было летом.\n"
    (tmp_path / "лето.ru.srt").write_text(said, encoding="utf-8")
    rag, report = library(film(tmp_path / "лето.mp4", 30))
    assert [told.startswith("Это кадры") for told in server.told] == [True, True]
    assert "Это было летом." in server.told[0]
    answer = rag.query("Где стоит синяя лодка?", videos=report.video_id)
    assert [c.modality for c in answer.citations] == [Modality.CAPTION]
    assert answer.citations[0].quote == RUSSIAN["blue"]


def test_a_server_that_fails_now_and_then_leaves_a_warning(library, server, tmp_path):
    failing = (500, {"error": {"message": "busy"}}, {"retry-after-ms": "1"})
    server.replies[:] = [failing, failing, failing, lambda _: "A boat at a pier."]
    rag, report = library(film(tmp_path / "busy.mp4", 40))
    assert report.status is VideoStatus.DONE
    (warning,) = [w for w in report.warnings if "caption" in w]
    assert warning.startswith("1 of 2 segments have no caption: http://127.0.0.1")
    assert [bool(segment.caption) for segment in rag.video(report.video_id)[1]] == [False, True]


def test_a_server_that_sees_nothing_fails_the_file_and_says_so(library, server, tmp_path):
    server.replies[:] = [(400, {"error": {"message": "tiny is not a multimodal model"}})]
    with pytest.raises(KgVideoRagError, match="not a multimodal model") as caught:
        library(film(tmp_path / "blind.mp4", 50))
    assert "KGV_CAPTIONER_MODEL" in caught.value.hint
