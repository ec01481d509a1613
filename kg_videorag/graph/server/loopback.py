"""Ports of this machine: which are free, and does Neo4j answer on one."""

from __future__ import annotations

import contextlib
import socket
import struct

from kg_videorag.graph.server.conf import LOOPBACK, Ports

# Source: Bolt protocol, "Handshake": a magic number, then four proposed versions, of which the
# server picks one or answers zeros. 5.0 to 5.8 and 4.4 are offered.
_HANDSHAKE = struct.pack(">I4I", 0x6060B017, 0x00080805, 0x00000404, 0, 0)


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of the loopback address."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As Java does: else a port just closed counts as taken for a minute.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def choose_ports(last: Ports | None) -> Ports:
    """Free ports: the last ones where they still are, so that Browser's bookmarks keep working.

    Raises:
        OSError: If the machine gives none out.
    """
    with contextlib.ExitStack() as held:
        # Both are held while both are chosen, so that all differ.
        fresh = [held.enter_context(_bound_anywhere()).getsockname()[1] for _ in range(2)]
        bolt = last.bolt if last and is_free(last.bolt) else fresh[0]
        http = last.http if last and is_free(last.http) else fresh[1]
    return Ports(bolt=bolt, http=http)


def _bound_anywhere() -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        bound.bind((LOOPBACK, 0))
    except OSError:
        bound.close()
        raise
    return bound


def accepts(port: int, timeout_s: float = 1.0) -> bool:
    """Whether something listens on this port."""
    try:
        socket.create_connection((LOOPBACK, port), timeout_s).close()
    except OSError:
        return False
    return True


def answers_bolt(port: int, timeout_s: float = 2.0) -> bool:
    """Whether something that speaks Bolt listens on this port."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout_s) as connection:
            connection.settimeout(timeout_s)
            connection.sendall(_HANDSHAKE)
            answer = connection.recv(4)
    except OSError:
        return False
    return len(answer) == 4 and any(answer)
