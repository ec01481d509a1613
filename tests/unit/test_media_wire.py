"""What a decoder that was taken over could say, and that none of it is believed."""

from __future__ import annotations

import contextlib
import io
import json
import os
import pickle
import struct
from dataclasses import fields

import pytest

from kg_videorag.errors import MediaError
from kg_videorag.ingest.media import MediaReader
from kg_videorag.ingest.media.worker import messages
from kg_videorag.ingest.media.worker.inbox import Inbox
from kg_videorag.ingest.media.worker.wire import MAX_HEADER_BYTES, WireError, write_frame
from kg_videorag.model import DecodeLimits, MediaInfo

MOST_BYTES = 1_000
PICTURE = {"kind": "picture", "number": 1, "at_ms": 0, "height": 2, "width": 3, "held_bytes": 9}


def heard(*frames):
    """An inbox that was told these bytes, and then nothing any more."""
    out, into = os.pipe()
    inbox = Inbox(os.fdopen(out, "rb", buffering=0), MOST_BYTES)
    with os.fdopen(into, "wb", buffering=0) as pipe, contextlib.suppress(BrokenPipeError):
        for told in frames:
            pipe.write(told)
    assert inbox.wait(lambda: inbox.gone, stall_s=5)
    return inbox


def frame(header, body=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("!II", len(text), len(body)) + text + body


def test_what_is_as_agreed_is_taken():
    inbox = heard(frame(PICTURE, bytes(18)), frame({"kind": "end", "peak_bytes": 7}))
    assert [(part.kind, len(body)) for part, body in inbox.parts] == [("picture", 18)]
    assert (inbox.done, inbox.peak_bytes, inbox.nonsense) == (True, 7, "")


@pytest.mark.parametrize(
    "said",
    [
        frame(PICTURE, bytes(17)),
        frame(PICTURE | {"height": 2_000_000}, bytes(18)),
        frame(PICTURE | {"at_ms": -1}, bytes(18)),
        frame(PICTURE | {"at_ms": "0"}, bytes(18)),
        frame(PICTURE | {"at_ms": 1e300}, bytes(18)),
        frame(PICTURE | {"more": 1}, bytes(18)),
        frame({"kind": "sound", "at": 0, "samples": 3}, bytes(5)),
        frame({"kind": "sound", "at": 1 << 60, "samples": 0}),
        frame({"kind": "fault", "message": "x" * 2_001, "hint": "", "decoded_ms": None}),
        frame({"kind": "run", "code": "import os"}),
        frame({}),
        frame(b"[]"),
        frame(b"\xff\xfe"),
        frame(b"[" * 100_000),
        frame(pickle.dumps(os.getcwd)),
        frame({"kind": "end", "peak_bytes": 0}, b"x"),
        struct.pack("!II", MAX_HEADER_BYTES + 1, 0),
        struct.pack("!II", 2, MOST_BYTES + 1),
        struct.pack("!II", 2**32 - 1, 2**32 - 1),
    ],
)
def test_what_is_not_is_not_and_nothing_after_it(said):
    inbox = heard(said, frame(PICTURE, bytes(18)))
    assert inbox.nonsense
    assert not inbox.parts
    assert not inbox.done


def test_what_breaks_off_is_no_message():
    whole = frame(PICTURE, bytes(18))
    for length in range(len(whole)):
        inbox = heard(whole[:length])
        assert (len(inbox.parts), inbox.done, inbox.gone) == (0, False, True)


def test_a_decoder_that_says_nonsense_fails_its_file_alone(tmp_path, monkeypatch):
    path = tmp_path / "a.mp4"
    monkeypatch.setattr(
        "kg_videorag.ingest.media.worker.process._BOOT",
        "import sys; sys.stdout.buffer.write(b'AAAAAAAAAAAA'); sys.stdout.flush(); input()",
    )
    with pytest.raises(MediaError, match=r"^a\.mp4: its decoder failed .*a frame of \d+ \+ \d+"):
        MediaReader(DecodeLimits(stall_s=5)).probe(path)


def test_who_never_listens_stalls_nobody_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr(
        "kg_videorag.ingest.media.worker.process._BOOT", "import time; time.sleep(99)"
    )
    with pytest.raises(MediaError, match=r"stood still for 0\.5 s"):
        MediaReader(DecodeLimits(stall_s=0.5)).probe(tmp_path / "a.mp4")


def test_all_that_is_known_of_a_file_is_told():
    told = set(messages.Info.model_fields) - {"kind"}
    assert told == {field.name for field in fields(MediaInfo)} - {"path"}


def test_names_that_are_no_unicode_are_told_all_the_same():
    told = io.BytesIO()
    write_frame(told, {"kind": "fault", "message": "\udcff", "hint": "", "decoded_ms": None})
    assert heard(told.getvalue()).fault.message == "?"


def test_a_header_that_is_no_json_is_told_in_one_line():
    with pytest.raises(WireError, match=r"^1 faults in a header$"):
        messages.checked(b"{", bytearray())


RESTRAINED = """
import mmap, pathlib, time
from kg_videorag.ingest.media.worker import restraint
from kg_videorag.model import DecodeLimits
restraint.apply(DecodeLimits(memory_bytes=200 << 20))
"""


@pytest.mark.parametrize(
    ("doing", "said"),
    [
        ("bytearray(250 << 20)", "failed (exit 1) at 00:00:00: MemoryError"),
        # The system does not count what is shared; the watch does.
        (
            "m = mmap.mmap(-1, 1 << 28)\nwhile True: m.write(bytes(1 << 20)); time.sleep(0.001)",
            "to decode it takes more memory than is allowed at 00:00:00",
        ),
        ("pathlib.Path(PLACE).write_text('x')", "OSError: [Errno 27] File too large"),
        ("[open('/dev/null') for _ in range(40)]", "Too many open files: '/dev/null'"),
    ],
)
def test_who_takes_too_much_is_ended(tmp_path, monkeypatch, doing, said):
    place = f"PLACE = {str(tmp_path / 'written')!r}\n"
    boot = "import sys; sys.path += sys.argv[1:]\n" + RESTRAINED + place + doing
    monkeypatch.setattr("kg_videorag.ingest.media.worker.process._BOOT", boot)
    with pytest.raises(MediaError) as caught:
        MediaReader().probe(tmp_path / "a.mp4")
    assert said in caught.value.message
