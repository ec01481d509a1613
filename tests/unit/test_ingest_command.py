"""`ingest` as it is called: what is wrong usage, and what is said before anything is begun."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from kg_videorag.cli import app


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.setenv("KGV_HOME", str(tmp_path / "home"))
    return lambda *arguments: CliRunner().invoke(app, ["ingest", *arguments])


@pytest.mark.parametrize("given", ["speach", "speech,speach", "embed, ,speach"])
def test_an_unknown_stage_is_wrong_usage_and_the_known_are_listed(run, given, tmp_path) -> None:
    done = run("film.mp4", "--stages", given)
    assert done.exit_code == 2
    said = " ".join(done.stderr.replace("│", " ").split())
    assert "no stage is named 'speach'" in said
    assert "read, decode, speech, screen, vectors, frames, labels, sidecars, segment" in said
    assert not (tmp_path / "home").exists()


def test_an_unknown_way_of_showing_progress_is_wrong_usage(run) -> None:
    done = run("film.mp4", "--progress", "fancy")
    assert done.exit_code == 2
    assert "auto, bars, json, none" in " ".join(done.stderr.replace("│", " ").split())


def test_what_is_to_be_watched_cannot_be_planned(run, tmp_path) -> None:
    assert run(str(tmp_path), "--watch", "--dry-run").exit_code == 2


def test_a_plan_of_what_cannot_be_read_fails_and_leaves_nothing(run, tmp_path) -> None:
    done = run("nothing.mp4", "--dry-run")
    assert done.exit_code == 1
    assert "would fail" in done.stdout
    assert not (tmp_path / "home").exists()
