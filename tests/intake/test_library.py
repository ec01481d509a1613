"""A library that takes folders, addresses and what arrives, by its commands and its class."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

import jsonschema
import pytest

from kg_videorag import VideoRAG
from kg_videorag.config import load_settings
from kg_videorag.errors import FetchError, MediaError
from kg_videorag.graph.server import ManagedServer

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMAS = Path(__file__).parents[2] / "docs" / "json"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, _own_settings: None) -> Iterator[Path]:
    """A library of its own: what other tests leave in theirs is in nobody's way."""
    folder = tmp_path_factory.mktemp("kgv-intake")
    yield folder
    ManagedServer(folder, load_settings().cache_dir).stop()


@pytest.fixture(scope="module")
def rag(home: Path) -> Iterator[VideoRAG]:
    with VideoRAG(home=home, download_private=True) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _emptied(rag: VideoRAG) -> None:
    for stored in rag.videos():
        rag.delete(stored.video.id)


def command(home: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "kg_videorag", *arguments, "--json"]


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "KGV_HOME": str(home), "KGV_DOWNLOAD_PRIVATE": "true"}


def run(home: Path, *arguments: str) -> tuple[int, dict, str]:
    """Exit code, document and what was said of a command."""
    done = subprocess.run(
        command(home, *arguments), env=environment(home), capture_output=True, text=True,
        timeout=240, check=False,
    )  # fmt: skip
    return done.returncode, json.loads(done.stdout), done.stderr


def valid(name: str, document: dict) -> dict:
    jsonschema.validate(document, json.loads((SCHEMAS / f"{name}.json").read_text("utf-8")))
    return document


def test_an_address_is_fetched_kept_and_removed_with_its_video(rag, home, web, silence, tmp_path):
    silence(tmp_path / "talk.wav", seconds=2)
    web.pages["/talk.wav"] = web.page((tmp_path / "talk.wav").read_bytes(), kind="audio/wav")
    stages = []
    report = rag.ingest(
        web.url("/talk.wav", "me:secret@127.0.0.1"), on_progress=lambda s, _: stages.append(s)
    )
    assert (report.path, report.title) == (web.url("/talk.wav"), "talk")
    assert next(iter(report.stages_s)) == stages[0] == "fetch"
    (stored,) = rag.videos()
    assert stored.source_url == web.url("/talk.wav")
    path = Path(stored.video.path)
    assert path.is_relative_to(home / "downloads")
    asked = len(web.asked)
    assert rag.ingest(web.url("/talk.wav")).status == "unchanged"
    assert len(web.asked) == asked
    _, shown, _ = run(home, "videos", "show", stored.video.id)
    assert valid("videos_show", shown)["video"]["source_url"] == web.url("/talk.wav")
    _, preview, _ = run(home, "videos", "delete", "talk", "--dry-run")
    assert valid("videos_delete", preview)["file"] == str(path)
    assert path.exists()
    _, deleted, _ = run(home, "videos", "delete", "talk")
    assert deleted["file"] == str(path)
    assert not path.parent.exists()


def test_a_file_of_ones_own_is_never_removed(rag, home, silence, tmp_path):
    silence(tmp_path / "mine.wav", seconds=1)
    rag.ingest(tmp_path / "mine.wav")
    _, deleted, _ = run(home, "videos", "delete", "mine")
    assert valid("videos_delete", deleted)["file"] is None
    assert (tmp_path / "mine.wav").exists()


def test_a_page_gives_its_title_and_address(rag, web, silence, tmp_path):
    silence(tmp_path / "x.wav", seconds=1)
    page = '<html><title>On radium</title><audio src="/x.wav" controls></audio></html>'
    web.pages["/talk"] = web.page(page.encode(), kind="text/html")
    web.pages["/x.wav"] = web.page((tmp_path / "x.wav").read_bytes(), kind="audio/wav")
    report = rag.ingest(web.url("/talk"))
    (stored,) = rag.videos()
    assert report.title == stored.video.title == "On radium"
    assert stored.source_url == web.url("/talk")


def test_what_cannot_be_fetched_or_read_is_an_error_like_others(rag, web, home):
    with pytest.raises(FetchError, match="404"):
        rag.ingest(web.url("/gone.mp4"))
    web.pages["/not.mp4"] = web.page(b"not a film" * 99)
    with pytest.raises(MediaError):
        rag.ingest(web.url("/not.mp4"))
    (report,) = rag.ingest_many([web.url("/not.mp4")])
    assert report.error is not None
    assert (report.path, report.error.code) == (web.url("/not.mp4"), "media")
    assert len(web.ranges("/not.mp4")) == 2  # it is not kept, and so asked for again
    assert not list((home / "downloads").glob("*/*"))


def test_every_input_has_its_entry_in_order(home, web, silence, tmp_path):
    folder, empty = tmp_path / "in", tmp_path / "empty"
    (folder / "deep").mkdir(parents=True)
    empty.mkdir()
    for seconds, name in enumerate(("part 10.wav", "part 2.wav", "deep/a.wav"), start=1):
        silence(folder / name, seconds=seconds)
    gone = web.url("/gone.mp4", "me:secret@127.0.0.1")
    code, document, said = run(
        home, "ingest", str(empty), str(folder), gone, str(folder / "*.wav"), "file:///etc/hosts"
    )
    entries = valid("ingest", document)["videos"]
    assert code == 1
    assert [(entry["path"], (entry["error"] or {}).get("code")) for entry in entries] == [
        (str(empty), "media"),
        (str(folder / "deep/a.wav"), None),
        (str(folder / "part 2.wav"), None),
        (str(folder / "part 10.wav"), None),
        (web.url("/gone.mp4"), "fetch"),
        ("file:///etc/hosts", "fetch"),
    ]
    assert set(entries[4]["stages"]) == {"fetch"}
    assert "secret" not in said + json.dumps(document)


class Watcher:
    """`ingest --watch` as a program of its own."""

    def __init__(self, home: Path, folder: Path) -> None:
        self.process = subprocess.Popen(
            command(home, "ingest", "--watch", str(folder)), env=environment(home),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def until(self, words: str) -> None:
        """Read what it says up to a line with these words."""
        stream: IO[str] | None = self.process.stderr
        assert stream is not None
        assert any(words in line for line in stream), f"it never said {words!r}"

    def end(self, how: signal.Signals) -> tuple[int, dict, str]:
        self.process.send_signal(how)
        output, said = self.process.communicate(timeout=120)
        return self.process.returncode, json.loads(output), said


def test_what_arrives_is_ingested_until_ctrl_c(rag, home, silence, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    silence(folder / "first.wav", seconds=1)
    watcher = Watcher(home, folder)
    watcher.until("first.wav: done")
    silence(folder / "second.wav", seconds=2)
    watcher.until("second.wav: done")
    (folder / "first.wav").unlink()
    (folder / "second.wav").rename(folder / "moved.wav")
    watcher.until("moved.wav: unchanged")
    code, document, said = watcher.end(signal.SIGINT)
    assert code == 0
    assert [Path(entry["path"]).name for entry in valid("ingest", document)["videos"]] == [
        "first.wav", "second.wav", "moved.wav",
    ]  # fmt: skip
    assert "watched: 2 done, 1 unchanged" in said
    assert {Path(stored.video.path).name for stored in rag.videos()} == {"first.wav", "moved.wav"}


def test_a_file_that_fails_is_told_once_and_others_go_on(home, silence, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.mp4").write_bytes(b"not a film")
    watcher = Watcher(home, folder)
    watcher.until("a.mp4: failed")
    silence(folder / "b.wav", seconds=1)
    watcher.until("b.wav: done")
    code, document, said = watcher.end(signal.SIGTERM)
    assert code == 1
    assert [entry["status"] for entry in document["videos"]] == ["failed", "done"]
    assert "watched: 1 failed, 1 done" in said


def test_only_folders_can_be_watched(home, tmp_path):
    done = subprocess.run(
        command(home, "ingest", "--watch", str(tmp_path / "a.mp4")), env=environment(home),
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "takes folders" in done.stderr.replace("\n", " ")
