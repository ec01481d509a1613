"""On which terms files are fetched: from where, how much, how long it may take."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a download may take, and how often it is tried.

    Not measured: generous for a slow line, short of what a person would wait for.

    Args:
        connect_s: Until a connection stands.
        read_s: Without a byte.
        window_s: A connection that has brought less than `window_bytes` in this long, counting
            only what was waited for it, is given up: it may be held open on purpose.
        window_bytes: See `window_s`.
        attempts: In a row that bring nothing new; one that brings something begins the count anew.
        pause_s: Before the second attempt; twice as long before each further one.
        longest_pause_s: A server that asks for more (`Retry-After`) is given up.
    """

    connect_s: float = 15.0
    read_s: float = 45.0
    window_s: float = 90.0
    window_bytes: int = 1024
    attempts: int = 5
    pause_s: float = 1.0
    longest_pause_s: float = 120.0


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms files are fetched.

    Args:
        limit_bytes: More than this is not taken of one address.
        private: Whether this machine and its own network may be asked.
        languages: Of subtitles that are wanted, best first, as two letters.
        patience: How long it may take.
    """

    limit_bytes: int
    private: bool = False
    languages: tuple[str, ...] = ("en",)
    patience: Patience = field(default_factory=Patience)
