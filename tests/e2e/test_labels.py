"""Things seen and sounds heard, through the whole system: named, timed, found again.

The film is made here: a portrait that moves, from 5 to 12 s, and a dial tone, from 15 to 19 s.
"""

from __future__ import annotations

from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image

from kg_videorag import VideoRAG
from kg_videorag.config import load_settings
from kg_videorag.graph.server import ManagedServer
from kg_videorag.model import Modality, Span

MATPLOTLIB = Path(next(iter(find_spec("matplotlib").submodule_search_locations)))  # type: ignore[union-attr,arg-type]
PORTRAIT = MATPLOTLIB / "mpl-data" / "sample_data" / "grace_hopper.jpg"  # with a tie
SEEN_MS = (5_000, 12_000)
HEARD_MS = (15_000, 19_000)
SECONDS, FPS, RATE = 25, 10, 16_000
PATCH_MS = 975


def made_film(path: Path) -> Path:
    portrait = Image.open(PORTRAIT).convert("RGB").resize((320, 375))
    with av.open(str(path), "w") as file:
        pictures = file.add_stream("mpeg4", rate=FPS, width=640, height=360, pix_fmt="yuv420p")
        pictures.bit_rate = 2_000_000
        sound = file.add_stream("aac", rate=RATE, layout="mono")
        for number in range(SECONDS * FPS):
            picture = Image.new("RGB", (640, 360), "#405060")
            if SEEN_MS[0] <= number * 1000 // FPS < SEEN_MS[1]:
                picture.paste(portrait, (80 + number, -10))
            frame = av.VideoFrame.from_image(picture)
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            file.mux(pictures.encode(frame))
        at_s = np.arange(SECONDS * RATE) / RATE
        tone = 0.2 * (np.sin(2 * np.pi * 350 * at_s) + np.sin(2 * np.pi * 440 * at_s))
        tone *= (at_s * 1000 >= HEARD_MS[0]) & (at_s * 1000 < HEARD_MS[1])
        for start in range(0, len(tone), 1_024):
            block = av.AudioFrame.from_ndarray(
                tone[None, start : start + 1_024].astype(np.float32), "fltp", "mono"
            )
            block.sample_rate, block.pts = RATE, start
            file.mux(sound.encode(block))
        file.mux([*pictures.encode(None), *sound.encode(None)])
    return path


@pytest.fixture(scope="module")
def rag(home, client, empty, weights, tmp_path_factory):
    """A library of its own, with a detector and a sound tagger, that holds the film."""
    empty(client)
    endpoint = ManagedServer(home, load_settings().cache_dir).ensure()
    folder = tmp_path_factory.mktemp("labels")
    with VideoRAG(
        home=folder / "home",
        neo4j_uri=endpoint.bolt_uri,
        neo4j_password=endpoint.password,
        text_reader="none",
        yolox_model=weights / "yolox_nano.onnx",
        yamnet_model=weights / "yamnet_spectra_in.onnx",
    ) as rag:
        rag.report = rag.ingest(made_film(folder / "portrait.mp4"))
        yield rag
    empty(client)


@pytest.fixture
def mentions(rag, client, statement):
    return client.read(
        statement(
            "MATCH (s:Segment)-[m:MENTIONS]->(e:Entity:Concept) RETURN e.name AS name,"
            " m.modality AS modality, m.start_ms AS start_ms, m.end_ms AS end_ms,"
            " m.confidence AS confidence, m.surface AS surface,"
            " s.start_ms <= m.start_ms AND m.end_ms <= s.end_ms AS inside ORDER BY name, start_ms"
        )
    )


def times(mentions: Any, name: str) -> tuple[int, int]:
    """When it first begins and last ends: a segment may end in between."""
    of_it = [row for row in mentions if row["name"] == name]
    return min(row["start_ms"] for row in of_it), max(row["end_ms"] for row in of_it)


def test_the_film_is_ingested_whole(rag) -> None:
    assert (rag.report.status, rag.report.error) == ("done", None)
    assert "labels" in rag.report.stages_s


def test_what_is_seen_is_mentioned_when_it_is_seen(mentions) -> None:
    for name in ("person", "tie"):
        assert times(mentions, name) == SEEN_MS
        assert {row["modality"] for row in mentions if row["name"] == name} == {"vision"}


def test_what_is_heard_is_mentioned_when_it_is_heard(mentions) -> None:
    start_ms, end_ms = times(mentions, "dial tone")
    assert abs(start_ms - HEARD_MS[0]) < PATCH_MS
    assert abs(end_ms - HEARD_MS[1]) < PATCH_MS
    assert {row["modality"] for row in mentions if row["name"] == "dial tone"} == {"sound"}


def test_every_mention_is_sure_and_inside_its_segment(mentions) -> None:
    assert all(row["inside"] and row["confidence"] > 0.5 for row in mentions)
    assert all(row["surface"] == row["name"] for row in mentions)
    assert "silence" not in {row["name"] for row in mentions}


@pytest.mark.parametrize(
    ("asked", "around_ms"),
    [
        ("a person", SEEN_MS),
        ("Where are ties seen?", SEEN_MS),
        ("When is a dial tone heard?", HEARD_MS),
    ],
)
def test_a_segment_is_found_by_what_is_only_seen_or_heard_in_it(rag, asked, around_ms) -> None:
    first = rag.search(asked)[0]
    assert "entity" in first.via
    assert first.span.overlaps(Span(*around_ms))


def test_an_answer_cites_the_seconds_in_which_it_is_seen(rag) -> None:
    answer = rag.query("Where is a person seen?")
    assert answer.text.startswith("Seen: person. [1]")
    spans = [(c.span.start_ms, c.span.end_ms) for c in answer.citations]
    assert (min(start for start, _ in spans), max(end for _, end in spans)) == SEEN_MS
    assert {c.modality for c in answer.citations} == {Modality.VISION}
    assert all("entity" in answer.evidence[c.number - 1].via for c in answer.citations)
    assert "person" in {entity.name for entity in answer.graph.entities}
    assert not rag.query("Where is a dog seen?").answered


def test_the_same_file_again_is_unchanged(rag) -> None:
    assert rag.ingest(rag.report.path).status == "unchanged"
