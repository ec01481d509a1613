"""Depth, heat and motion beside a video, through the whole system, by a tiny ImageBind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from kg_videorag import VideoRAG
from kg_videorag.config import load_settings
from kg_videorag.graph.server import ManagedServer
from kg_videorag.model import SIDECAR_SPACES

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 20


def write_motion(path: Path, *, last: str = "") -> None:
    rows = (f"{at_ms},0,{at_ms % 9},9.81,0,0,0\n" for at_ms in range(0, SECONDS * 1000, 10))
    header = "time_ms,ax,ay,az,gx,gy,gz\n"
    path.write_text(header + "".join(rows) + last, encoding="utf-8")


def write_pictures(folder: Path, kind: Any, at_ms: int, **how: Any) -> None:
    folder.mkdir()
    ramp = np.linspace(200, 250, 64 * 48).reshape(48, 64).astype(kind)
    Image.fromarray(ramp, **how).save(folder / f"{at_ms:09d}.png")


@pytest.fixture(scope="module")
def rag(home, client, empty, statement, imagebind_checkpoint, tmp_path_factory):
    """A library of its own with ImageBind."""
    empty(client)
    endpoint = ManagedServer(home, load_settings().cache_dir).ensure()
    with VideoRAG(
        home=tmp_path_factory.mktemp("sidecars-home"),
        neo4j_uri=endpoint.bolt_uri,
        neo4j_password=endpoint.password,
        imagebind_checkpoint=imagebind_checkpoint,
        dtype="int8",
    ) as rag:
        yield rag
    empty(client)
    for space in ("vision", "audio", *SIDECAR_SPACES):  # the schema has none of them
        client.run_schema(statement(f"DROP INDEX {space}_vector IF EXISTS"))


@pytest.fixture(scope="module")
def walk(rag, silence, tmp_path_factory):
    """A video with all three, ingested."""
    folder = tmp_path_factory.mktemp("walk")
    silence(folder / "walk.wav", seconds=SECONDS)
    write_motion(folder / "walk.imu.csv")
    write_pictures(folder / "walk.depth", np.uint16, 12_000)
    write_pictures(folder / "walk.thermal", np.uint8, 3_000)
    rag.report = rag.ingest(folder / "walk.wav")
    return folder / "walk.wav"


def test_everything_has_vectors_of_its_moment(rag, walk, client, statement) -> None:
    assert rag.report.warnings == ("no speech was recognised",)
    assert "sidecars" in rag.report.stages_s
    rows = client.read(
        statement(
            "MATCH (s:Segment)-[:HAS_EMBEDDING]->(e:Embedding)"
            " WHERE s.start_ms <= e.at_ms < s.end_ms"
            " RETURN e.space AS space, collect(e.at_ms) AS at_ms, labels(head(collect(e))) AS kinds"
        )
    )
    found = {row["space"]: sorted(row["at_ms"]) for row in rows}
    assert found == {"imu": [2_500, 7_500, 12_500, 17_500], "depth": [12_000], "thermal": [3_000]}
    kinds = {kind for row in rows for kind in row["kinds"]}
    assert kinds == {"Embedding", "ImuEmbedding", "DepthEmbedding", "ThermalEmbedding"}
    assert rag.verify_index().faults == ()


@pytest.mark.parametrize(("space", "at_ms"), [("depth", 12_000), ("thermal", 3_000)])
def test_it_is_found_by_the_name_of_its_space(space, at_ms, rag, walk) -> None:
    (hit,) = rag.search("someone walks", space=space)
    assert hit.span.start_ms <= at_ms < hit.span.end_ms
    assert hit.via == ("vision",)


def test_another_content_is_ingested_and_what_is_broken_of_it_told(
    rag, walk, client, statement
) -> None:
    assert rag.ingest(walk).status == "unchanged"
    motion = walk.with_name("walk.imu.csv")
    write_motion(motion, last="30000,1,2\n")
    again = rag.ingest(walk)
    assert again.status == rag.report.status
    assert again.warnings[-1].startswith("walk.imu.csv, line 2002: it has 3 values")
    motion.unlink()
    rag.ingest(walk)
    (left,) = client.read(statement("MATCH (e:ImuEmbedding) RETURN count(e) AS count"))
    assert left["count"] == 0
