"""Brings the video that a page shows, by yt-dlp."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yt_dlp.globals
from yt_dlp.extractor import gen_extractor_classes
from yt_dlp.utils import UnsupportedError, YoutubeDLError

from kg_videorag.errors import FetchError
from kg_videorag.intake.addresses import safe_name, without_login
from kg_videorag.intake.names import is_media_name
from kg_videorag.intake.site_network import Budget, GuardedDownloader

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg_videorag.intake.shelf import Fetched, Place
    from kg_videorag.intake.terms import Terms

_ARRIVING = "arriving"  # what is not whole yet; the next run goes on with it
# What is brought by this process alone. Others would start programs: ffmpeg, rtmpdump.
_PROTOCOLS = "[protocol~='^(https?|m3u8_native|http_dash_segments)$']"
# One file, since joining two wants the ffmpeg command. More than 1080 lines help nobody: screens
# are read at less. Where pictures and sound come apart only, the sound alone.
_FORMAT = f"b{_PROTOCOLS}[height<=?1080]/b{_PROTOCOLS}/ba{_PROTOCOLS}"
_SUBTITLES = frozenset({".vtt", ".srt", ".ass", ".ssa"})
_REPORT = re.compile(r";? *please report this issue .*", re.DOTALL | re.IGNORECASE)
_LONGEST_CHARS = 300
_OTHERWISE = "Give the address of the video file itself, or download it by other means."
_NEWER = "Sites change, and yt-dlp with them: `pip install -U yt-dlp` may help."


def knows(url: str) -> bool:
    """Whether an address is of a site that yt-dlp knows by name; the network is not asked."""
    known = (site for site in gen_extractor_classes() if site.IE_NAME != "generic")
    return any(site.suitable(url) for site in known)


class SiteDownload:
    """The video of one page on its way.

    Args:
        url: Of the page.
        place: Where it goes.
        terms: From where, how much, and which subtitles.
        on_share: Told how much is here, 0..1, where the site says how much there is.
    """

    def __init__(
        self, url: str, place: Place, terms: Terms, on_share: Callable[[float], None]
    ) -> None:
        self._url = url
        self._place = place
        self._terms = terms
        self._on_share = on_share
        self._budget = Budget(terms.limit_bytes)
        self._told = _Told()

    def bring(self) -> Fetched:
        """Bring it whole, with the subtitles that its author wrote.

        Raises:
            FetchError: If the page shows none or several, or the site refuses.
        """
        yt_dlp.globals.plugin_dirs.value = []  # nobody's code but yt-dlp's own
        try:
            with GuardedDownloader(self._options(), self._terms, self._budget) as site:
                found = self._only_video(site, site.extract_info(self._url, download=False))
                site.params["subtitleslangs"] += _tags(str(found.get("language") or ""))
                # Subtitles that cannot be had are no reason to do without the video.
                site.params["ignoreerrors"] = True
                site.process_ie_result(site.sanitize_info(found), download=True)
        except YoutubeDLError as error:
            raise self._failure(error) from error
        return self._take_in(found["title"], _lacking(found))

    def _only_video(self, site: GuardedDownloader, found: Any) -> dict[str, Any]:  # noqa: ANN401
        """The one video that was found; a page that leads to one other is followed."""
        if found and found.get("_type") in ("playlist", "multi_video"):
            entries = [entry for entry in found.get("entries") or () if entry]
            if len(entries) > 1:
                raise FetchError(
                    f"{self._shown} shows several videos", hint="Give the address of each one."
                )
            found = entries[0] if entries else None
        if found and found.get("_type") in ("url", "url_transparent"):
            found = site.extract_info(found["url"], download=False)
        if not found or found.get("_type", "video") != "video":
            raise FetchError(f"{self._shown} shows no single video", hint=_OTHERWISE)
        if found.get("live_status") in ("is_live", "is_upcoming"):
            raise FetchError(f"{self._shown} is live", hint="Ingest it when it has ended.")
        title = str(found.get("title") or "")
        if found.get("extractor") in ("generic", "html5"):
            title = title.removesuffix(" (1)")  # yt-dlp numbers the videos of a page
        return {**found, "title": title}

    def _take_in(self, title: str, warning: str) -> Fetched:
        """Move what has arrived to its place, the video last."""
        arriving = self._place.folder / _ARRIVING
        files = [file for file in arriving.iterdir() if file.is_file()] if arriving.is_dir() else []
        videos = [file for file in files if is_media_name(file.name)]
        if self._budget.exceeded:
            shutil.rmtree(arriving, ignore_errors=True)
        if not videos or self._budget.exceeded:
            raise self._budget.refused or FetchError(
                f"{self._shown} gave no video: {self._told.last or 'it may be too large'}",
                hint=_NEWER,
            )
        newest = max(videos, key=lambda file: file.stat().st_mtime_ns)
        stem = Path(safe_name(newest.name)).stem
        for file in files:
            rest = file.name.removeprefix(newest.stem)
            if file.suffix in _SUBTITLES and rest != file.name:
                file.replace(self._place.folder / f"{stem}{rest}")
        fetched = self._place.finish(newest, f"{stem}{newest.suffix}", title, warning)
        shutil.rmtree(arriving, ignore_errors=True)
        return fetched

    def _failure(self, error: YoutubeDLError) -> FetchError:
        """What a person needs of yt-dlp's words."""
        if self._budget.refused:
            refused = self._budget.refused
            return type(refused)(f"{self._shown}: {refused.message}", hint=refused.hint)
        if isinstance(error.__context__, UnsupportedError):
            return FetchError(f"{self._shown} shows no video", hint=_OTHERWISE)
        return FetchError(f"{self._shown}: {self._words(str(error))}", hint=_NEWER)

    def _words(self, said: str) -> str:
        told = _REPORT.sub("", said.removeprefix("ERROR: ").replace(self._url, self._shown))
        return " ".join(told.split())[:_LONGEST_CHARS]

    @property
    def _shown(self) -> str:
        return without_login(self._url)

    def _follow(self, progress: dict[str, Any]) -> None:
        """yt-dlp's progress as ours."""
        whole = progress.get("total_bytes") or progress.get("total_bytes_estimate")
        if whole and Path(progress.get("filename") or "").suffix not in _SUBTITLES:
            self._on_share(min(1.0, progress.get("downloaded_bytes", 0) / whole))

    def _options(self) -> dict[str, Any]:
        """No file of settings, no cookies, no programs, no plugins: the page alone decides."""
        return {
            "format": _FORMAT,
            "outtmpl": "%(title).100B.%(ext)s",
            "paths": {"home": str(self._place.folder / _ARRIVING)},
            "windowsfilenames": True,
            "noplaylist": True,
            "extract_flat": "in_playlist",
            "playlistend": 2,  # two are as many as twenty: several
            "writesubtitles": True,
            "writeautomaticsub": False,  # ours are better, or the engine's own
            "subtitleslangs": [t for code in self._terms.languages for t in _tags(code)],
            "subtitlesformat": "vtt/srt/ass/best",
            "max_filesize": self._terms.limit_bytes,
            "overwrites": True,
            "continuedl": True,
            "retries": self._terms.patience.attempts,
            "fragment_retries": self._terms.patience.attempts,
            "extractor_retries": 1,
            "skip_unavailable_fragments": False,  # a hole in a video would go unseen
            "socket_timeout": self._terms.patience.read_s,
            "retry_sleep_functions": {
                kind: lambda n: self._terms.patience.pause_s * 2**n for kind in ("http", "fragment")
            },
            "progress_hooks": [self._follow],
            "logger": self._told,
            "quiet": True,
            "noprogress": True,
            "color": "never",
            "proxy": "",  # none, whatever the environment says
            "cachedir": False,
            "enable_file_urls": False,
            "allow_unplayable_formats": False,
            "ffmpeg_location": str(self._place.folder / "no-programs-are-started"),
            "hls_prefer_native": True,
            "fixup": "never",
            "js_runtimes": {},
            "postprocessors": [],
            "updatetime": False,
        }


def _tags(language: str) -> list[str]:
    """A pattern of the tags of a language, as en, en-US; they become parts of file names."""
    code = language.partition("-")[0].lower()
    return [rf"{code}(-[A-Za-z0-9]{{1,8}})*"] if code.isascii() and code.isalpha() else []


def _lacking(found: dict[str, Any]) -> str:
    """What a page has and was not brought."""
    formats = found.get("formats") or ()
    pictures = any(f.get("vcodec") not in (None, "none") for f in formats)
    if found.get("vcodec") == "none" and pictures:
        return "only the sound was fetched: the page gives pictures and sound in files apart"
    return ""


class _Told:
    """What yt-dlp says; only its last complaint is of use."""

    def __init__(self) -> None:
        self.last = ""

    def debug(self, message: str) -> None:
        """Progress and details: nobody asked."""

    def stdout(self, message: str) -> None:
        """The same, of the network."""

    def info(self, message: str) -> None:
        """The same."""

    def warning(self, message: str) -> None:
        """Mostly of what yt-dlp would like to have installed."""

    def error(self, message: str, **_: Any) -> None:  # noqa: ANN401 - yt-dlp's
        """What stopped it."""
        self.last = " ".join(_REPORT.sub("", message.removeprefix("ERROR: ")).split())
