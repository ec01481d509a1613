"""Pages that show a video, by the real yt-dlp, from a server on this machine."""

from __future__ import annotations

import dataclasses
import gc
import socket
import warnings

import pytest

from kg_videorag.errors import AddressRefusedError, FetchError
from kg_videorag.intake.sites import knows

VTT = "WEBVTT\n\n00:00.000 --> 00:02.000\nIt is said here.\n"


def page(*videos: str, title: str = "A talk / on radium") -> bytes:
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{''.join(videos)}".encode()
    )


def video(src: str, *more: str) -> str:
    return f'<video src="{src}" width="640" height="360" controls>{"".join(more)}</video>'


@pytest.fixture
def html(web):
    """Serves a page."""

    def serve(path: str, content: bytes) -> None:
        web.pages[path] = web.page(content, kind="text/html; charset=utf-8")

    return serve


def test_sites_are_known_by_their_addresses_alone(monkeypatch):
    def no_network(*_: object, **__: object) -> None:
        pytest.fail("the network was asked")

    monkeypatch.setattr(socket, "getaddrinfo", no_network)
    assert knows("https://www.youtube.com/watch?v=jNQXAC9IVRw")
    assert knows("https://vimeo.com/76979871")
    assert not knows("https://example.org/talks/1")


def test_the_video_of_a_page_is_brought_with_its_title(fetcher, web, html, sample):
    html("/talk", page(video("/media/film.mp4")))
    web.pages["/media/film.mp4"] = web.page(sample)
    shares: list[float] = []
    fetched = fetcher.fetch(web.url("/talk"), on_share=shares.append)
    assert fetched.path.read_bytes() == sample
    assert fetched.title == "A talk / on radium"
    assert fetched.path.suffix == ".mp4"
    assert fetched.path.parent.parent == fetcher.shelf.folder
    assert fetched.url == web.url("/talk")
    assert shares[-1] == 1.0
    asked = len(web.asked)
    assert fetcher.fetch(web.url("/talk")) == fetched
    assert len(web.asked) == asked


def test_the_authors_subtitles_are_laid_beside_it(fetcher, web, html, sample):
    track = '<track kind="subtitles" src="/film.vtt" srclang="en" label="English">'
    html("/talk", page(video("/media/film.mp4", track)))
    web.pages["/media/film.mp4"] = web.page(sample)
    web.pages["/film.vtt"] = web.page(VTT.encode(), kind="text/vtt")
    fetched = fetcher.fetch(web.url("/talk"))
    (beside,) = fetched.path.parent.glob("*.vtt")
    assert beside.name == f"{fetched.path.stem}.en.vtt"
    assert "It is said here." in beside.read_text()


@pytest.mark.parametrize("tag", ["en/../../../../evil", "en-../evil", "xx"])
def test_subtitles_with_odd_tags_or_of_other_languages_are_left_out(
    fetcher, web, html, sample, tag
):
    track = f'<track kind="subtitles" src="/film.vtt" srclang="{tag}" label="English">'
    html("/talk", page(video("/media/film.mp4", track)))
    web.pages["/media/film.mp4"] = web.page(sample)
    web.pages["/film.vtt"] = web.page(VTT.encode(), kind="text/vtt")
    fetched = fetcher.fetch(web.url("/talk"))
    assert "/film.vtt" not in [path for path, _ in web.asked]
    assert sorted(path.name for path in fetched.path.parent.iterdir()) == [
        fetched.path.name, "download.json",
    ]  # fmt: skip


def test_subtitles_that_cannot_be_had_are_done_without(fetcher, web, html, sample):
    track = '<track kind="subtitles" src="/film.vtt" srclang="en" label="English">'
    html("/talk", page(video("/media/film.mp4", track)))
    web.pages["/media/film.mp4"] = web.page(sample)
    assert fetcher.fetch(web.url("/talk")).path.read_bytes() == sample


def test_a_playlist_of_pieces_is_joined(fetcher, web, html, sample):
    pieces = [sample[:300_000], sample[300_000:]]
    listed = "".join(f"#EXTINF:10,\n/piece{n}.ts\n" for n in range(2))
    web.pages["/film.m3u8"] = web.page(
        f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n{listed}#EXT-X-ENDLIST\n".encode(),
        kind="application/vnd.apple.mpegurl",
    )
    for n, piece in enumerate(pieces):
        web.pages[f"/piece{n}.ts"] = web.page(piece, kind="video/mp2t")
    assert fetcher.fetch(web.url("/film.m3u8")).path.read_bytes() == sample


def test_where_pictures_and_sound_lie_apart_the_sound_is_taken_and_that_is_told(
    fetcher, web, sample
):
    web.pages["/film.m3u8"] = web.page(
        b'#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="en",URI="/sound.m3u8"\n'
        b'#EXT-X-STREAM-INF:BANDWIDTH=900000,CODECS="avc1.4d401e,mp4a.40.2",AUDIO="a"\n'
        b"/pictures.m3u8\n",
        kind="application/vnd.apple.mpegurl",
    )
    for name in ("sound", "pictures"):
        web.pages[f"/{name}.m3u8"] = web.page(
            f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n/{name}.mp4\n#EXT-X-ENDLIST\n".encode(),
            kind="application/vnd.apple.mpegurl",
        )
        web.pages[f"/{name}.mp4"] = web.page(sample)
    fetched = fetcher.fetch(web.url("/film.m3u8"))
    assert fetched.warning.startswith("only the sound was fetched")
    asked = [path for path, _ in web.asked]
    assert "/sound.mp4" in asked
    assert "/pictures.mp4" not in asked
    assert fetcher.fetch(web.url("/film.m3u8")) == fetched


def test_a_page_of_several_videos_is_refused_with_what_to_do(fetcher, web, html):
    html("/talks", page(video("/a.mp4"), video("/b.mp4"), video("/c.mp4")))
    with pytest.raises(FetchError, match="/talks shows several videos") as caught:
        fetcher.fetch(web.url("/talks"))
    assert "each one" in caught.value.hint


def test_a_page_without_a_video_is_told(fetcher, web, html):
    html("/about", page("<p>Nothing here.</p>"))
    with pytest.raises(FetchError, match="/about shows no video") as caught:
        fetcher.fetch(web.url("/about"))
    assert "address of the video file" in caught.value.hint
    assert "ERROR" not in caught.value.message


def test_a_page_that_the_server_calls_a_film_is_told(fetcher, web, sample):
    web.pages["/watch.mp4"] = web.page(page(video("/media/film.mp4")), kind="video/mp4")
    web.pages["/media/film.mp4"] = web.page(sample)
    with pytest.raises(FetchError, match="it is a page, though the server calls it video/mp4"):
        fetcher.fetch(web.url("/watch.mp4"))
    assert [path for path, _ in web.asked] == ["/watch.mp4"]


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/latest/film.mp4", "http://inner.example/film.mp4"]
)
def test_a_page_cannot_make_it_ask_for_secrets(fetcher, html, web, names, target):
    names("inner.example", "169.254.169.254")
    html("/talk", page(video(target)))
    with pytest.raises(AddressRefusedError, match="is not asked"):
        fetcher.fetch(web.url("/talk"))


def test_a_page_cannot_make_it_read_files(fetcher, html, web, tmp_path, sample):
    (tmp_path / "film.mp4").write_bytes(sample)
    html("/talk", page(video(f"file://{tmp_path}/film.mp4")))
    with pytest.raises(FetchError):
        fetcher.fetch(web.url("/talk"))
    assert not list(fetcher.shelf.folder.glob("*/*.mp4"))


def test_a_redirect_of_a_pages_video_is_looked_at_too(fetcher, html, web, names):
    names("inner.example", "169.254.169.254")
    html("/talk", page(video("/film.mp4")))
    web.pages["/film.mp4"] = web.page(status=302, headers={"Location": "http://inner.example/"})
    with pytest.raises(AddressRefusedError, match=r"inner\.example"):
        fetcher.fetch(web.url("/talk"))


@pytest.fixture
def _left_open():
    """yt-dlp leaves a file open when the piece of a playlist is refused."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.mark.usefixtures("_left_open")
def test_a_playlist_cannot_make_it_ask_for_secrets(fetcher, web):
    web.pages["/film.m3u8"] = web.page(
        b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://169.254.169.254/a.ts\n"
        b"#EXT-X-ENDLIST\n",
        kind="application/vnd.apple.mpegurl",
    )
    with pytest.raises(AddressRefusedError):
        fetcher.fetch(web.url("/film.m3u8"))


def test_ones_own_network_is_not_asked_for_pages(fetcher, html, web):
    strict = dataclasses.replace(fetcher, terms=dataclasses.replace(fetcher.terms, private=False))
    html("/talk", page(video("/film.mp4")))
    with pytest.raises(AddressRefusedError) as caught:
        strict.fetch(web.url("/talk"))
    assert "KGV_DOWNLOAD_PRIVATE" in caught.value.hint
    assert web.asked == []


@pytest.mark.parametrize("sized", [True, False])
def test_more_than_allowed_is_not_brought(fetcher, html, web, sample, sized):
    small = dataclasses.replace(
        fetcher, terms=dataclasses.replace(fetcher.terms, limit_bytes=100_000)
    )
    html("/talk", page(video("/film.mp4")))
    web.pages["/film.mp4"] = web.page(sample, sized=sized)
    with pytest.raises(FetchError, match="large"):
        small.fetch(web.url("/talk"))


def test_a_site_that_is_away_is_told_in_one_line(fetcher):
    with pytest.raises(FetchError) as caught:
        fetcher.fetch("http://127.0.0.1:9/talk")
    assert "\n" not in caught.value.message
    assert "report this issue" not in caught.value.message
