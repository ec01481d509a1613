"""Models of a hub: found, fetched, compared, against a real server on this machine."""

from __future__ import annotations

from dataclasses import replace

import pytest
from huggingface_hub import constants
from huggingface_hub.utils import reset_sessions

from kg_videorag.engines import downloads
from kg_videorag.engines.hub import HubModel
from kg_videorag.errors import EngineUnavailable

MODEL = HubModel(
    repo="acme/tiny-model",
    size_bytes=3_000_000,
    licence="Apache-2.0",
    needs=("config.json", "model.safetensors"),
    allow=("*.json", "*.safetensors"),
)
BRINGS = "Run `kg-videorag models fetch acme/tiny-model` (3 MB)."


def test_what_is_not_there_is_told_with_the_command_that_brings_it(hub):
    with pytest.raises(EngineUnavailable, match="acme/tiny-model is not on this machine") as caught:
        MODEL.locate()
    assert caught.value.hint == BRINGS
    state = MODEL.state()
    assert (state.ready, state.checksum, state.hint) == (False, "missing", BRINGS)
    assert MODEL.verify().faults == ("is not on this machine",)
    assert hub.asked == []


def test_a_gated_model_says_where_its_licence_is(hub):
    hint = replace(MODEL, gated=True).state().hint
    assert "https://huggingface.co/acme/tiny-model" in hint
    assert "KGV_HUB_TOKEN" in hint
    assert hint.endswith("Then run `kg-videorag models fetch acme/tiny-model` (3 MB).")


def test_fetching_brings_what_is_allowed_and_nothing_else(hub):
    folder = MODEL.fetch()
    assert folder == MODEL.locate()
    assert {path.name for path in folder.rglob("*")} == {"config.json", "model.safetensors"}
    assert (folder / "model.safetensors").read_bytes() == hub.files["model.safetensors"]
    assert (MODEL.state().ready, MODEL.state().checksum) == (True, "present")
    assert (MODEL.verify().files, MODEL.verify().faults) == (2, ())


def test_fetching_again_downloads_nothing(hub):
    MODEL.fetch()
    hub.asked.clear()
    MODEL.fetch()
    assert hub.gets() == []


def test_what_is_there_is_found_without_the_network(hub, monkeypatch):
    MODEL.fetch()
    hub.asked.clear()
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    MODEL.locate()
    MODEL.state()
    MODEL.verify()
    assert hub.asked == []


def test_an_interrupted_download_is_missing_and_goes_on_where_it_stopped(hub):
    hub.cut_bytes = 1_000_000
    with pytest.raises(EngineUnavailable) as caught:
        MODEL.fetch()
    assert "\n" not in caught.value.message
    assert "go on where it stopped" in caught.value.hint
    assert MODEL.state().checksum == "missing"
    hub.cut_bytes = 0
    hub.asked.clear()
    MODEL.fetch()
    assert hub.gets() == [("model.safetensors", "bytes=1000000-")]
    assert MODEL.verify().faults == ()


@pytest.mark.parametrize("name", ["config.json", "model.safetensors"])
def test_a_damaged_file_is_told_by_name_and_brought_anew(hub, name):
    folder = MODEL.fetch()
    blob = (folder / name).resolve()
    content = bytearray(blob.read_bytes())
    content[5] ^= 1
    blob.write_bytes(content)
    assert MODEL.verify().faults == (f"{name} is damaged",)
    hub.asked.clear()
    MODEL.fetch()
    assert hub.gets() == [(name, "")]
    assert MODEL.verify().faults == ()


def test_a_file_that_lacks_is_missing_by_name(hub):
    (MODEL.fetch() / "model.safetensors").resolve().unlink()
    with pytest.raises(EngineUnavailable, match=r"lacks model\.safetensors"):
        MODEL.locate()
    assert MODEL.verify().faults == ("lacks model.safetensors",)


def test_the_former_snapshot_stays_until_the_new_one_is_whole(hub):
    before = MODEL.fetch()
    hub.commit, hub.files["model.safetensors"] = "d" * 40, b"new" * 1_000_000
    hub.cut_bytes = 1_000_000
    with pytest.raises(EngineUnavailable):
        MODEL.fetch()
    assert MODEL.locate() == before
    hub.cut_bytes = 0
    after = MODEL.fetch()
    assert after != before
    assert MODEL.locate() == after


def test_a_gated_model_names_its_page_and_the_token(hub):
    hub.gated, hub.token = True, "hf_right"
    for token in ("", "hf_wrong"):
        with pytest.raises(EngineUnavailable, match="wants a licence accepted") as caught:
            MODEL.fetch(token)
        assert "https://huggingface.co/acme/tiny-model" in caught.value.hint
        assert "KGV_HUB_TOKEN" in caught.value.hint
        assert "hf_wrong" not in caught.value.message + caught.value.hint
    MODEL.fetch("hf_right")
    assert MODEL.state().ready


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (replace(MODEL, repo="acme/other"), "acme/other: the hub has no such model"),
        (replace(MODEL, revision="v9"), "the hub has no revision v9 of it"),
    ],
)
def test_what_the_hub_does_not_have_is_told(hub, model, said):
    with pytest.raises(EngineUnavailable, match=said) as caught:
        model.fetch()
    assert caught.value.hint


def test_a_hub_that_fails_is_told_with_its_answer(hub):
    hub.status = 503
    with pytest.raises(EngineUnavailable, match="the hub answered 503"):
        MODEL.fetch()


def test_a_hub_that_is_away_is_told_with_its_address(hub, monkeypatch):
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(EngineUnavailable, match="cannot be reached") as caught:
        MODEL.fetch()
    assert "\n" not in caught.value.message
    assert "http://127.0.0.1:9" in caught.value.message
    assert "HF_ENDPOINT" in caught.value.hint


def test_offline_is_respected(hub, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    reset_sessions()
    with pytest.raises(EngineUnavailable, match="HF_HUB_OFFLINE"):
        MODEL.fetch()
    assert hub.asked == []
    reset_sessions()


def test_a_disk_that_is_too_small_is_told_before_the_download(hub):
    with pytest.raises(EngineUnavailable, match="are to be downloaded"):
        replace(MODEL, size_bytes=1 << 60).fetch()
    assert hub.gets() == []


def test_a_cache_that_cannot_be_written_is_told(hub, tmp_path):
    (tmp_path / "hub").write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(EngineUnavailable, match="Not a directory") as caught:
        MODEL.fetch()
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [(0, "size unknown"), (10, "1 MB"), (90_900_000, "91 MB"), (3_213_000_000, "3.2 GB")],
)
def test_sizes_are_told_as_people_read_them(size_bytes, text):
    assert downloads.size_text(size_bytes) == text
