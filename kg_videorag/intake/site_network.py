"""yt-dlp's requests, all of them, through the guarded client.

yt-dlp asks whatever a page names: pieces of playlists, subtitles, redirects. Each of its
requests goes through one door, the request director; here that door has one handler, ours,
which knows http and https and no proxies. That no other got in is checked, not assumed.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import httpx
from yt_dlp import YoutubeDL
from yt_dlp.networking import RequestDirector, RequestHandler, Response
from yt_dlp.networking.exceptions import HTTPError, RequestError, TransportError

from kg_videorag.errors import FetchError
from kg_videorag.intake.client import SCHEMES, GuardedClient, reason
from kg_videorag.intake.shelf import size

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from yt_dlp.networking import Request

    from kg_videorag.intake.terms import Terms

_PAGE_BYTES = 64 << 20  # read into memory at once; the largest real pages have a few MB


class Budget:
    """What one address may bring in all, and why something was refused.

    Args:
        limit_bytes: Of everything together: pages, pieces, subtitles.
    """

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._spent_bytes = 0
        self.refused: FetchError | None = None
        self.exceeded = False

    def spend(self, count: int) -> bool:
        """Whether some more may come."""
        self._spent_bytes += count
        self.exceeded = self._spent_bytes > self._limit_bytes
        if self.exceeded:
            self.refuse(
                FetchError(
                    f"it is larger than allowed ({size(self._limit_bytes)})",
                    hint="Raise KGV_DOWNLOAD_LIMIT if you want it.",
                )
            )
        return not self.exceeded

    def refuse(self, error: FetchError) -> FetchError:
        """Remember why, since yt-dlp passes on the words alone."""
        self.refused = self.refused or error
        return error


class GuardedDownloader(YoutubeDL):  # type: ignore[misc]  # yt-dlp has no types
    """yt-dlp with one way out.

    Args:
        params: yt-dlp's options.
        terms: From where, and how long it may take.
        budget: How much may come.
    """

    def __init__(self, params: dict[str, Any], terms: Terms, budget: Budget) -> None:
        self._terms = terms
        self._budget = budget
        super().__init__(params)
        handlers = self._request_director.handlers
        if [type(handler) for handler in handlers.values()] != [GuardedRH]:
            raise FetchError(
                "this version of yt-dlp opens connections in a way that is not guarded here",
                hint="Install the version of yt-dlp that requirements.lock names.",
            )

    def build_request_director(
        self, handlers: Iterable[type[RequestHandler]], preferences: object = None
    ) -> RequestDirector:
        """Ours in place of those that yt-dlp offers."""
        del handlers, preferences
        director = RequestDirector(logger=self.params["logger"])
        headers = self.params["http_headers"].copy()
        director.add_handler(
            GuardedRH(
                logger=self.params["logger"],
                headers=headers,
                cookiejar=self.cookiejar,
                timeout=self.params.get("socket_timeout"),
                terms=self._terms,
                budget=self._budget,
            )
        )
        return director


class GuardedRH(RequestHandler):  # type: ignore[misc]  # yt-dlp has no types, and wants this ending
    """Answers yt-dlp's requests by the guarded client."""

    _SUPPORTED_URL_SCHEMES = SCHEMES

    def __init__(self, *, terms: Terms, budget: Budget, **options: Any) -> None:  # noqa: ANN401
        super().__init__(**options)
        self._budget = budget
        self._client = GuardedClient(
            private=terms.private, patience=terms.patience, cookies=self.cookiejar
        )

    def _check_extensions(self, extensions: dict[str, Any]) -> None:
        super()._check_extensions(extensions)
        for known in ("cookiejar", "timeout", "legacy_ssl", "keep_header_casing"):
            extensions.pop(known, None)

    def _send(self, request: Request) -> Response:
        if self._budget.exceeded:
            raise RequestError("it is larger than allowed")
        try:
            asked = self._client.request(
                request.method, request.url, self._get_headers(request), request.data
            )
            answer = _Answer(self._client.send(asked), self._budget)
        except FetchError as error:
            self._budget.refuse(error)
            raise RequestError(error.message, cause=error) from error
        except httpx.HTTPError as error:
            raise TransportError(reason(error), cause=error) from error
        if not httpx.codes.is_success(answer.status):
            raise HTTPError(answer)
        return answer

    def close(self) -> None:
        self._client.close()


class _Answer(Response):  # type: ignore[misc]  # yt-dlp has no types
    """An answer as yt-dlp reads it."""

    def __init__(self, response: httpx.Response, budget: Budget) -> None:
        super().__init__(
            io.BufferedReader(_Content(response, budget)),
            url=str(response.url),
            headers=dict(response.headers),
            status=response.status_code,
            reason=response.reason_phrase,
        )
        self._budget = budget

    def read(self, amt: int | None = None) -> bytes:
        """So many bytes, or all: then it must be a page, and of a page's size."""
        if amt is not None:
            return bytes(super().read(amt))
        content = bytes(super().read(_PAGE_BYTES + 1))
        if len(content) > _PAGE_BYTES:
            error = self._budget.refuse(FetchError(f"a page has more than {size(_PAGE_BYTES)}"))
            raise TransportError(cause=error) from error
        self.close()
        return content


class _Content(io.RawIOBase):
    """What an answer holds, unpacked, as it comes."""

    def __init__(self, response: httpx.Response, budget: Budget) -> None:
        super().__init__()
        self._response = response
        self._budget = budget
        self._pieces: Iterator[bytes] = response.iter_bytes()
        self._piece = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - a writable buffer
        while not self._piece:
            piece = next(self._pieces, None)
            # To yt-dlp, what is too much looks like the end: it leaves files open otherwise.
            if piece is None or not self._budget.spend(len(piece)):
                return 0
            self._piece = memoryview(piece)
        count = min(len(buffer), len(self._piece))
        buffer[:count] = self._piece[:count]
        self._piece = self._piece[count:]
        return count

    def close(self) -> None:
        if not self.closed:
            self._response.close()
        super().close()
