"""Plain links: brought whole, or told why not."""

from __future__ import annotations

import dataclasses
import json
import multiprocessing
import shutil
import time

import pytest

from kg_videorag.errors import FetchError
from kg_videorag.intake.addresses import file_name, safe_name, without_login

ETAG = '"v1"'


@pytest.fixture
def limited(fetcher):
    return dataclasses.replace(fetcher, terms=dataclasses.replace(fetcher.terms, limit_bytes=1000))


def left(fetcher) -> list[str]:
    """What lies in the folders of downloads."""
    return sorted(path.name for path in fetcher.shelf.folder.glob("*/*"))


def test_a_file_is_brought_once_and_kept(fetcher, web, sample):
    web.pages["/talks/a%20talk.mp4"] = web.page(sample)
    shares: list[float] = []
    first = fetcher.fetch(web.url("/talks/a%20talk.mp4"), on_share=shares.append)
    assert first.path.read_bytes() == sample
    assert first.path.name == "a talk.mp4"
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert left(fetcher) == ["a talk.mp4", "download.json"]
    asked = len(web.asked)
    assert fetcher.fetch(web.url("/talks/a%20talk.mp4")) == first
    assert len(web.asked) == asked


def test_force_brings_it_again_and_the_new_takes_the_place_of_the_old(fetcher, web, sample):
    web.pages["/a.mp4"] = web.page(sample)
    fetcher.fetch(web.url("/a.mp4"))
    web.pages["/a.mp4"] = web.page(sample[::-1])
    assert fetcher.fetch(web.url("/a.mp4"), force=True).path.read_bytes() == sample[::-1]
    web.pages["/a.mp4"] = web.page(status=404)
    with pytest.raises(FetchError, match="404 Not Found"):
        fetcher.fetch(web.url("/a.mp4"), force=True)
    assert fetcher.fetch(web.url("/a.mp4")).path.read_bytes() == sample[::-1]


def test_a_break_is_mended_from_where_it_broke(fetcher, web, sample):
    at = [len(sample) * 9 // 10]
    web.pages["/a.mp4"] = web.page(sample, etag=ETAG, cuts=at)
    assert fetcher.fetch(web.url("/a.mp4")).path.read_bytes() == sample
    first, second = web.ranges("/a.mp4")
    assert first == ""
    assert int(second.removeprefix("bytes=").removesuffix("-")) >= len(sample) // 2


def test_many_breaks_are_mended_as_long_as_each_attempt_brings_something(fetcher, web, sample):
    film = sample * 4
    web.pages["/a.mp4"] = web.page(film, etag=ETAG, cuts=[300_000] * 7)
    assert fetcher.fetch(web.url("/a.mp4")).path.read_bytes() == film
    assert len(web.asked) == 8


def test_a_download_that_was_given_up_goes_on_in_the_next_run(fetcher, web, sample):
    web.pages["/a.mp4"] = web.page(sample, etag=ETAG, cuts=[200_000, 0, 0, 0])
    with pytest.raises(FetchError, match="the connection broke") as caught:
        fetcher.fetch(web.url("/a.mp4"))
    assert "go on where it stopped" in caught.value.hint
    assert left(fetcher) == ["download.part", "download.part.json"]
    web.pages["/a.mp4"].cuts.clear()
    assert fetcher.fetch(web.url("/a.mp4")).path.read_bytes() == sample
    assert web.ranges("/a.mp4")[-1] not in ("", "bytes=0-")
    assert left(fetcher) == ["a.mp4", "download.json"]


def test_a_file_that_has_changed_meanwhile_is_begun_anew(fetcher, web, sample):
    web.pages["/a.mp4"] = web.page(sample, etag=ETAG, cuts=[200_000, 0, 0, 0])
    with pytest.raises(FetchError):
        fetcher.fetch(web.url("/a.mp4"))
    web.pages["/a.mp4"] = web.page(sample[::-1], etag='"v2"')
    assert fetcher.fetch(web.url("/a.mp4")).path.read_bytes() == sample[::-1]


def test_a_server_that_sends_another_piece_than_asked_for_is_not_believed(fetcher, web, sample):
    web.failing["/a.mp4"] = [
        web.page(sample, etag=ETAG, cuts=[200_000]),
        web.page(sample, status=206, headers={"Content-Range": f"bytes 7-{len(sample)}/*"}),
    ]
    web.pages["/a.mp4"] = web.page(sample, etag=ETAG)
    assert fetcher.fetch(web.url("/a.mp4")).path.read_bytes() == sample


def test_without_a_mark_of_its_state_a_broken_file_is_begun_anew(fetcher, web, sample):
    web.pages["/a.mp4"] = web.page(sample, cuts=[200_000])
    assert fetcher.fetch(web.url("/a.mp4")).path.read_bytes() == sample
    assert web.ranges("/a.mp4") == ["", ""]


def test_a_part_that_is_all_there_is_taken(fetcher, web, sample):
    web.pages["/a.mp4"] = web.page(sample, etag=ETAG, cuts=[200_000, 0, 0, 0])
    with pytest.raises(FetchError):
        fetcher.fetch(web.url("/a.mp4"))
    (part,) = fetcher.shelf.folder.glob("*/download.part")
    part.write_bytes(sample)  # killed between the last byte and the renaming
    web.pages["/a.mp4"] = web.page(status=416, headers={"Content-Range": f"bytes */{len(sample)}"})
    assert fetcher.fetch(web.url("/a.mp4")).path.read_bytes() == sample


def test_what_is_too_large_is_refused_before_it_is_brought(limited, web, sample):
    web.pages["/a.mp4"] = web.page(sample)
    with pytest.raises(FetchError, match=r"638 kB or more.* than allowed \(1 kB\)") as caught:
        limited.fetch(web.url("/a.mp4"))
    assert "KGV_DOWNLOAD_LIMIT" in caught.value.hint


def test_what_turns_out_too_large_is_refused_on_the_way(limited, web, sample):
    web.pages["/a.mp4"] = web.page(sample, sized=False)
    with pytest.raises(FetchError, match="larger"):
        limited.fetch(web.url("/a.mp4"))
    assert "download.part" not in left(limited)


def test_what_would_fill_the_disk_is_refused(fetcher, web, sample, monkeypatch):
    web.pages["/a.mp4"] = web.page(sample)
    free = shutil.disk_usage("/")._replace(free=300 << 20)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: free)
    fetcher.fetch(web.url("/a.mp4"))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: free._replace(free=100 << 20))
    with pytest.raises(FetchError, match="the disk has"):
        fetcher.fetch(web.url("/a.mp4"), force=True)


def test_a_file_of_unknown_length_is_brought(fetcher, web, sample):
    web.pages["/a.mp4"] = web.page(sample, sized=False)
    assert fetcher.fetch(web.url("/a.mp4")).path.read_bytes() == sample


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_may_pass_is_waited_for(fetcher, web, sample, status):
    web.failing["/a.mp4"] = [web.page(status=status), web.page(status=status)]
    web.pages["/a.mp4"] = web.page(sample)
    assert fetcher.fetch(web.url("/a.mp4")).path.read_bytes() == sample


def test_what_does_not_pass_is_told_after_a_few_attempts(fetcher, web):
    web.pages["/a.mp4"] = web.page(status=503)
    with pytest.raises(FetchError, match=r"/a\.mp4: the server answered 503"):
        fetcher.fetch(web.url("/a.mp4"))
    assert len(web.asked) == 3


def test_a_server_that_asks_for_patience_gets_it_within_bounds(fetcher, web, sample):
    web.failing["/a.mp4"] = [web.page(status=429, headers={"Retry-After": "1"})]
    web.pages["/a.mp4"] = web.page(sample)
    began_s = time.monotonic()
    fetcher.fetch(web.url("/a.mp4"))
    assert time.monotonic() - began_s >= 1
    web.pages["/b.mp4"] = web.page(status=503, headers={"Retry-After": "3600"})
    with pytest.raises(FetchError, match="503"):
        fetcher.fetch(web.url("/b.mp4"))
    assert len(web.ranges("/b.mp4")) == 1


@pytest.mark.parametrize(("status", "hint"), [(404, "address"), (403, "login"), (401, "login")])
def test_what_is_not_there_is_told_at_once(fetcher, web, status, hint):
    web.pages["/a.mp4"] = web.page(status=status)
    with pytest.raises(FetchError, match=str(status)) as caught:
        fetcher.fetch(web.url("/a.mp4"))
    assert hint in caught.value.hint
    assert len(web.asked) == 1


def test_a_server_that_holds_the_line_byte_by_byte_is_given_up(fetcher, web, sample):
    web.pages["/a.mp4"] = web.page(sample, drip_s=0.1)
    with pytest.raises(FetchError, match=r"only \d+ bytes came in"):
        fetcher.fetch(web.url("/a.mp4"))


def test_a_server_that_falls_silent_is_given_up(fetcher, web, sample):
    web.pages["/a.mp4"] = web.page(sample, drip_s=30)
    with pytest.raises(FetchError, match="no answer came in time"):
        fetcher.fetch(web.url("/a.mp4"))


def test_a_server_that_is_away_is_told(fetcher, web):
    web.over.set()
    with pytest.raises(FetchError, match="Connection refused"):
        fetcher.fetch("http://127.0.0.1:9/a.mp4")
    with pytest.raises(FetchError, match=r"no machine named nowhere\.invalid"):
        fetcher.fetch("http://nowhere.invalid/a.mp4")


def test_a_proxy_that_is_not_used_is_told_where_that_may_be_why(fetcher, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    with pytest.raises(FetchError, match="Connection refused") as caught:
        fetcher.fetch("http://127.0.0.1:9/a.mp4")
    assert "Proxies are not used" in caught.value.hint


def test_an_empty_file_is_told(fetcher, web):
    web.pages["/a.mp4"] = web.page(b"")
    with pytest.raises(FetchError, match="empty"):
        fetcher.fetch(web.url("/a.mp4"))


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "text/plain", "application/json"])
def test_what_says_that_it_is_no_media_is_not_brought(fetcher, web, kind):
    web.pages["/doc"] = web.page(b"text", kind=kind)
    with pytest.raises(FetchError, match=f"{kind}, which is neither video nor sound"):
        fetcher.fetch(web.url("/doc"))


@pytest.mark.parametrize(
    ("path", "kind", "disposition", "name"),
    [
        ("/a.mp4", "text/plain", "", "a.mp4"),
        ("/download?id=7", "video/webm", "", "download.webm"),
        ("/", "video/x-matroska; x=y", "", "download.mkv"),
        ("/x", "audio/mpeg", "", "x.mp3"),
        ("/x", "", 'attachment; filename="talk one.mov"', "talk one.mov"),
        ("/x", "", "attachment; filename*=UTF-8''%D0%BB%D0%B5%D0%BA.mp4", "лек.mp4"),
        ("/x", "", 'attachment; filename="../../etc/cron.d/a.mp4"', "a.mp4"),
        ("/x", "", 'attachment; filename="C:\\\\Windows\\\\a.mp4"', "a.mp4"),
        ("/%2e%2e%2f%2e%2e%2fa.mp4", "", "", "a.mp4"),
        ("/.hidden.mp4", "", "", "hidden.mp4"),
        ("/a%00%0ab.mp4", "", "", "a b.mp4"),
        ("/con.mp4", "", "", "con_.mp4"),
        ("/" + "я" * 300 + ".mp4", "", "", "я" * 60 + ".mp4"),
        ("/..", "application/octet-stream", "", "download"),
    ],
)
def test_names_are_safe(path, kind, disposition, name):
    assert file_name(f"http://example.org{path}", kind, disposition) == name


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("https://me:pw@example.org/a?b=c@d", "https://example.org/a?b=c@d"),
        ("http://a@b@c/x", "http://c/x"),
        ("https://example.org/@me/a.mp4", "https://example.org/@me/a.mp4"),
        ("https://me:p#w@x/", "https://me:p#w@x/"),  # the login ends where readers say it does
    ],
)
def test_logins_are_not_shown(given, shown):
    assert without_login(given) == shown


def test_an_odd_name_stays_a_name():
    assert safe_name("") == safe_name("...") == safe_name("///") == "download"


def test_two_processes_bring_the_same_file_once(fetcher, web, sample):
    web.pages["/a.mp4"] = web.page(sample)
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        first, second = pool.map(fetcher.fetch, [web.url("/a.mp4")] * 2)
    assert first == second
    assert len(web.asked) == 1


def test_a_record_of_a_file_that_was_tampered_with_is_not_believed(fetcher, web, sample):
    web.pages["/a.mp4"] = web.page(sample)
    fetched = fetcher.fetch(web.url("/a.mp4"))
    record = fetched.path.parent / "download.json"
    stray = fetcher.shelf.folder.parent / "stray.mp4"
    stray.write_bytes(sample)
    record.write_text(json.dumps({"name": "../../stray.mp4", "size_bytes": len(sample)}))
    assert fetcher.fetch(web.url("/a.mp4")).path == fetched.path


def test_only_files_of_downloads_are_discarded(fetcher, web, sample, tmp_path):
    web.pages["/a.mp4"] = web.page(sample)
    path = fetcher.fetch(web.url("/a.mp4")).path
    mine = tmp_path / "mine.mp4"
    mine.write_bytes(sample)
    link = path.parent / "link.mp4"
    link.symlink_to(mine)
    deep = path.parent / "deeper"
    deep.mkdir()
    (deep / "a.mp4").write_bytes(sample)
    for other in (mine, link, deep / "a.mp4", path.parent, fetcher.shelf.folder):
        assert not fetcher.shelf.discard(other)
    assert mine.exists()
    assert fetcher.shelf.discard(path)
    assert not path.parent.exists()
