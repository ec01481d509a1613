"""`eval` over two samples by the command line; what comes out is computed by hand."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).parents[2]
SAMPLES = [ROOT / "samples" / name for name in ("apollo_computer.mp4", "skylab.mp4")]
SCHEMAS = ROOT / "docs" / "json"
pytestmark = pytest.mark.timeout(900)

# With --top-k 1 one segment counts, and it cannot lie in two videos: the second question is
# covered by half at most. The third is told a moment that does not answer it.
QUESTIONS = """
[[questions]]
id = "commander"
kind = "spoken"
set = "tune"
question = "Who was the commander of the third crew?"
answers = ["Gerald Carr|Jerry Carr"]
[[questions.moments]]
video = "skylab.mp4"
says = "commander of the third crew"

[[questions]]
id = "founder"
kind = "multi_hop"
set = "test"
question = "Who founded the MIT Instrumentation Laboratory?"
answers = ["Charles Draper", "Vienna"]
[[questions.moments]]
video = "apollo_computer.mp4"
start = "00:00:06.700"
end = "00:00:10.753"
[[questions.moments]]
video = "skylab.mp4"
start = "00:00:09.700"
end = "00:00:14.740"

[[questions]]
id = "fall"
kind = "spoken"
set = "test"
question = "Where did pieces of Skylab fall?"
answers = ["Australia"]
[[questions.moments]]
video = "apollo_computer.mp4"
start = "34.4"
end = "37.5"

[[questions]]
id = "painter"
kind = "unanswerable"
set = "test"
question = "Who painted the ceiling of the opera?"
"""


@pytest.fixture(scope="module")
def cli(home, client, empty):
    empty(client)

    def run(*arguments, code=0):
        done = subprocess.run(
            [sys.executable, "-m", "kg_videorag", *map(str, arguments)],
            env={**os.environ, "KGV_HOME": str(home)},
            capture_output=True,
            text=True,
            timeout=840,
            check=False,
        )
        assert done.returncode == code, (done.stdout, done.stderr)
        return done

    run("ingest", *SAMPLES)
    return run


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "questions.toml"
    path.write_text(QUESTIONS, encoding="utf-8")
    return path


def told(done, schema):
    document = json.loads(done.stdout)
    jsonschema.validate(document, json.loads((SCHEMAS / f"{schema}.json").read_text("utf-8")))
    return document


def test_metrics_are_those_computed_by_hand(cli, file):
    document = told(cli("eval", file, "--top-k", 1, "--json"), "eval")
    assert (document["file"], document["top_k"], document["failures"]) == (str(file), 1, [])
    commander, founder, fall, painter = document["questions"]
    assert (commander["recall"], commander["coverage"], commander["accurate"]) == (1, 1, True)
    assert commander["temporal_iou"] == 1  # `says` and the citation are the same sentence
    assert (founder["recall"], founder["coverage"], founder["accurate"]) == (1, 0.5, False)
    assert 0.5 < founder["temporal_iou"] < 1  # made 6.7 to 10.75, recognised nearly then
    assert (fall["recall"], fall["coverage"], fall["accurate"]) == (0, 0, True)
    assert (fall["temporal_iou"], fall["right_citations"]) == (0, 0)
    assert (painter["answered"], painter["recall"], painter["accurate"]) == (False, None, None)

    groups = {group["name"]: group for group in document["groups"]}
    assert list(groups) == ["all", "spoken", "multi_hop", "unanswerable", "tune", "test"]
    every = groups["all"]
    assert every["questions"] == 4
    assert every["recall"] == round(2 / 3, 4)
    assert every["coverage"] == 0.5  # (1 + 0.5 + 0) / 3
    assert every["accuracy"] == round(2 / 3, 4)
    assert (every["refusal"], every["false_refusal"]) == (1, 0)
    assert every["temporal_iou"] == pytest.approx((1 + founder["temporal_iou"]) / 3, abs=1e-4)
    cited = [commander["citations"], founder["citations"], fall["citations"]]
    assert all(cited)
    right = commander["right_citations"] + founder["right_citations"]
    assert every["citation_precision"] == round(right / sum(cited), 4)
    assert groups["test"]["coverage"] == 0.25
    assert groups["unanswerable"]["coverage"] is None


def test_a_build_is_held_to_limits(cli, file):
    held = ("--fail-under", "coverage=0.5", "--fail-under", "tune.recall=1")
    shown = cli("eval", "run", file, "--top-k", 1, *held, "--fail-over", "false_refusal=0")
    assert "multi_hop" in shown.stdout
    assert "founder: Who founded" in shown.stdout
    assert "commander: " not in shown.stdout
    missed = cli("eval", file, "--top-k", 1, "--fail-under", "coverage=0.6", "--json", code=1)
    failures = ["coverage of all is 0.500, under 0.6"]
    assert told(missed, "eval")["failures"] == failures
    assert f"failed: {failures[0]}" in missed.stderr
    assert (
        "no metric is named 'covrage'"
        in cli("eval", file, "--fail-under", "covrage=1", code=2).stderr
    )


def test_only_certain_videos_are_asked(cli, file):
    document = told(cli("eval", file, "--video", "apollo_computer.mp4", "--json"), "eval")
    assert document["questions"][0]["recall"] == 0  # it is told in the other one


@pytest.mark.parametrize(
    ("wrong", "right", "message"),
    [
        ('"commander of the third crew"', '"nobody"', "skylab.mp4 says 'nobody' never"),
        ('"skylab.mp4"', '"apollo.mp4"', "no video is named 'apollo.mp4'"),
        ('kind = "spoken"', 'kind = "Spoken"', "kind: string should match"),
    ],
)
def test_a_wrong_file_is_one_line(cli, file, wrong, right, message):
    file.write_text(QUESTIONS.replace(wrong, right, 1), encoding="utf-8")
    error = told(cli("eval", file, "--json", code=1), "error")["error"]
    assert error["code"] == "evaluation"
    assert message in error["message"]
    assert f"{file}, line 2, question 1 ('commander')" in error["message"]
    assert error["hint"]


def test_what_is_no_file(cli, tmp_path):
    assert "cannot be read" in cli("eval", tmp_path / "none.toml", code=1).stderr
    assert "eval questions.toml" in cli("eval", "--help").stdout
    assert "--fail-under" in cli("eval", "run", "--help").stdout
    assert "limit" in cli("eval", "x.toml", "--fail-under", "coverage", code=2).stderr
