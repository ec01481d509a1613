"""Where models run. There is no graphics card here: torch's answers about one stand in for it."""

from __future__ import annotations

import types

import pytest
import torch

from kg_videorag.compose import Composition
from kg_videorag.config import load_settings
from kg_videorag.engines import devices
from kg_videorag.errors import EngineUnavailable

CARD_BYTES = 8 << 30


@pytest.fixture(autouse=True)
def _no_limit(monkeypatch):
    monkeypatch.setattr(devices, "_limit_bytes", 0)


@pytest.fixture
def machine(monkeypatch):
    """Lets torch say what the machine has; gives what it was told to keep to."""
    limits = []

    def machine(cuda=False, mps=False, bfloat16=True, cards=1):
        monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)
        monkeypatch.setattr(
            torch.cuda, "is_bf16_supported", lambda including_emulation=True: bfloat16
        )
        monkeypatch.setattr(torch.cuda, "device_count", lambda: cards)
        properties = types.SimpleNamespace(total_memory=CARD_BYTES)
        monkeypatch.setattr(torch.cuda, "get_device_properties", lambda card: properties)
        monkeypatch.setattr(
            torch.cuda,
            "set_per_process_memory_fraction",
            lambda share, card: limits.append((card, share)),
        )
        return limits

    return machine


@pytest.mark.parametrize(
    ("has", "chosen"),
    [
        ({}, ("cpu", "float32")),
        ({"mps": True}, ("mps", "float16")),
        ({"cuda": True}, ("cuda", "bfloat16")),
        ({"cuda": True, "bfloat16": False}, ("cuda", "float16")),
        ({"cuda": True, "mps": True}, ("cuda", "bfloat16")),
    ],
)
def test_auto_takes_the_fastest_that_is_there(machine, has, chosen):
    machine(**has)
    assert devices.choose() == chosen


def test_what_is_named_is_taken(machine):
    machine(cuda=True)
    assert devices.choose("cpu", "bfloat16") == ("cpu", "bfloat16")
    assert devices.choose("cuda", "float32") == ("cuda", "float32")


@pytest.mark.parametrize("device", ["cuda", "mps"])
def test_a_device_that_is_not_there_is_told(machine, device):
    machine()
    with pytest.raises(EngineUnavailable, match=f"finds no device '{device}'") as caught:
        devices.choose(device)
    assert "KGV_DEVICE" in caught.value.hint


def test_this_machine_has_a_device():
    device, dtype = devices.choose()
    assert torch.zeros(2, device=device, dtype=getattr(torch, dtype)).sum() == 0


def test_the_settings_cap_the_memory_of_every_card(machine, tmp_path):
    limits = machine(cuda=True, cards=2)
    settings = load_settings(home=tmp_path, cuda_memory_limit="2GiB")
    Composition(settings).engine("segmenter")
    assert limits == []  # no model goes to a card yet
    devices.choose("cpu")
    assert limits == []
    devices.choose("cuda")
    assert limits == [(0, 0.25), (1, 0.25)]


def test_a_cap_above_what_a_card_has_is_no_error(machine):
    limits = machine(cuda=True)
    devices.limit_memory(1 << 60)
    devices.choose()
    assert limits == [(0, 1.0)]


def test_without_a_cap_none_is_set(machine, tmp_path):
    limits = machine(cuda=True)
    Composition(load_settings(home=tmp_path)).engine("segmenter")
    devices.choose()
    assert limits == []
