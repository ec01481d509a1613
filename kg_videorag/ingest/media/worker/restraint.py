"""The limits that the decoding process puts on itself before it opens the file."""

from __future__ import annotations

import os
import resource
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import psutil

from kg_videorag.ingest.media.worker.wire import EXIT_MEMORY

if TYPE_CHECKING:
    from kg_videorag.model import DecodeLimits

_FILES = 32  # the file, three pipes, a few of Python's
_WATCH_S = 0.1  # a decoder takes some 100 MB in this time
# Processor seconds without any progress; half an hour of 8K takes as long, one picture never.
_CPU_S = 300


def apply(limits: DecodeLimits) -> None:
    """Hold this process to the limits; nothing takes them back.

    Memory is held by the system where it can (Linux: what is private and writable, so that
    neither libraries nor address space that is only reserved count), and watched everywhere.
    """
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_NOFILE, _FILES)
    if sys.platform == "linux":
        _lower(resource.RLIMIT_DATA, limits.memory_bytes)
    renew()
    Thread(target=_watch, args=(limits.memory_bytes,), daemon=True).start()


def renew() -> None:
    """There was progress: the decoder has its processor time again."""
    used_s = int(time.process_time())
    with suppress(ValueError, OSError):  # a lower limit was set from outside
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (used_s + _CPU_S, hard))


def peak_bytes() -> int:
    """The most memory that this process has had so far."""
    with suppress(OSError, StopIteration):
        # Not getrusage: there Linux counts what the parent had when it started this process.
        lines = Path("/proc/self/status").read_text(encoding="ascii").split("\n")
        return int(next(line for line in lines if line.startswith("VmHWM:")).split()[1]) << 10
    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)  # macOS: bytes


def _lower(which: int, value: int) -> None:
    """Set both limits, which cannot be raised again; one that is lower already stays."""
    hard = resource.getrlimit(which)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (value, value))


def _watch(memory_bytes: int) -> None:
    process = psutil.Process()
    while process.memory_info().rss <= memory_bytes:
        time.sleep(_WATCH_S)
    os._exit(EXIT_MEMORY)
