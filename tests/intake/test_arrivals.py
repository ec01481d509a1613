"""Folders that are watched: what arrives is told of once, when it is whole."""

from __future__ import annotations

import queue
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from kg_videorag.errors import MediaError
from kg_videorag.intake.watch import Arrivals

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SETTLED_S = 0.4
QUIET_S = 1.5  # long enough for something that should not be told to be told


class Told:
    """What a watcher tells, as it comes."""

    def __init__(self) -> None:
        self.names: queue.Queue[str] = queue.Queue()

    def next(self, *, within_s: float = 15) -> str:
        return self.names.get(timeout=within_s)

    def nothing(self) -> bool:
        with pytest.raises(queue.Empty):
            self.next(within_s=QUIET_S)
        return True


@contextmanager
def watching(*folders: Path) -> Iterator[Told]:
    told, stop = Told(), threading.Event()

    def watch() -> None:
        for path in Arrivals(folders, settled_s=SETTLED_S, stop=stop):
            told.names.put(path.name)

    thread = threading.Thread(target=watch)
    thread.start()
    yield told
    stop.set()
    thread.join(timeout=20)
    assert not thread.is_alive()


def test_what_is_there_comes_first_then_what_arrives(tmp_path):
    (tmp_path / "part 10.mp4").write_bytes(b"film")
    (tmp_path / "part 2.mp4").write_bytes(b"film")
    with watching(tmp_path) as told:
        assert [told.next(), told.next()] == ["part 2.mp4", "part 10.mp4"]
        (tmp_path / "new.mkv").write_bytes(b"film")
        assert told.next() == "new.mkv"
        below = tmp_path / "later" / "deep"
        below.mkdir(parents=True)
        (below / "x.mp3").write_bytes(b"song")
        assert told.next() == "x.mp3"
        assert told.nothing()


def test_a_file_is_told_when_it_is_whole_and_once(tmp_path):
    with watching(tmp_path) as told:
        path = tmp_path / "long.mp4"
        began_s = time.monotonic()
        with path.open("wb", buffering=0) as file:
            for _ in range(8):
                file.write(b"piece")
                time.sleep(SETTLED_S / 2)
        written_s = time.monotonic() - began_s
        assert told.next() == "long.mp4"
        assert time.monotonic() - began_s >= written_s
        assert told.nothing()


def test_downloads_of_browsers_are_told_under_their_last_name(tmp_path):
    (tmp_path / "film.mp4").touch()  # the place that Firefox keeps
    with watching(tmp_path) as told:
        part = tmp_path / "film.mp4.part"
        part.write_bytes(b"film")
        (tmp_path / ".hidden.mp4").write_bytes(b"film")
        (tmp_path / "notes.txt").write_bytes(b"text")
        assert told.nothing()
        part.replace(tmp_path / "film.mp4")
        assert told.next() == "film.mp4"


def test_what_changes_is_told_again_and_what_goes_is_not(tmp_path):
    path = tmp_path / "a.mp4"
    path.write_bytes(b"film")
    with watching(tmp_path) as told:
        assert told.next() == "a.mp4"
        path.write_bytes(b"another film")
        assert told.next() == "a.mp4"
        path.rename(tmp_path / "b.mp4")
        assert told.next() == "b.mp4"
        (tmp_path / "b.mp4").unlink()
        assert told.nothing()


def test_a_folder_that_is_moved_in_is_looked_through(tmp_path):
    elsewhere, watched = tmp_path / "elsewhere", tmp_path / "watched"
    elsewhere.mkdir()
    watched.mkdir()
    (elsewhere / "a.mp4").write_bytes(b"film")
    with watching(watched) as told:
        assert told.nothing()
        elsewhere.rename(watched / "moved")
        assert told.next() == "a.mp4"


def test_nothing_is_lost_while_a_file_is_worked_on(tmp_path):
    stop = threading.Event()
    (tmp_path / "first.mp4").write_bytes(b"film")
    found = []
    for path in Arrivals([tmp_path], settled_s=SETTLED_S, stop=stop):
        found.append(path.name)
        if path.name == "first.mp4":
            for number in range(40):
                (tmp_path / f"{number}.mp4").write_bytes(b"film")
            time.sleep(1)
        if len(found) == 41:
            stop.set()
    assert sorted(found) == sorted(["first.mp4", *(f"{n}.mp4" for n in range(40))])


def test_links_that_lead_in_circles_are_no_trouble(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    with watching(tmp_path) as told:
        (tmp_path / "a" / "x.mp4").write_bytes(b"film")
        assert told.next() == "x.mp4"
        assert told.nothing()


def test_only_folders_are_watched(tmp_path):
    with pytest.raises(MediaError, match="only folders can be watched"):
        next(iter(Arrivals([tmp_path / "none"])))
