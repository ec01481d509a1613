"""Stages that can be resumed: what is kept is used, and what is not is done again."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av
import jsonschema
import pytest

from kg_videorag import VideoRAG
from kg_videorag.config import load_settings
from kg_videorag.documents import plan_document
from kg_videorag.engines.faster_whisper import FasterWhisperTranscriber
from kg_videorag.engines.minilm import MiniLMEmbedder
from kg_videorag.engines.rapidocr import RapidOcrReader
from kg_videorag.engines.spacy import SpacyExtractor
from kg_videorag.graph.server import ManagedServer
from kg_videorag.ingest.media import MediaReader

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
WORK = {
    "decode": (MediaReader, "decoded"),
    "speech": (FasterWhisperTranscriber, "transcribe"),
    "screen": (RapidOcrReader, "read"),
    "extract": (SpacyExtractor, "extract"),
    "embed": (MiniLMEmbedder, "embed"),
}
ALL = ["read", "speech", "screen", "segment", "extract", "embed", "write", "index"]
# Kills itself once a result, or a piece of one, is kept: no handler runs, as in a power cut.
KILLED = """
import os, signal, sys
from kg_videorag.ingest.kept.store import StageStore
from kg_videorag.__main__ import main
put = StageStore.put
def killed(store, key, value, codec, part=""):
    put(store, key, value, codec, part)
    if (key.stage, bool(part)) == ({stage!r}, {piece}):
        os.kill(os.getpid(), signal.SIGKILL)
StageStore.put = killed
sys.argv = ["kg-videorag", "ingest", {path!r}]
main()
"""
POINTS = [
    ("screen", True), ("speech", True), ("decode", False), ("speech", False), ("screen", False),
    ("segment", False), ("extract", False), ("embed", False),
]  # fmt: skip
GRAPH = """
CALL () {
  MATCH (n) WHERE NOT n:Library AND NOT n:Migration AND NOT n:Counter AND NOT n:RemovedEmbedding
  RETURN labels(n) AS kind, n {.*, seq: null, vector: null} AS told
  UNION ALL
  MATCH (a)-[r]->(b)
  RETURN [type(r)] AS kind, r {.*, from: a.id, to: b.id} AS told
}
RETURN kind, told
"""


@pytest.fixture(scope="module")
def clip(tmp_path_factory) -> Path:
    """The beginning of a sample: seconds suffice where stages are counted."""
    path = tmp_path_factory.mktemp("film") / "clip.mp4"
    with (
        av.open(str(ROOT / "samples" / "apollo_people.mp4")) as whole,
        av.open(str(path), "w") as made,
    ):
        streams = {
            s.index: made.add_stream_from_template(s) for s in whole.streams if s.type != "data"
        }
        for packet in whole.demux():
            if packet.dts is not None and packet.pts * packet.time_base < 12:
                packet.stream = streams[packet.stream.index]
                made.mux(packet)
    return path


@pytest.fixture
def library(home, client, empty, tmp_path) -> dict[str, Any]:
    """Settings of a data directory of its own, in the run's Neo4j, which is empty."""
    empty(client)
    endpoint = ManagedServer(home, load_settings().cache_dir).ensure()
    return {
        "home": tmp_path / "home",
        "neo4j_uri": endpoint.bolt_uri,
        "neo4j_password": endpoint.password,
    }


def ingest(clip: Path, library: dict[str, Any], stages=(), **settings: Any):
    with VideoRAG(**library, **settings) as rag:
        return rag.ingest(clip, stages=stages)


@pytest.fixture
def counted(monkeypatch) -> Callable[[], set[str]]:
    """Which of the costly stages were at work since it was asked last."""
    worked: set[str] = set()

    def count(stage: str, owner: type, method: str) -> None:
        original = getattr(owner, method)

        def counting(*arguments, **keywords):
            worked.add(stage)
            return original(*arguments, **keywords)

        monkeypatch.setattr(owner, method, counting)

    for stage, (owner, method) in WORK.items():
        count(stage, owner, method)

    def asked() -> set[str]:
        found = set(worked)
        worked.clear()
        return found

    return asked


def command(library: dict[str, Any], *arguments: str, **settings: str) -> list[Any]:
    env = {**os.environ, **settings}
    env |= {f"KGV_{name.upper()}": str(value) for name, value in library.items()}
    return [[sys.executable, "-m", "kg_videorag", *arguments], env]


def run(library: dict[str, Any], *arguments: str, code: int = 0, **settings: str) -> Any:
    words, env = command(library, *arguments, **settings)
    done = subprocess.run(words, env=env, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == code, (done.stdout, done.stderr)
    return json.loads(done.stdout)


def validated(document: Any, schema: str) -> Any:
    path = ROOT / "docs" / "json" / f"{schema}.json"
    jsonschema.validate(document, json.loads(path.read_text(encoding="utf-8")))
    return document


def graph_of(client, statement) -> list[str]:
    """All that the graph holds, but for the order in which it came."""
    rows = client.read(statement(GRAPH))
    return sorted(json.dumps(row, sort_keys=True, default=str) for row in rows)


def test_another_engine_reruns_what_depends_on_it_alone(clip, library, counted) -> None:
    first = ingest(clip, library)
    assert counted() == {"decode", "speech", "screen", "extract", "embed"}
    assert list(first.stages_s) == ALL
    longer = {"segment_min_s": 5, "segment_max_s": 40}
    second = ingest(clip, library, **longer)
    assert counted() == {"extract", "embed"}
    assert second.status == "done"
    assert list(second.stages_s) == ALL  # those of which the result was kept took no time
    assert second.stages_s["speech"] + second.stages_s["screen"] < 0.5
    ingest(clip, library)
    assert counted() == set()  # what the first made is still kept
    ingest(clip, library, text_reader="none")
    assert counted() == {"decode", "extract", "embed"}  # shots are seen without a reader too
    assert ingest(clip, library, text_reader="none").status == "unchanged"
    assert counted() == set()


def test_chosen_stages_are_done_again_and_what_is_made_from_them(clip, library, counted) -> None:
    first = ingest(clip, library, text_reader="none")
    counted()
    for chosen, worked in (
        (["embed"], {"embed"}),
        (["extract"], {"extract"}),
        (["segment"], {"extract", "embed"}),
        (["speech"], {"decode", "speech", "extract", "embed"}),
    ):
        report = ingest(clip, library, stages=chosen, text_reader="none")
        assert counted() == worked
        assert (report.status, report.entities) == ("done", first.entities)
    with VideoRAG(**library, text_reader="none") as rag:
        rag.ingest(clip, force=True)
    assert counted() == {"decode", "speech", "extract", "embed"}


def test_killed_in_each_stage_and_run_again(clip, library, client, statement, empty) -> None:
    """One ingest that is killed eight times over, and one that is not, leave the same graph."""
    run(library, "ingest", str(clip), "--json")
    expected = graph_of(client, statement)
    assert len(expected) > 20
    empty(client)
    killed_home = library | {"home": library["home"].parent / "killed"}
    _, env = command(killed_home)
    for stage, piece in POINTS:
        program = KILLED.format(stage=stage, piece=piece, path=str(clip))
        killed = subprocess.run(
            [sys.executable, "-c", program], env=env, capture_output=True, text=True,
            timeout=240, check=False,
        )  # fmt: skip
        assert killed.returncode == -signal.SIGKILL, (stage, piece, killed.stderr)
        assert graph_of(client, statement) == []
    (video,) = run(killed_home, "ingest", str(clip), "--json")["videos"]
    assert video["status"] == "done"
    assert sum(video["stages"][stage] for stage in ("speech", "screen", "extract", "embed")) < 0.5
    assert graph_of(client, statement) == expected


def test_interrupted_it_says_what_was_not_done_and_goes_on_next_time(
    library, client, statement
) -> None:
    film = str(ROOT / "samples" / "apollo_flight.mp4")  # the clip is done before one can interrupt
    arguments = ("ingest", film, film, "--progress", "json", "--json")
    words, env = command(library, *arguments)
    process = subprocess.Popen(
        words, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    for line in process.stderr:
        told = json.loads(line) if line.startswith("{") else {}
        if told:
            validated(told, "ingest_progress")
        if told.get("stage") == "screen" and told["share"] > 0:
            break
    process.send_signal(signal.SIGINT)
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 1
    first, second = validated(json.loads(output), "ingest")["videos"]
    assert [video["error"]["code"] for video in (first, second)] == ["interrupted"] * 2
    assert "interrupted" in first["error"]["message"]
    assert "not begun" in second["error"]["message"]
    assert graph_of(client, statement) == []
    assert list((library["home"] / "stages").glob("*.sqlite"))
    (video,) = run(library, "ingest", film, "--json")["videos"]
    assert video["status"] == "done"


def test_a_plan_says_what_would_be_done_and_why(clip, library, tmp_path) -> None:
    here = {"home": tmp_path / "nothing here"}
    (plan,) = validated(run(here, "ingest", str(clip), "--dry-run", "--json"), "ingest_dry_run")[
        "videos"
    ]
    assert (plan["action"], plan["library_asked"]) == ("ingest", False)
    assert {s["stage"]: s["why"] for s in plan["stages"] if s["runs"]} == {
        **dict.fromkeys(("decode", "speech", "screen", "segment", "extract", "embed"), "new"),
        **dict.fromkeys(("read", "write", "index"), "always"),
    }
    assert plan["estimated_s"] > 1
    assert all(size > 0 for size in plan["estimated_bytes"].values())
    assert not here["home"].exists()  # so nothing was written, and no Neo4j was started

    ingest(clip, library)
    before = {p: p.stat().st_mtime_ns for p in library["home"].rglob("*")}
    held = planned(clip, library)
    assert (held["action"], held["library_asked"], held["stages"]) == ("nothing", True, [])
    assert held["estimated_bytes"] is None
    longer = planned(clip, library, segment_max_s=40)
    why = {stage["stage"]: stage["why"] for stage in longer["stages"]}
    assert longer["action"] == "ingest"
    assert why["speech"] == why["screen"] == "kept"
    assert "10000-30000, not sentence/2/10000-40000" in why["segment"]
    assert why["extract"] == why["embed"] == "made from segment"
    chosen = planned(clip, library, stages=["embed"])
    runs = {stage["stage"]: stage["why"] for stage in chosen["stages"] if stage["runs"]}
    assert runs == {
        "read": "always",
        "embed": "asked for",
        "write": "asked for",
        "index": "asked for",
    }
    assert {p: p.stat().st_mtime_ns for p in library["home"].rglob("*")} == before


def planned(clip: Path, library: dict[str, Any], stages=(), **settings: Any) -> dict[str, Any]:
    with VideoRAG(**library, **settings) as rag:
        document = plan_document(rag.plan([clip], stages=stages))
    (plan,) = validated(document, "ingest_dry_run")["videos"]
    return plan


def test_a_damaged_store_costs_a_line_and_the_work_again(clip, library, counted, caplog) -> None:
    first = ingest(clip, library, text_reader="none")
    counted()
    (path,) = (library["home"] / "stages").glob("*.sqlite")
    path.write_bytes(b"This is no database" * 400)
    second = ingest(clip, library, stages=["embed"], text_reader="none")
    assert (second.status, second.entities) == ("done", first.entities)
    assert counted() == {"decode", "speech", "extract", "embed"}
    (told,) = [r for r in caplog.records if r.levelno >= logging.WARNING]
    assert "what was kept is not used" in told.getMessage()
    ingest(clip, library, stages=["embed"], text_reader="none")
    assert counted() == {"embed"}


def test_where_nothing_can_be_kept_the_ingest_goes_on(clip, library, caplog) -> None:
    library["home"].mkdir()
    (library["home"] / "stages").write_text("a file stands in its place")
    assert ingest(clip, library, text_reader="none").status == "done"
    (told,) = [r for r in caplog.records if r.levelno >= logging.WARNING]
    assert "nothing more is kept" in told.getMessage()


def test_what_is_kept_goes_with_its_video(clip, library) -> None:
    with VideoRAG(**library, text_reader="none") as rag:
        report = rag.ingest(clip)
        folder = library["home"] / "stages"
        assert [path.stem for path in folder.glob("*.sqlite")] == [report.video_id]
        rag.delete(str(report.video_id), dry_run=True)
        assert list(folder.glob("*.sqlite*"))
        rag.delete(str(report.video_id))
        assert not list(folder.glob("*.sqlite*"))
