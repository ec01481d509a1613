"""What arguments name: files, the files of folders and patterns, addresses."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

import pytest

from kg_videorag.intake.inputs import inputs


@pytest.fixture
def library(tmp_path, monkeypatch) -> Path:
    """An empty folder that one works in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(*paths: str, content: bytes = b"film") -> None:
    for path in map(Path, paths):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def given(*arguments: str | Path) -> list[str]:
    """What the entries are called; a ! before those that fail."""
    return [f"{'!' if item.error else ''}{item.given}" for item in inputs(arguments)]


def test_files_are_named_as_they_are_given_in_their_order(library):
    put("b.mp4", "a.mp4")
    assert given("./b.mp4", "a.mp4", str(library / "a.mp4"), "gone.mp4") == [
        "./b.mp4", "a.mp4", str(library / "a.mp4"), "gone.mp4",
    ]  # fmt: skip


def test_a_folder_is_all_video_and_sound_below_it_as_people_count(library):
    put("talks/part 10.mp4", "talks/part 2.MKV", "talks/Part 1.mp3", "talks/notes.txt")
    put("talks/part 2/b.wav", "talks/2024/x.webm", "talks/лекция.mp4", "talks/film.en.srt")
    assert given("talks") == [
        "talks/2024/x.webm", "talks/Part 1.mp3", "talks/part 2/b.wav", "talks/part 2.MKV",
        "talks/part 10.mp4", "talks/лекция.mp4",
    ]  # fmt: skip


def test_a_thermal_film_beside_its_video_is_its_sidecar(library):
    put("walks/a.mp4", "walks/a.thermal.mkv", "walks/b.thermal.mp4")
    assert given("walks") == ["walks/a.mp4", "walks/b.thermal.mp4"]
    assert given("walks/a*") == ["walks/a.mp4"]
    assert given("walks/a.thermal.mkv") == ["walks/a.thermal.mkv"]  # who names it, means it


@pytest.mark.parametrize(
    "name",
    [".hidden.mp4", ".cache/a.mp4", "._a.mp4", "a.mp4.part", "a.mp4.crdownload", "a.mp4.tmp",
     "a.temp.mp4", "a.part.mp4", "a.mp4.ytdl", "a.jpg", "mp4", "a.srt", "busy.mp4"],
)  # fmt: skip
def test_hidden_and_unfinished_files_are_left_out(library, name):
    put(f"in/{name}", "in/whole.mp4")
    if name == "busy.mp4":
        put("in/busy.mp4.aria2")
    assert given("in") == given("in/*") == ["in/whole.mp4"]


def test_a_ts_is_video_only_if_it_looks_so(library):
    packet = b"\x47" + bytes(187)
    put("in/code.ts", content=b"Get the facts" * 40)
    put("in/film.ts", content=packet * 3)
    assert given("in") == ["in/film.ts"]


def test_links_that_lead_in_circles_end(library):
    put("in/a/x.mp4", "in/b/y.mp4")
    for link, target in (("in/a/up", "in"), ("in/a/b", "in/b"), ("in/b/a", "in/a")):
        Path(link).symlink_to(library / target)
    assert given("in") == ["in/a/b/y.mp4", "in/a/x.mp4"]
    assert given("in/**/*.mp4") == ["in/a/x.mp4", "in/b/y.mp4"]


def test_thousands_of_files_are_found_while_they_are_asked_for(library):
    for folder in range(50):
        for file in range(60):
            put(f"in/{folder}/{file}.mp4", content=b"")
    first = list(itertools.islice(inputs(["in"]), 3))
    assert [item.given for item in first] == ["in/0/0.mp4", "in/0/1.mp4", "in/0/2.mp4"]
    assert sum(1 for _ in inputs(["in"])) == 3000


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("talks/*.mp4", ["talks/2.mp4", "talks/10.mp4"]),
        ("talks/?.mp4", ["talks/2.mp4"]),
        ("talks/[0-5]*.mp4", ["talks/2.mp4", "talks/10.mp4"]),
        ("**/*.mkv", ["talks/deep/x.mkv", "z.mkv"]),
        ("t*", ["talks/2.mp4", "talks/10.mp4", "talks/deep/x.mkv"]),
        ("talks/../talks/d*/x.mkv", ["talks/../talks/deep/x.mkv"]),
        ("./z.*", ["z.mkv"]),
    ],
)
def test_a_pattern_that_the_shell_left_alone_is_looked_up(library, pattern, found):
    put("talks/2.mp4", "talks/10.mp4", "talks/deep/x.mkv", "z.mkv", "talks/a.txt")
    assert given(pattern) == found


def test_a_pattern_may_be_absolute(library):
    put("talks/a.mp4")
    assert given(str(library / "t*" / "*.mp4")) == [str(library / "talks" / "a.mp4")]


def test_a_file_that_is_really_called_so_wins_over_a_pattern(library):
    put("a[1].mp4", "a1.mp4", "what?.mp4")
    assert given("a[1].mp4", "what?.mp4") == ["a[1].mp4", "what?.mp4"]


def test_nothing_found_is_an_entry_that_says_so(library):
    put("in/notes.txt", "a.mp4")
    assert given("in", "a.mp4", "no/*.mp4") == ["!in", "a.mp4", "!no/*.mp4"]
    folder, _, pattern = inputs(["in", "a.mp4", "no/*.mp4"])
    assert folder.error is not None
    assert folder.error.message == "in: no video or sound in this folder"
    assert pattern.error is not None
    assert pattern.error.message == "no/*.mp4: no video or sound has such a name"


def test_what_was_named_or_found_is_not_found_again(library):
    put("in/a.mp4", "in/b.mp4")
    Path("link.mp4").symlink_to(library / "in/b.mp4")
    assert given("link.mp4", "in", "in/*.mp4", "./in") == ["link.mp4", "in/a.mp4"]


def test_a_folder_that_cannot_be_read_is_told_and_the_rest_goes_on(library):
    put("in/0.mp4", "in/a/x.mp4", "in/b/y.mp4")
    found = inputs(["in"])
    first = next(found)
    shutil.rmtree("in/a")
    second, third = found
    assert [first.given, second.given, third.given] == ["in/0.mp4", "in/a", "in/b/y.mp4"]
    assert second.error is not None
    assert second.error.message == "in/a: the folder cannot be read: no such file or directory"


@pytest.mark.parametrize(
    ("argument", "shown"),
    [
        ("https://example.org/a.mp4?x=1", "https://example.org/a.mp4?x=1"),
        ("https://me:secret@example.org/a*.mp4", "https://example.org/a*.mp4"),
        ("HTTP://example.org/[a].mp4", "HTTP://example.org/[a].mp4"),
    ],
)
def test_addresses_are_shown_without_login(library, argument, shown):
    (item,) = inputs([argument])
    assert (item.given, item.url, item.path, item.error) == (shown, argument, None, None)


def test_a_file_that_is_really_called_like_an_address_is_a_file(library):
    put("http:/example.org/a.mp4")
    (item,) = inputs(["http://example.org/a.mp4"])
    assert item.url == ""
    assert item.path == Path("http://example.org/a.mp4")
