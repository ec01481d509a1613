"""Starts the process that decodes, and says how it ended."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from kg_videorag.ingest.media.source import LACKED_MEMORY, MEMORY_HINT
from kg_videorag.ingest.media.worker.wire import EXIT_MEMORY

# What the child needs to find its libraries where Python was put in an unusual place. Nothing
# else of the environment reaches it: passwords and tokens are in there.
_KEPT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "LANG", "LC_ALL", "TZ")
_BOOT = (
    "import sys; sys.path += sys.argv[1:];"
    "from kg_videorag.ingest.media.worker.child import main; main()"
)
_PIPE_BYTES = 1 << 20  # of what the child says; at 64 KiB a picture takes several wake-ups
_LAST_WORDS = 300  # characters


def start() -> subprocess.Popen[bytes]:
    """A child that waits for its request on stdin, answers on stdout and complains on stderr.

    It is in a process group of its own, so that Ctrl-C in a terminal is the parent's alone to
    answer. `-I -S`: neither the environment, nor the current folder, nor site packages' start-up
    files decide what it runs; it is told where the few packages are that it needs.
    """
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    # Else its linear algebra, which nobody uses here, reserves memory for each processor.
    environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    child = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _BOOT, *_roots()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        cwd=Path(sys.executable).anchor,
        env=environment,
        process_group=0,
    )
    assert child.stdout is not None  # noqa: S101 - it is a pipe
    assert child.stderr is not None  # noqa: S101
    _widen(child.stdout.fileno())
    os.set_blocking(child.stderr.fileno(), False)
    return child


def end(child: subprocess.Popen[bytes]) -> str:
    """Kill a child, unless it is dead already, and take it out of the process table.

    Returns:
        The last line of its complaints.
    """
    child.kill()
    child.wait()
    words = b""
    if child.stderr is not None and not child.stderr.closed:
        words = child.stderr.read() or b""
        child.stderr.close()
    if child.stdin is not None:
        child.stdin.close()
    lines = words.decode("utf-8", "replace").split("\n")
    return next((line.strip()[:_LAST_WORDS] for line in reversed(lines) if line.strip()), "")


def how_it_ended(code: int) -> tuple[str, str]:
    """What became of a child that ended by itself, in words, and what to do.

    Args:
        code: As subprocess gives it: negative is a signal's number.
    """
    if code == EXIT_MEMORY:
        return LACKED_MEMORY, MEMORY_HINT
    if code == -signal.SIGKILL:
        return "its decoder was killed", "The system may be short of memory. Try it again."
    if code == -signal.SIGXCPU:
        return "decoding it stands still", _CONVERT
    if code < 0:
        return f"its decoder crashed ({_signal_name(-code)})", _CONVERT
    return f"its decoder failed (exit {code})", _CONVERT


_CONVERT = "The file is damaged or hostile. If you trust it, convert it to another format first."


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


@cache
def _roots() -> tuple[str, ...]:
    """Where the child's packages lie; this one first, so that a checkout's goes before another."""
    found = (find_spec(name) for name in ("kg_videorag", "av", "numpy", "psutil"))
    roots = (str(Path(spec.origin).parents[1]) for spec in found if spec and spec.origin)
    return tuple(dict.fromkeys(roots))


def _widen(pipe: int) -> None:
    if not hasattr(fcntl, "F_SETPIPE_SZ"):  # Linux alone has it
        return
    with suppress(OSError):  # the user's pipes take as much already as the system allows
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
