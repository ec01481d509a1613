"""Frames between the two processes: two lengths, a JSON header, raw bytes."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import BinaryIO

    Content = bytes | memoryview

_LENGTHS = struct.Struct("!II")
MAX_HEADER_BYTES = 1 << 20  # a few hundred; a title or 64 streams' languages are the longest

MAX_TEXT, MAX_NAME = 2_000, 100  # characters of a message, of a language or a codec
EXIT_MEMORY = 86
"""What the child exits with when it finds that it has taken more memory than allowed."""


class WireError(Exception):
    """What came is no frame, or one that is too large."""


def write_frame(file: BinaryIO, header: Mapping[str, Any], body: Content = b"") -> None:
    """Write one frame.

    Args:
        file: An unbuffered pipe.
        header: JSON.
        body: Contiguous.

    Raises:
        OSError: If the other side is gone.
    """
    # What is no Unicode, as in a name of a file, would be refused by who checks the header.
    text = json.dumps(header, ensure_ascii=False).encode("utf-8", "replace")
    content = memoryview(body if len(body) else b"").cast("B")
    _write(file, _LENGTHS.pack(len(text), len(content)) + text)
    _write(file, content)


def read_frame(file: BinaryIO, max_body_bytes: int) -> tuple[bytes, bytearray] | None:
    """Read one frame.

    Args:
        file: A pipe.
        max_body_bytes: Nothing larger is taken.

    Returns:
        The header, not looked at yet, and the body; None at the end, also in the midst of a frame.

    Raises:
        WireError: If it is larger than it may be.
    """
    lengths = _read(file, _LENGTHS.size)
    if lengths is None:
        return None
    header_bytes, body_bytes = _LENGTHS.unpack(lengths)
    if header_bytes > MAX_HEADER_BYTES or body_bytes > max_body_bytes:
        raise WireError(f"a frame of {header_bytes} + {body_bytes} bytes")
    header = _read(file, header_bytes)
    body = _read(file, body_bytes)
    return None if header is None or body is None else (bytes(header), body)


def _write(file: BinaryIO, content: bytes | memoryview) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[file.write(rest) :]


def _read(file: BinaryIO, size: int) -> bytearray | None:
    content = bytearray(size)
    rest = memoryview(content)
    while rest:
        count = file.readinto(rest)  # type: ignore[attr-defined]
        if not count:
            return None
        rest = rest[count:]
    return content
