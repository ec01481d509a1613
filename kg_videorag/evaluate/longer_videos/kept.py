"""Verdicts that were given, in one file of JSON lines: an interrupted run goes on where it was."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

from kg_videorag.errors import ComparisonError

if TYPE_CHECKING:
    from pathlib import Path


class KeptVerdicts:
    """By a hash of judge, prompts, question and answers. It may be deleted at any time.

    Args:
        file: Where they lie; a last line that was not written whole is left out.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._verdicts: dict[str, dict[str, Any]] = {}
        if file.exists():
            for line in file.read_text(encoding="utf-8", errors="replace").splitlines():
                self._take(line)

    def __len__(self) -> int:
        return len(self._verdicts)

    def get(self, key: str) -> dict[str, Any] | None:
        """The verdict that was kept under a key."""
        return self._verdicts.get(key)

    def put(self, key: str, verdict: dict[str, Any]) -> None:
        """Keep a verdict, on the disk before anything else is asked.

        Raises:
            ComparisonError: If it cannot be written.
        """
        line = json.dumps({"key": key, "verdict": verdict})
        with self._lock:
            self._verdicts[key] = verdict
            try:
                self._file.parent.mkdir(parents=True, exist_ok=True)
                with self._file.open("a", encoding="utf-8") as lines:
                    # A line that an earlier run left half-written ends here.
                    lines.write(f"{line}\n" if self._ends_whole() else f"\n{line}\n")
            except OSError as error:
                raise ComparisonError(
                    f"{self._file} cannot be written: {error.strerror}"
                ) from error

    def _ends_whole(self) -> bool:
        with self._file.open("rb") as lines:
            if lines.seek(0, 2) == 0:
                return True
            lines.seek(-1, 2)
            return lines.read() == b"\n"

    def _take(self, line: str) -> None:
        try:
            item = json.loads(line)
            self._verdicts[item["key"]] = dict(item["verdict"])
        except (ValueError, KeyError, TypeError):
            return
