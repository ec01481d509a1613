"""ImageBind through the whole system: a checkpoint is named, and pictures and sounds are found.

The checkpoint's numbers are random, so what is near what says nothing; that every vector is
there, of its moment, indexed, asked and deleted does.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from kg_videorag.config import load_settings
from kg_videorag.graph.server import ManagedServer

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "samples" / "apollo_people.mp4"


class Cli:
    """The command line, with ImageBind where a checkpoint is named."""

    def __init__(self, home: Path, endpoint: Any) -> None:
        self.env = {
            **os.environ,
            "KGV_HOME": str(home),
            "KGV_NEO4J_URI": endpoint.bolt_uri,
            "KGV_NEO4J_PASSWORD": endpoint.password,
            "KGV_TEXT_READER": "none",
        }

    def json(self, schema: str, *arguments: str, checkpoint: Path | None, code: int = 0) -> Any:
        named = {"KGV_IMAGEBIND_CHECKPOINT": str(checkpoint)} if checkpoint else {}
        done = subprocess.run(
            [sys.executable, "-m", "kg_videorag", *arguments, "--json"],
            env={**self.env, **named},
            capture_output=True,
            text=True,
            timeout=280,
            check=False,
        )
        assert done.returncode == code, (done.stdout, done.stderr)
        document = json.loads(done.stdout)
        path = ROOT / "docs" / "json" / f"{schema}.json"
        jsonschema.validate(document, json.loads(path.read_text(encoding="utf-8")))
        return document


@pytest.fixture(scope="module")
def cli(home, client, empty, statement, imagebind_checkpoint, tmp_path_factory):
    """The run's Neo4j under a data directory of its own, so that no other test's index is met."""
    empty(client)
    endpoint = ManagedServer(home, load_settings().cache_dir).ensure()
    cli = Cli(tmp_path_factory.mktemp("imagebind-home"), endpoint)
    cli.report = cli.json("ingest", "ingest", str(SAMPLE), checkpoint=imagebind_checkpoint)
    yield cli
    empty(client)
    for space in ("vision", "audio"):  # the schema has none of them
        client.run_schema(statement(f"DROP INDEX {space}_vector IF EXISTS"))


def test_pictures_and_sounds_have_vectors_of_their_moment(cli, client, statement) -> None:
    (video,) = cli.report["videos"]
    assert video["status"] == "done"
    rows = client.read(
        statement(
            "MATCH (s:Segment)-[:HAS_EMBEDDING]->(e:Embedding) WHERE e.space <> 'text'"
            " RETURN e.space AS space, e.at_ms AS at_ms, size(e.vector) AS dimension,"
            " s.start_ms <= e.at_ms < s.end_ms AS inside ORDER BY space, at_ms"
        )
    )
    assert all(row["inside"] and row["dimension"] == 32 for row in rows)
    moments = {s: [row["at_ms"] for row in rows if row["space"] == s] for s in ("vision", "audio")}
    for space, longest_ms in (("vision", 5_100), ("audio", 15_000)):
        ends = [0, *moments[space], video["duration_ms"]]
        assert max(b - a for a, b in pairwise(ends)) <= longest_ms


def test_every_space_is_asked_and_verified(cli, imagebind_checkpoint) -> None:
    found = cli.json("index", "index", "verify", checkpoint=imagebind_checkpoint)
    assert found["ok"] is True
    assert [space["space"] for space in found["spaces"]] == ["text", "audio", "vision"]
    assert all(space["vectors"] for space in found["spaces"])
    asked = "search", "a rocket", "--emotional-context", "calm"
    hits = cli.json("search", *asked, checkpoint=imagebind_checkpoint)["hits"]
    assert {"text", "vision", "audio"} <= {road for hit in hits for road in hit["via"]}
    # Importing the package costs every command 8 s of one core: one space is asked alone.
    alone = cli.json("search", *asked, "--space", "audio", checkpoint=imagebind_checkpoint)["hits"]
    assert alone
    assert all(hit["via"] == ["audio"] for hit in alone)


def test_without_imagebind_the_rest_goes_on(cli) -> None:
    answer = cli.json("ask", "ask", "Where was Neil Armstrong born?", checkpoint=None)
    assert answer["answered"] is True
    refused = "search", "a rocket", "--space", "vision"
    error = cli.json("error", *refused, checkpoint=None, code=1)["error"]
    assert error["hint"] == "In use: text."


def test_what_is_deleted_is_gone_from_every_index(cli, imagebind_checkpoint) -> None:
    cli.json("videos_delete", "videos", "delete", SAMPLE.name, checkpoint=None)
    found = cli.json("index", "index", "verify", checkpoint=imagebind_checkpoint)
    assert (found["ok"], found["vectors"]) == (True, 0)
