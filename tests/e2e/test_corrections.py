"""A line and a name put right by hand by the command line, and the same film ingested again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from kg_videorag import VideoRAG

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "samples" / "apollo_people.mp4"
TRUTH = json.loads((ROOT / "samples" / "truth.json").read_text(encoding="utf-8"))
RIGHT = "Gene Kranz was born in Cleveland, Ohio."  # he was not: nobody can have heard it
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def cli(home: Path, client, empty):
    empty(client)

    def cli(schema: str, *arguments: str, code: int = 0) -> dict[str, Any]:
        done = subprocess.run(
            [sys.executable, "-m", "kg_videorag", *arguments, "--json"],
            env={**os.environ, "KGV_HOME": str(home)},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == code, (done.stdout, done.stderr)
        document = json.loads(done.stdout)
        path = ROOT / "docs" / "json" / f"{schema}.json"
        jsonschema.validate(document, json.loads(path.read_text(encoding="utf-8")))
        return document

    return cli


def spoken_at(part: str) -> str:
    """The middle of a sentence of the sample, as a time to type."""
    (sentence,) = (
        sentence
        for made in TRUTH["videos"]
        if made["file"] == SAMPLE.name
        for slide in made["slides"]
        for sentence in slide["sentences"]
        if part in sentence["narration"]
    )
    return str((sentence["start_ms"] + sentence["end_ms"]) / 2000)


def everything(cli) -> list[tuple[str, list[str]]]:
    segments = cli("videos_show", "videos", "show", SAMPLE.name)["segments"]
    return [(s["speech"], s["screen_text"], sorted(s["entities"])) for s in segments]


def test_what_is_corrected_stays_corrected_until_it_is_taken_back(cli) -> None:
    (video,) = cli("ingest", "ingest", str(SAMPLE))["videos"]
    former = everything(cli)
    at = spoken_at("was born in Toledo")
    asked = ("ask", "Where was Gene Kranz born?")
    where = ("correct", "line", SAMPLE.name, RIGHT, "--at", at)
    tried = cli("correct", *where, "--dry-run")
    assert (tried["done"], everything(cli) == former) == (False, True)

    done = cli("correct", *where)
    (line,) = done["lines"]
    assert (line["after"], line["video_id"]) == (RIGHT, video["video_id"])
    assert "Toledo" in line["before"]
    answer = cli("ask", *asked)
    assert "Cleveland" in answer["answer"]
    quoted = {(c["quote"], c["start_ms"]) for c in answer["citations"]}
    assert (RIGHT, line["start_ms"]) in quoted

    renamed = cli("correct", "correct", "name", "Huntsville", "Hobbiton")
    assert renamed["correction"]["video_id"] is None
    corrected = everything(cli)
    assert any("Hobbiton" in names for _, _, names in corrected)

    (again,) = cli("ingest", "ingest", str(SAMPLE), "--force")["videos"]
    assert (again["status"], again["warnings"]) == ("done", [])
    assert everything(cli) == corrected
    assert "Cleveland" in cli("ask", *asked)["answer"]
    kept = cli("correct_list", "correct", "list")["corrections"]
    assert [c["replacement"] for c in kept] == [RIGHT, "Hobbiton"]

    for correction in kept:
        cli("correct", "correct", "undo", correction["correction_id"])
    assert everything(cli) == former
    assert "Toledo" in cli("ask", *asked)["answer"]
    assert cli("correct_list", "correct", "list", "--video", SAMPLE.name) == {"corrections": []}


def test_what_is_corrected_while_an_ingest_runs_is_not_lost(cli, home) -> None:
    cli("ingest", "ingest", str(SAMPLE))
    made = []

    def correct(step) -> None:
        if step.stage == "extract" and not made:
            made.append(step)
            with VideoRAG(home=home) as other:
                other.corrections.name("Huntsville", "Hobbiton")

    with VideoRAG(home=home) as rag:
        report = rag.ingest(SAMPLE, stages=("extract",), on_step=correct)
    assert (report.status, report.warnings) == ("done", ())
    told = everything(cli)
    assert any("Hobbiton" in names for _, _, names in told)
    assert not any("Huntsville" in said + shown for said, shown, _ in told)
    (kept,) = cli("correct_list", "correct", "list")["corrections"]
    cli("correct", "correct", "undo", kept["correction_id"])
    assert any("Huntsville" in names for _, _, names in everything(cli))


def test_what_is_not_there_is_told(cli) -> None:
    fault = cli("error", "correct", "name", "Nobody Ever", "X", code=1)["error"]
    assert fault["code"] == "correction"
    assert fault["hint"]
    fault = cli("error", "correct", "line", SAMPLE.name, "X", "--at", "59:59", code=1)["error"]
    assert "no lines are said at 00:59:59" in fault["message"]
