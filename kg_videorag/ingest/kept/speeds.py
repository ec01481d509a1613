"""How fast stages were on this machine: what the estimates of `--dry-run` rest on."""

from __future__ import annotations

import json
import logging
import os
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_log = logging.getLogger(__name__)
# What was measured counts half as much after each further run: the machine may be busier now, and
# a first run loads models.
_FADE = 0.5
_SHORTEST_MS = 5_000  # of a file that says anything about speed; below, loading models is all


@dataclass(frozen=True, slots=True)
class Speeds:
    """Seconds of work a second of video, by stage and who worked in it.

    Args:
        path: A small JSON file. Two processes may write it at once: the last one's stands.
    """

    path: Path

    def read(self) -> dict[str, float]:
        """What was measured; nothing where the file is missing or is none of ours."""
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
            return {str(name): float(value) for name, value in found.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            return {}

    def note(self, spent_s: Mapping[str, float], duration_ms: int) -> None:
        """Take in what an ingest measured; that it cannot be written harms nothing.

        Args:
            spent_s: Seconds by stage and who worked in it.
            duration_ms: Of the video.
        """
        if duration_ms < _SHORTEST_MS or not spent_s:
            return
        known = self.read()
        for name, seconds in spent_s.items():
            now = seconds * 1000 / duration_ms
            former = known.get(name, now)
            known[name] = round(_FADE * former + (1 - _FADE) * now, 6)
        temporary = self.path.with_name(f"{self.path.name}.{os.getpid()}.tmp")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_text(json.dumps(known, indent=1), encoding="utf-8")
            temporary.replace(self.path)
        except OSError as error:
            _log.debug("speeds are not noted: %s", error)
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
