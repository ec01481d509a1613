"""Which machines may be asked for a file, and connections to no others.

A name is resolved here, once, and the connection goes to the very address that was looked at:
an answer that changes between the look and the connection (DNS rebinding) changes nothing. It
holds for every connection, those of redirects among them. How an address is spelt (`0x7f.1`,
`2130706433`) does not matter: what is looked at is what the system makes of it.

Proxies of the environment are not used: a proxy resolves names itself, unseen.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from typing import TYPE_CHECKING, Any

import httpcore

from kg_videorag.errors import AddressRefusedError

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable

    from kg_videorag.intake.terms import Patience

    Address = ipaddress.IPv4Address | ipaddress.IPv6Address

PRIVATE_HINT = "Set KGV_DOWNLOAD_PRIVATE=true if your own network is meant."
# Where clouds tell a machine its own secrets; link-local ones are refused as such.
# Source: the documentation of Azure, Oracle, Alibaba Cloud, AWS and Google Cloud.
_METADATA = frozenset(
    ipaddress.ip_address(text)
    for text in (
        "168.63.129.16",
        "192.0.0.192",
        "100.100.100.200",
        "fd00:ec2::254",
        "fd20:ce::254",
    )
)
_SHARED = ipaddress.ip_network("100.64.0.0/10")  # behind a provider's NAT, RFC 6598
_THIS_NETWORK = ipaddress.ip_network("0.0.0.0/8")  # Linux takes 0.0.0.0 for itself
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are IPv4
_MOST_ADDRESSES = 4  # of one name that are tried: more would only lengthen the wait


def refusal(address: str, *, private: bool) -> str:
    """Why an address is not asked; "" if it is.

    Args:
        address: IPv4 or IPv6, as the system's resolver writes it.
        private: Whether this machine and its own network may be asked.
    """
    ip = _unwrapped(ipaddress.ip_address(address))
    if ip.is_link_local or ip in _METADATA:
        return "it is where a cloud keeps its machines' secrets, or a neighbour on the cable"
    if isinstance(ip, ipaddress.IPv6Address) and (ip.sixtofour or ip.teredo):
        return "it is a tunnel to somewhere else"  # both are given up: RFC 7526, RFC 8215
    if ip.is_unspecified or ip.is_multicast or _is(ip, _THIS_NETWORK):
        return "it is no machine's address"
    own = ip.is_loopback or _is(ip, _SHARED) or (ip.is_private and not ip.is_reserved)
    if own or getattr(ip, "is_site_local", False):
        return "" if private else "it is inside your own network"
    return "" if ip.is_global and not ip.is_reserved else "it is not an address of the Internet"


def _unwrapped(ip: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for, where it does."""
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return ip.ipv4_mapped
        if ip in _NAT64:
            return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip


def _is(ip: Address, network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    return ip.version == network.version and ip in network


class GuardedBackend(httpcore.NetworkBackend):
    """Connects to addresses that may be asked, and to nothing else.

    Args:
        private: Whether this machine and its own network may be asked.
        patience: How long an answer may take.
    """

    def __init__(self, *, private: bool, patience: Patience) -> None:
        self._private = private
        self._patience = patience
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of a name that answers.

        Raises:
            AddressRefusedError: If no address of the name may be asked.
        """
        failure: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self._allowed(host, port)[:_MOST_ADDRESSES]:
            try:  # a number, not a name: nothing is resolved again
                stream = self._sockets.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return _Paced(stream, self._patience)
        raise failure

    def _allowed(self, host: str, port: int) -> list[str]:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:  # a label of more than 63 letters, among others
            raise httpcore.ConnectError(f"there is no machine named {host}") from error
        found = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
        reasons = {address: refusal(address, private=self._private) for address in found}
        allowed = [address for address, reason in reasons.items() if not reason]
        if found and not allowed:
            address, reason = next(iter(reasons.items()))
            where = host if host == address else f"{host} ({address})"
            own = "own network" in reason
            raise AddressRefusedError(
                f"{where} is not asked: {reason}", hint=PRIVATE_HINT if own else ""
            )
        return allowed


class _Paced(httpcore.NetworkStream):
    """A connection that is given up when next to nothing comes, byte by byte, for long."""

    def __init__(self, stream: httpcore.NetworkStream, patience: Patience) -> None:
        self._stream = stream
        self._patience = patience
        self._waited_s = 0.0
        self._came_bytes = 0

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        began = time.monotonic()
        data = self._stream.read(max_bytes, timeout)
        self._waited_s += time.monotonic() - began
        self._came_bytes += len(data)
        if self._waited_s >= self._patience.window_s:
            if data and self._came_bytes < self._patience.window_bytes:
                raise httpcore.ReadTimeout(
                    f"only {self._came_bytes} bytes came in {self._waited_s:.0f} s"
                )
            self._waited_s, self._came_bytes = 0.0, 0
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Encrypt; the certificate is compared with the name, not with the address."""
        secured = self._stream.start_tls(ssl_context, server_hostname, timeout)
        return _Paced(secured, self._patience)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - as httpcore declares it
        return self._stream.get_extra_info(info)
