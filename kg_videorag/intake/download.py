"""Brings the file at a plain address: in pieces if need be, and never more than allowed.

A break is mended by asking for the rest (`Range`), provided that the server can tell whether
the file is still the same (`If-Range`); else it begins anew. An attempt that brought something
costs nothing; several in a row that brought nothing end the download.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.request import getproxies

import httpx

from kg_videorag.errors import FetchError
from kg_videorag.intake.addresses import file_name, is_page, may_be_media
from kg_videorag.intake.client import GuardedClient, reason
from kg_videorag.intake.shelf import Fetched, PartState, Place, size

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg_videorag.intake.terms import Terms

_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})  # the same may work in a while
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")
_FRUITFUL_BYTES = 1 << 18  # less is no progress: else a byte an attempt could go on for ever
_MARKS_OF_PAGES = (b"<!doctype html", b"<html")
_AGAIN_HINT = "Check the network. Run the command again to go on where it stopped."
_PROXY_HINT = (
    "Proxies are not used for addresses: what they ask could not be looked at."
    " Download it by other means, and give the path of the file."
)


class PageInsteadError(FetchError):
    """The address is that of a page or a playlist, not of a file."""


@dataclass(slots=True)
class Download:
    """One file on its way.

    Args:
        client: Asks for it.
        url: Where it is.
        place: Where it goes.
        terms: How much is taken, and how often it is tried.
        on_share: Told how much is here, 0..1, where the server says how much there is.
    """

    client: GuardedClient
    url: str
    place: Place
    terms: Terms
    on_share: Callable[[float], None]
    _state: PartState = field(default_factory=PartState)
    _here_bytes: int = 0

    def bring(self) -> Fetched:
        """Bring it whole.

        Raises:
            PageInsteadError: If it is a page.
            FetchError: If it cannot be had, is no media, or is larger than allowed.
        """
        self._state = self.place.part_state()
        self._here_bytes = self.place.part.stat().st_size if self._state.validator else 0
        fruitless = 0
        while True:
            before = self._here_bytes
            try:
                self._attempt()
                break
            except _TryAgainError as again:
                kept = bool(self._state.validator)
                fruitful = kept and self._here_bytes - before >= _FRUITFUL_BYTES
                fruitless = 1 if fruitful else fruitless + 1
                self._wait(again, fruitless)
        if not self._here_bytes:
            raise FetchError("the server gave an empty file")
        return self.place.finish(self.place.part, self._state.name)

    def _attempt(self) -> None:
        """Ask once, for what is not here yet."""
        try:
            with self.client.get(self.url, self._headers()) as response:
                if self._is_all_here(response):
                    return
                self._require_file(response)
                self._begin(response)
                self._take(response)
        except httpx.HTTPError as error:
            raise _TryAgainError(reason(error)) from error
        if self._state.total_bytes not in (0, self._here_bytes):
            raise _TryAgainError("the connection ended before the file did")

    def _headers(self) -> dict[str, str]:
        headers = {"Accept-Encoding": "identity"}  # packed, it could not be asked for in pieces
        if self._here_bytes:
            headers["Range"] = f"bytes={self._here_bytes}-"
            headers["If-Range"] = self._state.validator
        return headers

    def _is_all_here(self, response: httpx.Response) -> bool:
        """Whether the server has no more than is here already."""
        if response.status_code != HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return False
        if self._here_bytes and self._state.total_bytes == self._here_bytes:
            return True
        self._here_bytes = 0  # what is here is not of that file
        raise _TryAgainError("the server has less than was brought before")

    def _require_file(self, response: httpx.Response) -> None:
        """Refuse what is no file, and what may not be taken."""
        if response.status_code in _PASSING:
            raise _TryAgainError(_answered(response), _asked_pause_s(response))
        if response.status_code not in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
            raise FetchError(_answered(response), hint=_hint_for(response.status_code))
        kind = response.headers.get("Content-Type", "")
        if is_page(kind):
            raise PageInsteadError("the address is that of a page")
        name = self._name(response)
        if not may_be_media(kind, name):
            raise FetchError(
                f"the server says that it is {kind}, which is neither video nor sound",
                hint="Give the address of a video, or of a page that shows one.",
            )

    def _begin(self, response: httpx.Response) -> None:
        """Go on with the part, or begin anew."""
        there = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
        resumed = response.status_code == HTTPStatus.PARTIAL_CONTENT
        other = there is None or int(there[1]) != self._here_bytes
        if resumed and (other or _validator(response) not in ("", self._state.validator)):
            self._here_bytes = 0
            raise _TryAgainError("the server gave another piece than was asked for")
        if not resumed:
            self._here_bytes = 0
        length = response.headers.get("Content-Length", "")
        missing = int(length) if length.isdecimal() else 0
        total = self._here_bytes + missing if missing else 0
        if total > self.terms.limit_bytes:
            raise self._too_large(total)
        self.place.require_space(missing)
        self._state = PartState(_validator(response), total, self._name(response))
        self.place.note_part(self._state)

    def _take(self, response: httpx.Response) -> None:
        """Write what comes."""
        with self.place.part.open("r+b" if self._here_bytes else "wb") as file:
            file.seek(self._here_bytes)
            file.truncate()
            for chunk in response.iter_raw():
                if not self._here_bytes and _looks_like_page(chunk):
                    kind = response.headers.get("Content-Type", "nothing")
                    raise FetchError(
                        f"it is a page, though the server calls it {kind}",
                        hint="Give the address of the video file itself.",
                    )
                if self._here_bytes + len(chunk) > self.terms.limit_bytes:
                    raise self._too_large(self._here_bytes + len(chunk))
                file.write(chunk)
                self._here_bytes += len(chunk)
                if self._state.total_bytes:
                    self.on_share(self._here_bytes / self._state.total_bytes)

    def _wait(self, again: _TryAgainError, fruitless: int) -> None:
        """Wait before the next attempt.

        Raises:
            FetchError: If it has been tried often enough, or the server wants too long a pause.
        """
        patience = self.terms.patience
        pause_s = max(patience.pause_s * 2 ** (fruitless - 1), again.pause_s)
        if fruitless >= patience.attempts or again.pause_s > patience.longest_pause_s:
            proxied = not self._here_bytes and getproxies()
            raise FetchError(again.message, hint=_PROXY_HINT if proxied else _AGAIN_HINT) from again
        if not self._state.validator:  # nobody could tell whether the rest is of the same file
            self._here_bytes = 0
        time.sleep(pause_s)

    def _name(self, response: httpx.Response) -> str:
        headers = response.headers
        told = headers.get("Content-Disposition", "")
        return file_name(self.url, headers.get("Content-Type", ""), told)

    def _too_large(self, count: int) -> FetchError:
        self.place.part.unlink(missing_ok=True)
        return FetchError(
            f"it is larger ({size(count)} or more) than allowed ({size(self.terms.limit_bytes)})",
            hint="Raise KGV_DOWNLOAD_LIMIT if you want it.",
        )


class _TryAgainError(FetchError):
    """It failed, and may work in a while.

    Args:
        message: Why.
        pause_s: How long the server asks to wait.
    """

    def __init__(self, message: str, pause_s: float = 0.0) -> None:
        super().__init__(message)
        self.pause_s = pause_s


def _validator(response: httpx.Response) -> str:
    """What tells whether the file is still the same, to the byte."""
    etag: str = response.headers.get("ETag", "")
    changed: str = response.headers.get("Last-Modified", "")
    return etag if etag and not etag.startswith("W/") else changed


def _asked_pause_s(response: httpx.Response) -> float:
    """`Retry-After`: seconds, or a date."""
    asked = response.headers.get("Retry-After", "").strip()
    if asked.isdecimal():
        return float(asked)
    try:
        return max(0.0, parsedate_to_datetime(asked).timestamp() - time.time())
    except ValueError:
        return 0.0


def _answered(response: httpx.Response) -> str:
    code = response.status_code
    return f"the server answered {code} {httpx.codes.get_reason_phrase(code)}".strip()


def _hint_for(code: int) -> str:
    if code in (401, 403):
        return "It wants a login; download it by other means, and give the path of the file."
    return "Check the address." if code in (404, 410) else ""


def _looks_like_page(chunk: bytes) -> bool:
    return chunk[:64].lstrip().lower().startswith(_MARKS_OF_PAGES)
