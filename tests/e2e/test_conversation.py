"""Conversations and overviews of the sample videos, by the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
NAMES = ("apollo_people.mp4", "apollo_flight.mp4")
TRUTH = {
    made["file"]: made
    for made in json.loads((ROOT / "samples" / "truth.json").read_text("utf-8"))["videos"]
}
NEAR_MS = 5_000  # of a slide's change
pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def run(home: Path, client, empty) -> Callable[..., Any]:
    empty(client)
    env = {**os.environ, "KGV_HOME": str(home)}

    def run(*arguments: str, schema: str = "", code: int = 0) -> Any:
        json_flag = ["--json"] if schema else []
        done = subprocess.run(
            [sys.executable, "-m", "kg_videorag", *arguments, *json_flag],
            env=env, capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip
        assert done.returncode == code, (done.stdout, done.stderr)
        if not schema:
            return done
        document = json.loads(done.stdout)
        text = (ROOT / "docs" / "json" / f"{schema}.json").read_text(encoding="utf-8")
        jsonschema.validate(document, json.loads(text))
        return document

    run("ingest", *(str(ROOT / "samples" / name) for name in NAMES))
    return run


def test_a_conversation(run) -> None:
    def ask(question):
        return run("ask", question, "--session", "apollo", schema="ask")

    first = ask("Where was Neil Armstrong born?")
    assert first["understood_as"] == first["question"]
    then = ask("and where did he study?")
    assert (then["question"], then["understood_as"]) == (
        "and where did he study?", "Where did Neil Armstrong study?",
    )  # fmt: skip
    assert "Purdue" in then["answer"]
    after = ask("what comes right after that?")
    assert {c["video"] for c in after["citations"]} == {"apollo_people.mp4"}
    assert "X-15" in after["answer"]
    ask("Who was the flight director of the landing?")
    told = run("ask", "and in the other video?", "--session", "apollo")
    assert "(Who was the flight director of the landing?)" in told.stdout

    assert "understood_as" not in run("ask", "Where was Neil Armstrong born?", schema="ask")
    listed = run("sessions", "list", schema="sessions_list")
    assert [(s["name"], s["turns"]) for s in listed["sessions"]] == [("apollo", 5)]
    shown = run("sessions", "show", "apollo", schema="sessions_show")
    assert shown["turns"][1]["understood_as"] == "Where did Neil Armstrong study?"
    assert "> and where did he study?" in run("sessions", "show", "apollo").stdout
    assert run("sessions", "delete", "apollo", schema="sessions_delete")["turns"] == 5
    assert run("sessions", "list", schema="sessions_list") == {"sessions": []}
    run("sessions", "show", "apollo", schema="error", code=1)
    run("ask", "x", "--session", "../etc", schema="error", code=1)


@pytest.mark.parametrize("name", NAMES)
def test_chapters_begin_where_slides_change(run, name) -> None:
    found = run("videos", "chapters", name, schema="videos_chapters")
    chapters = found["chapters"]
    assert 2 <= len(chapters) <= 5
    assert (chapters[0]["start_ms"], chapters[-1]["end_ms"]) == (0, found["duration_ms"])
    assert all(a["end_ms"] == b["start_ms"] for a, b in pairwise(chapters))
    slides = [slide["start_ms"] for slide in TRUTH[name]["slides"]]
    for chapter in chapters[1:]:
        assert min(abs(chapter["start_ms"] - at) for at in slides) <= NEAR_MS
    titles = {slide["title"] for slide in TRUTH[name]["slides"]}
    assert {c["title"] for c in chapters if c["titled_by"] == "heading"} & titles


def test_chapters_for_other_programs(run, tmp_path) -> None:
    text = run("videos", "chapters", "apollo_people.mp4").stdout
    assert text.startswith("00:00 ")
    vtt = run("videos", "chapters", "apollo_people.mp4", "--format", "vtt").stdout
    assert vtt.startswith("WEBVTT\n\n1\n00:00:00.000 --> ")
    meta = run("videos", "chapters", "apollo_people.mp4", "--format", "ffmetadata").stdout
    assert meta.startswith(";FFMETADATA1\ntitle=The People of Apollo\n[CHAPTER]\n")
    assert meta.count("[CHAPTER]") == len(text.splitlines())
    run("videos", "chapters", "apollo_people.mp4", "--format", "srt", code=2)


@pytest.mark.parametrize("name", NAMES)
def test_a_summary_quotes_all_of_the_course(run, name) -> None:
    found = run("videos", "summary", name, schema="videos_summary")
    third_ms = found["duration_ms"] / 3
    assert len({int(c["start_ms"] // third_ms) for c in found["citations"]}) >= 2
    assert all(c["quote"] in found["summary"] for c in found["citations"])
    assert found["entities"][0]["mentions"] > 1
    assert found["relations"]
    assert "Spoken of:" in run("videos", "summary", name).stdout


def test_a_timeline_across_videos(run) -> None:
    found = run("graph", "timeline", "Neil Armstrong", schema="graph_timeline")
    assert found["videos"] == 2
    order = [(s["title"], s["start_ms"]) for s in found["stretches"]]
    assert order == sorted(order)
    texts = {said["text"] for stretch in found["stretches"] for said in stretch["said"]}
    assert "Neil Armstrong was born in Ohio." in texts
    one = run(
        "graph", "timeline", "Neil Armstrong", "--video", "apollo_flight.mp4", "--limit", "1",
        schema="graph_timeline",
    )  # fmt: skip
    assert (one["videos"], len(one["stretches"]), one["cut"]) == (1, 1, True)
    unknown = run("graph", "timeline", "Neil Armstrongs", schema="error", code=1)
    assert "Neil Armstrong" in unknown["error"]["hint"]
