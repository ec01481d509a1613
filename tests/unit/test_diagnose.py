"""What `doctor` sees without starting anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg_videorag.config import load_settings
from kg_videorag.diagnose import diagnose

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("setting", ["home", "cache_dir"])
def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path, setting: str) -> None:
    (tmp_path / "file").write_text("")
    folders = {"home": tmp_path / "home", "cache_dir": tmp_path / "cache"}
    folders[setting] = tmp_path / "file" / "below"
    faults = [c for c in diagnose(load_settings(**folders)) if c.kind == "disk" and not c.ready]
    assert [(fault.name, fault.hint) for fault in faults] == [
        (setting, f"Set KGV_{setting.upper()} to a folder of yours.")
    ]


@pytest.mark.parametrize(
    ("store", "ready", "told"),
    [
        ("json", True, "whether it fits is seen while Neo4j runs"),
        ("nonsense", False, "no vector_index is named 'nonsense'"),
    ],
)
def test_the_vector_index_is_looked_at(tmp_path: Path, store: str, ready: bool, told: str) -> None:
    settings = load_settings(home=tmp_path, cache_dir=tmp_path, vector_index=store)
    (check,) = [c for c in diagnose(settings) if c.kind == "vector_index"]
    assert (check.name, check.ready, check.detail) == (store, ready, told)
    assert not (tmp_path / "neo4j").exists()


def test_what_is_kept_of_stages_is_told(tmp_path: Path) -> None:
    settings = load_settings(home=tmp_path, cache_dir=tmp_path)

    def told() -> str:
        (check,) = [c for c in diagnose(settings) if (c.kind, c.name) == ("disk", "stages")]
        return check.detail

    assert told() == f"{tmp_path / 'stages'}: nothing kept of 0 videos"
    (tmp_path / "stages").mkdir()
    (tmp_path / "stages" / "film.sqlite").write_bytes(bytes(2_000_000))
    (tmp_path / "stages" / "film.sqlite-wal").write_bytes(bytes(1_000_000))
    assert told() == f"{tmp_path / 'stages'}: 3 MB kept of 1 video"
