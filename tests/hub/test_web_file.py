"""One file at a fixed address, against a real server on this machine."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import replace

import pytest

from kg_videorag.engines.hub import WebFile
from kg_videorag.errors import EngineUnavailable


@pytest.fixture
def file(served):
    content = served.files["model.safetensors"]
    return WebFile(
        name="model.pth",
        url=f"{served.url}/plain/model.safetensors",
        size_bytes=len(content),
        licence="CC BY-NC 4.0",
        sha256=hashlib.sha256(content).hexdigest(),
    )


@pytest.fixture
def gets(served):
    """The ranges that were asked for."""
    return lambda: [span for method, _, span in served.asked if method == "GET"]


def test_what_is_not_there_is_told_with_the_command_that_brings_it(file, tmp_path, gets):
    state = file.state(tmp_path)
    assert (state.ready, state.checksum) == (False, "missing")
    assert state.hint == "Run `kg-videorag models fetch model.pth` (3 MB)."
    assert file.verify(tmp_path).faults == ("is not on this machine",)
    assert gets() == []


def test_it_is_fetched_once(file, served, tmp_path, gets):
    path = file.fetch(tmp_path)
    assert path == file.locate(tmp_path)
    assert path.read_bytes() == served.files["model.safetensors"]
    assert (file.state(tmp_path).ready, file.state(tmp_path).checksum) == (True, "present")
    assert (file.verify(tmp_path).files, file.verify(tmp_path).faults) == (1, ())
    file.fetch(tmp_path)
    assert gets() == [""]


def test_an_interrupted_download_is_missing_and_goes_on_where_it_stopped(
    file, served, tmp_path, gets
):
    served.cut_bytes = 1_000_000
    with pytest.raises(EngineUnavailable, match="cannot be had") as caught:
        file.fetch(tmp_path)
    assert "go on where it stopped" in caught.value.hint
    assert not file.state(tmp_path).ready
    served.cut_bytes = 0
    file.fetch(tmp_path)
    assert gets() == ["", "bytes=1000000-"]
    assert file.verify(tmp_path).faults == ()


def test_a_damaged_file_is_told_and_brought_anew(file, tmp_path):
    path = file.fetch(tmp_path)
    content = bytearray(path.read_bytes())
    content[5] ^= 1
    path.write_bytes(content)
    assert file.verify(tmp_path).faults == ("has not its checksum",)
    file.fetch(tmp_path)
    assert file.verify(tmp_path).faults == ()


@pytest.mark.parametrize(
    ("size_bytes", "said"),
    [(2_000_000, "not 2000000"), (4_000_000, "has 2999808 bytes, not 4000000")],
)
def test_a_file_of_another_size_is_not_taken(file, tmp_path, size_bytes, said):
    wrong = replace(file, size_bytes=size_bytes)
    with pytest.raises(EngineUnavailable, match=said):
        wrong.fetch(tmp_path)
    assert [path.suffix for path in (tmp_path / "models").iterdir()] == [".lock"]


def test_another_file_at_the_address_is_not_taken(file, tmp_path):
    with pytest.raises(EngineUnavailable, match="gives has not its checksum"):
        replace(file, sha256="0" * 64).fetch(tmp_path)
    assert not file.state(tmp_path).ready


def test_a_server_that_refuses_is_told_with_its_answer(file, served, tmp_path):
    served.status = 404
    with pytest.raises(EngineUnavailable, match="the server answered 404"):
        file.fetch(tmp_path)


def test_a_server_that_is_away_is_told(file, tmp_path):
    with pytest.raises(EngineUnavailable, match="cannot be had") as caught:
        replace(file, url="http://127.0.0.1:9/model.pth").fetch(tmp_path)
    assert "\n" not in caught.value.message


def test_only_encrypted_addresses_are_taken():
    with pytest.raises(ValueError, match="is not https"):
        WebFile(name="m", url="http://example.org/m", size_bytes=1, licence="MIT")


def test_a_redirect_may_not_leave_encryption(file, served, tmp_path):
    served.location = "http://localhost:9/model.pth"
    with pytest.raises(EngineUnavailable, match="redirects to localhost without https"):
        file.fetch(tmp_path)


def test_a_disk_that_is_too_small_is_told_before_the_download(file, tmp_path, gets):
    with pytest.raises(EngineUnavailable, match="are to be downloaded"):
        replace(file, size_bytes=1 << 60).fetch(tmp_path)
    assert gets() == []


def test_two_at_once_download_it_once(file, tmp_path, gets):
    both = [threading.Thread(target=file.fetch, args=(tmp_path,)) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert gets() == [""]
    assert file.verify(tmp_path).faults == ()
