"""A model in a folder: another one under the same name is told from it."""

from __future__ import annotations

import os
import re

from kg_videorag.engines.folder_print import folder_print


def test_it_changes_with_the_files_and_with_nothing_else(tmp_path) -> None:
    weights = tmp_path / "model.bin"
    weights.write_bytes(b"first")
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "folder").mkdir()
    first = folder_print(tmp_path)
    assert re.fullmatch("[0-9a-f]{8}", first)
    (tmp_path / "folder" / "cache").write_text("made while it works")
    assert folder_print(tmp_path) == first
    weights.write_bytes(b"other")
    os.utime(weights, ns=(0, 0))  # of the same size
    other = folder_print(tmp_path)
    assert other != first
    weights.rename(tmp_path / "model.safetensors")
    assert folder_print(tmp_path) not in (first, other)


def test_a_folder_that_is_gone_is_no_failure(tmp_path) -> None:
    assert folder_print(tmp_path / "none") == "unread"
