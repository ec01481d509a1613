"""Where a model server answers: checked, shown without its login, and tried for a second."""

from __future__ import annotations

import http.client
import ipaddress
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kg_videorag.errors import ConfigError

if TYPE_CHECKING:
    from typing import IO

_PROBE_S = 1.0  # a server on this machine or its network answers in milliseconds
_REFUSES = (401, 403)


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """An HTTP address that may hold a login.

    Args:
        url: As the user gave it.
        setting: Which setting gave it, for what is told.

    Raises:
        ConfigError: If it is none.
    """

    url: str = field(repr=False)
    setting: str = "KGV_LLM_URL"

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.url)
            valid = parts.scheme in {"http", "https"} and bool(parts.hostname)
            _ = parts.port
        except ValueError:
            valid = False
        if not valid or any(c.isspace() or not c.isprintable() for c in self.url):
            raise ConfigError(
                f"{self.setting} is no HTTP address",
                hint="Give it like http://127.0.0.1:11434/v1 (Ollama), or unset it.",
            )

    @property
    def shown(self) -> str:
        """Without login, query and fragment: fit for messages."""
        parts = urlsplit(self.url)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{host}{port}{parts.path}"

    @property
    def is_local(self) -> bool:
        """Whether it is this machine, which no proxy leads to."""
        host = urlsplit(self.url).hostname or ""
        try:
            return host == "localhost" or ipaddress.ip_address(host).is_loopback
        except ValueError:
            return False

    def fault(self, path: str, *, api_key: str = "") -> str:
        """What keeps a server from being used, tried with one short request; "" if nothing does.

        Args:
            path: What to ask for below the address, such as "/models".
            api_key: Sent as a bearer token where given.
        """
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        request = urllib.request.Request(  # noqa: S310 - the scheme was checked
            self.shown.rstrip("/") + path, headers=headers
        )
        handlers = [_NoRedirect(), *([urllib.request.ProxyHandler({})] if self.is_local else [])]
        try:
            with urllib.request.build_opener(*handlers).open(request, timeout=_PROBE_S):
                return ""
        except urllib.error.HTTPError as error:
            with error:
                refused = error.code in _REFUSES
            return f"{self.shown} refuses the key ({error.code})" if refused else ""
        except (OSError, ValueError, http.client.HTTPException):
            return f"no server answers at {self.shown}"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A key that was meant for one server is not carried to another."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> None:
        del req, fp, code, msg, headers, newurl
