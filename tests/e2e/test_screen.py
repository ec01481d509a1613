"""A silent film of slides, from its pixels to the graph, on real Neo4j and a real reader."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from kg_videorag import VideoRAG
from kg_videorag.model import Modality, VideoStatus

SLIDES = [
    ("Marie Curie", "Born in Warsaw", "Nobel Prize in Physics, 1903"),
    ("Niels Bohr", "Born in Copenhagen", "Director of the Institute"),
]
SHOWN_MS = [(0, 6_000), (6_000, 12_000)]
RATE = 10


def drawn(lines):
    image = Image.new("RGB", (1280, 720), "#f4f1e8")
    draw = ImageDraw.Draw(image)
    for place, text in enumerate(lines):
        size = 80 if place == 0 else 44
        top = 90 if place == 0 else 180 + 90 * place
        draw.text((90, top), text, font=ImageFont.load_default(size=size), fill="#182038")
    return np.asarray(image)


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    path = tmp_path_factory.mktemp("film") / "slides.mp4"
    with av.open(str(path), "w") as file:
        stream = file.add_stream("mpeg4", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        stream.bit_rate = 4_000_000
        for slide, (start_ms, end_ms) in zip(map(drawn, SLIDES), SHOWN_MS, strict=True):
            frame = av.VideoFrame.from_ndarray(slide, "rgb24")
            for index in range(start_ms * RATE // 1000, end_ms * RATE // 1000):
                frame.pts, frame.time_base = index, Fraction(1, RATE)
                file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module")
def ingested(film, home, client, empty):
    empty(client)
    with VideoRAG(home=home) as rag:
        report = rag.ingest(film)
        yield rag, report
    empty(client)


def test_a_silent_film_whose_screen_was_read_is_done(ingested):
    _, report = ingested
    assert report.status is VideoStatus.DONE
    assert report.warnings == ("slides.mp4 has no sound: nothing was heard",)
    assert report.stages_s["screen"] > report.stages_s["speech"]


def test_every_line_stands_in_the_graph_with_its_time(ingested, client, statement):
    rows = client.read(
        statement(
            "MATCH (s:Segment) UNWIND range(0, size(s.screen_lines) - 1) AS i"
            " RETURN s.screen_lines[i] AS text, s.screen_line_start_ms[i] AS start_ms,"
            " s.screen_line_end_ms[i] AS end_ms, s.screen_line_heading[i] AS heading"
        )
    )
    for (title, *lines), (start_ms, end_ms) in zip(SLIDES, SHOWN_MS, strict=True):
        for text in (title, *lines):
            stretches = [row for row in rows if row["text"] == text]
            assert min(row["start_ms"] for row in stretches) == pytest.approx(start_ms, abs=100)
            assert max(row["end_ms"] for row in stretches) == pytest.approx(end_ms, abs=100)
            assert {row["heading"] for row in stretches} == {"" if text == title else title}


def test_entities_and_relations_have_the_modality_screen(ingested, client, statement):
    told = client.read(
        statement(
            "MATCH (a:Entity)-[r:RELATES_TO]->(b:Entity)"
            " RETURN a.name AS who, b.name AS where, r.modality AS modality, r.start_ms AS start_ms"
        )
    )
    born = {(row["who"], row["where"]): row for row in told}
    assert born["Marie Curie", "Warsaw"]["modality"] == "screen"
    assert born["Niels Bohr", "Copenhagen"]["start_ms"] == pytest.approx(6_000, abs=100)
    mentions = client.read(
        statement("MATCH ()-[m:MENTIONS]->(e) RETURN DISTINCT m.modality AS modality")
    )
    assert mentions == [{"modality": "screen"}]


def test_what_stands_on_the_screen_is_found_and_shown(ingested):
    rag, report = ingested
    (hit, *_) = rag.search("Who was born in Copenhagen?")
    shown = [sentence for sentence in hit.sentences if sentence.text == "Born in Copenhagen"]
    assert shown[0].modality is Modality.SCREEN
    assert shown[0].heading == "Niels Bohr"
    assert shown[0].span.start_ms == pytest.approx(6_000, abs=100)
    _, segments = rag.video(report.video_id)
    assert "Born in Warsaw" in segments[0].screen_text.splitlines()


def test_without_a_reader_a_silent_film_is_partial(ingested, film, home):
    with VideoRAG(home=home, text_reader="none") as rag:
        report = rag.ingest(film)
    assert report.status is VideoStatus.PARTIAL
    assert report.entities == 0
    assert list(report.stages_s)[:3] == ["read", "speech", "screen"]
