"""The values of stages as bytes, and back.

Words and numbers are JSON, compressed: a transcript shrinks to a tenth. Vectors and pictures
stand behind it as they are, for they hardly shrink (float32 vectors by 7 %, JPEG files by none).
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

import numpy as np
from pydantic import TypeAdapter, ValidationError

from kg_videorag.ingest.caption import Captioned
from kg_videorag.ingest.extract import ExtractedGraph
from kg_videorag.ingest.observe import Heard
from kg_videorag.ingest.watch import Seen
from kg_videorag.model import (
    Embedding,
    Frame,
    Label,
    Segment,
    TextLine,
    TimedLabel,
    TimedVector,
    Transcript,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

T = TypeVar("T")
_LENGTH = struct.Struct("<Q")


class CodecError(ValueError):
    """Bytes are not what such a value is kept as."""


class Codec(Protocol[T]):
    """A value of one kind as bytes, and back."""

    def encode(self, value: T) -> bytes:
        """Raises: ValueError: If the value cannot be written, as text with half characters."""
        ...

    def decode(self, data: bytes) -> T:
        """Raises: CodecError: If the bytes are no such value."""
        ...


class JsonCodec(Generic[T]):
    """Frozen values of words and numbers, as compressed JSON that is checked when it is read.

    Args:
        kind: The values' type.
    """

    def __init__(self, kind: Any) -> None:  # noqa: ANN401 - a type, or a form such as tuple[X, ...]
        self._adapter: TypeAdapter[T] = TypeAdapter(kind)

    def encode(self, value: T) -> bytes:
        return zlib.compress(self._adapter.dump_json(value))

    def decode(self, data: bytes) -> T:
        try:
            return self._adapter.validate_json(zlib.decompress(data))
        except (ValidationError, zlib.error) as error:
            raise CodecError(str(error)) from error


class BlobCodec(Generic[T]):
    """Tuples of values that have one field of many bytes each; what is one is kept once.

    Args:
        kind: The class of a value.
        field: Which of its fields that is.
        to_bytes: The field as bytes.
        from_bytes: And back.
    """

    def __init__(
        self,
        kind: Callable[..., T],
        field: str,
        to_bytes: Callable[[Any], bytes],
        from_bytes: Callable[[bytes], Any],
    ) -> None:
        self._kind, self._field = kind, field
        self._to_bytes, self._from_bytes = to_bytes, from_bytes
        # Rows: which blob, then the other fields by name.
        self._header: JsonCodec[tuple[list[int], list[tuple[int, dict[str, Any]]]]] = JsonCodec(
            tuple[list[int], list[tuple[int, dict[str, Any]]]]
        )

    def encode(self, value: tuple[T, ...]) -> bytes:
        blobs: dict[bytes, int] = {}
        rows = []
        for one in value:
            blob = self._to_bytes(getattr(one, self._field))
            others = [f.name for f in fields(one) if f.name != self._field]  # type: ignore[arg-type]
            place = blobs.setdefault(blob, len(blobs))
            rows.append((place, {name: getattr(one, name) for name in others}))
        header = self._header.encode(([len(blob) for blob in blobs], rows))
        return b"".join((_LENGTH.pack(len(header)), header, *blobs))

    def decode(self, data: bytes) -> tuple[T, ...]:
        try:
            (length,) = _LENGTH.unpack_from(data)
            sizes, rows = self._header.decode(data[_LENGTH.size : _LENGTH.size + length])
            start, things = _LENGTH.size + length, []
            for size in sizes:
                things.append(self._from_bytes(data[start : start + size]))
                start += size
            return tuple(
                self._kind(**others, **{self._field: things[place]}) for place, others in rows
            )
        except (struct.error, ValueError, TypeError, IndexError) as error:
            raise CodecError(str(error)) from error


class VectorCodec:
    """One vector: float32, shape (dimension,)."""

    def encode(self, value: NDArray[np.float32]) -> bytes:
        return _vector_bytes(value)

    def decode(self, data: bytes) -> NDArray[np.float32]:
        try:
            return _vector(data)
        except ValueError as error:
            raise CodecError(str(error)) from error


def _vector_bytes(vector: NDArray[np.float32]) -> bytes:
    return np.ascontiguousarray(vector, dtype="<f4").tobytes()


def _vector(data: bytes) -> NDArray[np.float32]:
    return np.frombuffer(data, dtype="<f4").astype(np.float32, copy=False)


# Stage to how its result is kept.
CODECS: Mapping[str, Codec[Any]] = {
    "decode": JsonCodec[bool](bool),  # that all of the file could be read
    "speech": JsonCodec[Heard](Heard),
    "screen": JsonCodec[Seen](Seen),
    "vectors": BlobCodec(TimedVector, "vector", _vector_bytes, _vector),
    "sidecars": BlobCodec(TimedVector, "vector", _vector_bytes, _vector),
    "frames": BlobCodec(Frame, "jpeg", bytes, bytes),
    "labels": JsonCodec[tuple[TimedLabel, ...]](tuple[TimedLabel, ...]),
    "segment": JsonCodec[tuple[Segment, ...]](tuple[Segment, ...]),
    "caption": JsonCodec[Captioned](Captioned),
    "extract": JsonCodec[ExtractedGraph](ExtractedGraph),
    "embed": BlobCodec(Embedding, "vector", _vector_bytes, _vector),
}
# What engines made of one piece of a file; see ingest/remembered.py.
TRANSCRIPT = JsonCodec[Transcript](Transcript)
TEXT_LINES = JsonCodec[tuple[TextLine, ...]](tuple[TextLine, ...])
LABELS = JsonCodec[tuple[Label, ...]](tuple[Label, ...])
TIMED_LABELS = JsonCodec[tuple[TimedLabel, ...]](tuple[TimedLabel, ...])
TEXT = JsonCodec[str](str)
VECTOR = VectorCodec()
