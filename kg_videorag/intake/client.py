"""An HTTP client whose every connection is guarded, and whose every redirect is looked at."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

import httpcore
import httpx

from kg_videorag.errors import FetchError
from kg_videorag.intake.guard import GuardedBackend

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from http.cookiejar import CookieJar
    from types import TracebackType

    from kg_videorag.intake.terms import Patience

SCHEMES = ("http", "https")
_MOST_REDIRECTS = 5
_AGENT = "kg-videorag"


class GuardedClient:
    """Asks machines of the Internet, and no others.

    Args:
        private: Whether this machine and its own network may be asked too.
        patience: How long an answer may take.
        cookies: Sent and kept up to date; in memory for as long as the client, if not given.
    """

    def __init__(
        self, *, private: bool, patience: Patience, cookies: CookieJar | None = None
    ) -> None:
        self._client = httpx.Client(
            transport=_Transport(GuardedBackend(private=private, patience=patience)),
            trust_env=False,  # neither proxies nor .netrc
            follow_redirects=False,
            timeout=httpx.Timeout(patience.read_s, connect=patience.connect_s),
            headers={"User-Agent": _AGENT},
            cookies=cookies,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End its connections."""
        self._client.close()

    @contextmanager
    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Iterator[httpx.Response]:
        """What is at an address, its content not read yet.

        Raises:
            FetchError: If the address or one that it redirects to is not asked.
            httpx.HTTPError: If the connection fails.
        """
        response = self.send(self.request("GET", url, headers))
        try:
            yield response
        finally:
            response.close()

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> httpx.Request:
        """A request that may be sent.

        Raises:
            FetchError: If that is no address.
        """
        try:
            return self._client.build_request(method, url, headers=headers, content=content)
        except (httpx.InvalidURL, ValueError) as error:
            raise FetchError(f"this is no address: {error}") from error

    def send(self, request: httpx.Request) -> httpx.Response:
        """Send it, and what it is redirected to; the content of the answer is not read yet.

        The content of a redirect is never read: it could be without end.

        Raises:
            FetchError: If the address or one that it redirects to is not asked.
            httpx.HTTPError: If the connection fails.
        """
        for _ in range(_MOST_REDIRECTS + 1):
            _require_scheme(request.url)
            response = self._client.send(request, stream=True)
            following = response.next_request
            if following is None:
                return response
            response.close()
            if request.url.scheme == "https" and following.url.scheme == "http":
                raise FetchError(
                    f"{request.url.host} redirects to {following.url.host} without encryption",
                    hint="Give the address that begins with http:// if that is what you want.",
                )
            request = following
        raise FetchError(f"{request.url.host} redirects more than {_MOST_REDIRECTS} times")


def reason(error: httpx.HTTPError) -> str:
    """What went wrong with a connection, for one line of a message."""
    said = str(error).splitlines()[0] if str(error) else ""
    if isinstance(error, httpx.TimeoutException) and not said.startswith("only "):
        return "no answer came in time"
    if isinstance(error, (httpx.RemoteProtocolError, httpx.ReadError)):
        return "the connection broke"
    return said or type(error).__name__


def _require_scheme(url: httpx.URL) -> None:
    if url.scheme not in SCHEMES or not url.host:
        raise FetchError(
            f"{url.scheme or 'no'}: addresses are not fetched, only http and https",
            hint="Download it by other means, and give the path of the file.",
        )


class _Transport(httpx.BaseTransport):
    """httpcore, which httpx uses too, with connections of ours.

    httpx has no public way to give its own transport a network backend. A private one that
    is renamed would leave connections unguarded without a word.
    """

    def __init__(self, backend: GuardedBackend) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(), network_backend=backend
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        with _translated(request):
            answer = self._pool.handle_request(asked)
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer, request),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    """What an answer holds, as it comes."""

    def __init__(self, answer: httpcore.Response, request: httpx.Request) -> None:
        self._answer = answer
        self._request = request

    def __iter__(self) -> Iterator[bytes]:
        with _translated(self._request):
            yield from self._answer.iter_stream()

    def close(self) -> None:
        with _translated(self._request):
            self._answer.close()


_HTTPCORE_ERRORS = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.UnsupportedProtocol,
)


@contextmanager
def _translated(request: httpx.Request) -> Iterator[None]:
    """What httpcore raises as httpx's error of the same name."""
    try:
        yield
    except _HTTPCORE_ERRORS as error:
        kind = getattr(httpx, type(error).__name__, httpx.TransportError)
        raise kind(str(error), request=request) from error
