"""What the child may say, checked: the parent trusts none of it before."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from kg_videorag.ingest.media.worker.wire import MAX_NAME, MAX_TEXT, WireError
from kg_videorag.model import SMALL_WIDTH_PX

_MAX_MS = 1 << 53  # what JSON's numbers hold exactly
_Ms = Annotated[int, Field(ge=-_MAX_MS, le=_MAX_MS)]
_Count = Annotated[int, Field(ge=0, le=_MAX_MS)]
_Side = Annotated[int, Field(ge=1, le=1 << 20)]
_Small = Annotated[int, Field(ge=1, le=2 * SMALL_WIDTH_PX)]
_Text = Annotated[str, Field(max_length=MAX_TEXT)]
_Name = Annotated[str, Field(max_length=MAX_NAME)]


class _Message(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    @property
    def body_bytes(self) -> int:
        """How long the bytes are that must come with it."""
        return 0


class Alive(_Message):
    """The work goes on."""

    kind: Literal["alive"]
    at_ms: _Ms


class Info(_Message):
    """What `probe` found; the path is the parent's own."""

    kind: Literal["info"]
    title: _Text
    duration_ms: _Count
    width_px: _Side | None
    height_px: _Side | None
    has_audio: bool
    sound_track: _Count
    sound_note: _Text


class Track(BaseModel):
    """A stream of text."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    index: _Count
    codec: _Name
    language: _Name
    forced: bool


class Tracks(_Message):
    """What `caption_streams` found."""

    kind: Literal["tracks"]
    tracks: list[Track]
    sound: _Name


class Cue(_Message):
    """One caption; its text comes as UTF-8 bytes."""

    kind: Literal["cue"]
    start_ms: _Ms
    end_ms: _Ms
    actor: _Text
    size: _Count

    @property
    def body_bytes(self) -> int:
        return self.size


class Sound(_Message):
    """A piece of sound; int16 bytes."""

    kind: Literal["sound"]
    at: _Ms
    samples: _Count

    @property
    def body_bytes(self) -> int:
        return self.samples * 2


class Shown(_Message):
    """A sampled picture; uint8 bytes of its small copy."""

    kind: Literal["picture"]
    number: _Count
    at_ms: _Count
    height: _Small
    width: _Small
    held_bytes: _Count

    @property
    def body_bytes(self) -> int:
        return self.height * self.width * 3


class Whole(_Message):
    """A picture in its own size; uint8 bytes."""

    kind: Literal["whole"]
    number: _Count
    height: _Side
    width: _Side

    @property
    def body_bytes(self) -> int:
        return self.height * self.width * 3


class NotWhole(_Message):
    """Why a picture cannot be had in its own size."""

    kind: Literal["not_whole"]
    number: _Count
    message: _Text
    hint: _Text


class Fault(_Message):
    """The call failed, or found part of the file missing (`decoded_ms` is then given)."""

    kind: Literal["fault"]
    message: _Text
    hint: _Text
    decoded_ms: _Ms | None


class End(_Message):
    """The call is done, whether or not with a fault."""

    kind: Literal["end"]
    peak_bytes: _Count


Part = Info | Tracks | Cue | Sound | Shown
"""What a call hands out."""
Message = Alive | Part | Whole | NotWhole | Fault | End
_ADAPTER: TypeAdapter[Message] = TypeAdapter(Annotated[Message, Field(discriminator="kind")])


def checked(header: bytes, body: bytearray) -> Message:
    """A frame's meaning.

    Raises:
        WireError: If the header is none of these, or the body not as long as it says.
    """
    try:
        message = _ADAPTER.validate_json(header)
    except ValidationError as error:
        raise WireError(f"{error.error_count()} faults in a header") from error
    if message.body_bytes != len(body):
        raise WireError(f"{len(body)} bytes came with a {message.kind}, not {message.body_bytes}")
    return message
