"""How far an ingest has come: what people and programs are told."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from kg_videorag.cli.progress import JsonLines, Nothing, StageBars, view
from kg_videorag.ingest.clock import Step
from kg_videorag.model import Failure, IngestReport, VideoStatus

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs" / "json" / "ingest_progress.json").read_text("utf-8")
)


def lines(capsys) -> list[dict]:
    out, err = capsys.readouterr()
    assert out == ""
    told = [json.loads(line) for line in err.splitlines()]
    for line in told:
        jsonschema.validate(line, SCHEMA)
    return told


@pytest.fixture
def now(monkeypatch) -> list[float]:
    at = [100.0]
    monkeypatch.setattr("kg_videorag.cli.progress.time.monotonic", lambda: at[0])
    return at


@pytest.mark.parametrize(
    ("step", "speed", "remaining_s"),
    [
        (Step("speech", 0.25, 10.0, 60_000), 1.5, 30.0),
        (Step("speech", 1.0, 10.0, 60_000), 6.0, 0.0),
        (Step("speech", 0.25, 0.1, 60_000), None, None),  # too soon to tell
        (Step("speech", 0.0, 9.0, 60_000), None, None),
        (Step("read", 0.5, 9.0, 0), None, 9.0),  # how long the video is, is not known yet
    ],
)
def test_speed_and_remaining_time(step, speed, remaining_s) -> None:
    assert (step.speed, step.remaining_s) == (speed, remaining_s)


def test_a_program_is_told_of_each_stage_twice_a_second_and_of_its_end(capsys, now) -> None:
    shown = JsonLines()
    shown.begin("a “film”.mp4")
    for number in range(9):
        shown.step(Step("speech", number / 8, 1.0 + number / 8, 60_000))
        shown.step(Step("screen", number / 16, 1.0, 60_000))
        now[0] += 0.125
    for _ in range(2):  # its end is told at once, and once
        shown.step(Step("screen", 1.0, 2.0, 60_000))
    told = lines(capsys)
    assert {line["path"] for line in told} == {"a “film”.mp4"}
    shares = {s: [x["share"] for x in told if x["stage"] == s] for s in ("speech", "screen")}
    assert shares == {"speech": [0.0, 0.5, 1.0], "screen": [0.0, 0.25, 0.5, 1.0]}
    assert (told[-1]["speed"], told[-1]["remaining_s"]) == (30.0, 0.0)


def test_a_program_is_told_what_became_of_a_file(capsys, now) -> None:
    shown = JsonLines()
    with shown:
        shown.begin("film.mp4")
        shown.end(IngestReport("film.mp4", VideoStatus.DONE))
        shown.begin("none.mp4")
        failure = Failure("media", "none.mp4: it is missing", "Look for it.")
        shown.end(IngestReport("none.mp4", VideoStatus.FAILED, error=failure))
        shown.begin("third.mp4")  # and then it is interrupted
    assert lines(capsys) == [
        {"path": "film.mp4", "status": "done", "error": None},
        {
            "path": "none.mp4",
            "status": "failed",
            "error": {
                "code": "media", "message": "none.mp4: it is missing", "hint": "Look for it.",
            },
        },
    ]  # fmt: skip


def test_bars_are_for_terminals_alone(monkeypatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: False, raising=False)
    assert type(view("auto")) is Nothing
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    assert type(view("auto")) is StageBars
    assert type(view("none")) is Nothing
    assert type(view("json")) is JsonLines


def test_a_bar_shows_speed_and_remaining_time(capsys) -> None:
    with StageBars() as shown:
        shown.begin("film\x1b[2J.mp4")
        shown.step(Step("speech", 0.5, 30.0, 600_000))
        shown.step(Step("screen", 1.0, 75.0, 600_000))
        shown.end()
    _, err = capsys.readouterr()
    assert "\x1b[2J" not in err
    assert "film[2J.mp4" in err
    speech, screen = (
        next(line for line in err.splitlines() if stage in line) for stage in ("speech", "screen")
    )
    assert speech.split()[-3:] == ["50%", "10.0x", "0:30"]
    assert screen.split()[-3:] == ["100%", "8.0x", "1:15"]
