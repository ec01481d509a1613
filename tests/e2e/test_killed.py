"""`kill -9` while it works: nothing is lost, nothing is doubled."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SAMPLE = Path(__file__).parents[2] / "samples" / "apollo_people.mp4"
# Runs an ingest and kills itself at a chosen point, as a power cut would: no handler runs.
KILLED = """
import os, signal, sys
import {module} as module
original = module.{function}
calls = 0
def killed(*arguments, **keywords):
    global calls
    calls += 1
    if calls < {call}:
        return original(*arguments, **keywords)
    if {after}:
        original(*arguments, **keywords)
    os.kill(os.getpid(), signal.SIGKILL)
module.{function} = killed
from kg_videorag.__main__ import main
sys.argv = ["kg-videorag", "ingest", {path!r}]
main()
"""
POINTS = {
    "before the vectors are written": ("kg_videorag.graph.write", "write_embeddings", False, 1),
    "after the last statement, before the commit": (
        "kg_videorag.graph.write", "write_embeddings", True, 1,
    ),
    "with the index written to a temporary file": (
        "kg_videorag.vectors.manifest", "_sha256_synced", True, 1,
    ),
    "with the index in place, its manifest not": (
        "kg_videorag.vectors.manifest", "_sha256_synced", False, 2,
    ),
    "before former index files are dropped": (
        "kg_videorag.vectors.manifest", "_drop_others", False, 1,
    ),
}  # fmt: skip


def run(home: Path, *arguments: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "kg_videorag", *arguments, "--json"],
        env={**os.environ, "KGV_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, (done.stdout, done.stderr)
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def expected(home: Path, client) -> dict:
    """What an ingest that nobody disturbs leaves."""
    wipe(home, client)
    run(home, "ingest", str(SAMPLE))
    return run(home, "graph", "summary")


def wipe(home: Path, client) -> None:
    for video in run(home, "videos", "list")["videos"]:
        run(home, "videos", "delete", video["video_id"])


@pytest.mark.parametrize("point", POINTS)
def test_killed_and_run_again(home: Path, client, expected, point) -> None:
    wipe(home, client)
    module, function, after, call = POINTS[point]
    program = KILLED.format(
        module=module, function=function, after=after, call=call, path=str(SAMPLE)
    )
    killed = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "KGV_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    between = run(home, "graph", "summary")
    assert between["videos"] in (0, 1)
    # Whole or nothing, but for SAME_AS: names are joined after the write, by the next command.
    whole = {**expected, "variants": between["variants"]}
    assert between == whole or between["segments"] == between["embeddings"] == 0
    run(home, "ingest", str(SAMPLE))
    assert run(home, "graph", "summary") == expected
    answer = run(home, "ask", "Where did Margaret Hamilton work?")
    assert "Cambridge" in answer["citations"][0]["quote"]
    assert run(home, "index", "verify")["ok"] is True
    leftovers = [path.name for path in (home / "index").rglob("*.tmp")]
    assert leftovers == [] or point.startswith(("before the vectors", "after the last"))


def test_killed_while_it_listens(home: Path, client, expected) -> None:
    wipe(home, client)
    process = subprocess.Popen(
        [sys.executable, "-m", "kg_videorag", "ingest", str(SAMPLE)],
        env={**os.environ, "KGV_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(2.5)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    run(home, "ingest", str(SAMPLE))
    assert run(home, "graph", "summary") == expected


def test_two_commands_ingest_the_same_file_at_once(home: Path, client, expected) -> None:
    wipe(home, client)
    commands = [
        subprocess.Popen(
            [sys.executable, "-m", "kg_videorag", "ingest",
             str(SAMPLE), "--json"],
            env={**os.environ, "KGV_HOME": str(home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(2)
    ]  # fmt: skip
    for command in commands:
        command.communicate(timeout=240)
        assert command.returncode == 0
    assert run(home, "graph", "summary") == expected
    assert run(home, "index", "verify")["ok"] is True


@pytest.mark.parametrize("stage", ["", "embed"])
def test_the_server_is_killed_under_an_ingest(
    tmp_path: Path, stage: str, silence, caplog: pytest.LogCaptureFixture
) -> None:
    """Between connecting and the first file, or in it: the server is started again."""
    from kg_videorag import VideoRAG

    caplog.set_level(logging.CRITICAL, "neo4j")  # as commands do: the driver tells of the kill
    home, path = tmp_path / "home", tmp_path / "sound.wav"
    silence(path, seconds=2)
    killed = False

    def kill_at(reached: str, _share: float) -> None:
        nonlocal killed
        if reached == stage and not killed:
            os.kill(run(home, "db", "status")["pid"], signal.SIGKILL)
            killed = True

    with VideoRAG(home=home) as rag:
        rag.connect()
        kill_at("", 0.0)
        try:
            (report,) = rag.ingest_many([path], on_progress=kill_at)
            assert killed
            assert report.status == "done"
            assert rag.summary().videos == 1
        finally:
            run(home, "db", "stop")


def test_an_interrupted_batch_still_reports_every_input(home: Path, client, expected) -> None:
    ingest = subprocess.Popen(
        [sys.executable, "-m", "kg_videorag", "ingest", str(SAMPLE), str(SAMPLE), "--force",
         "--json"],
        env={**os.environ, "KGV_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert ingest.stderr is not None
    for line in ingest.stderr:  # the bars are drawn when the first file is done
        if ": done: " in line:
            break
    ingest.send_signal(signal.SIGINT)
    output, _ = ingest.communicate(timeout=120)
    assert ingest.returncode == 1
    first, second = json.loads(output)["videos"]
    assert first["status"] == "done"
    assert (second["status"], second["error"]["code"]) == ("failed", "interrupted")
