"""What every MediaEmbedder keeps to, and ImageBind's own loaders beside ours."""

from __future__ import annotations

import logging
import wave

import numpy as np
import pytest
import torch

from kg_videorag.engines.imagebind import ImageBindEmbedder
from kg_videorag.engines.imagebind import checkpoint as checkpoints
from kg_videorag.engines.imagebind.prepare import depth_tensor, thermal_tensor
from kg_videorag.errors import EngineError, EngineUnavailable
from kg_videorag.model import SAMPLE_RATE_HZ
from kg_videorag.ports import MediaEmbedder, SidecarEmbedder

BATCH = 3


def pictures(*shapes):
    rng = np.random.default_rng(0)
    return [rng.integers(0, 256, (*shape, 3), dtype=np.uint8) for shape in shapes]


def sounds(*lengths_s):
    rng = np.random.default_rng(0)
    return [
        (0.1 * rng.standard_normal(round(s * SAMPLE_RATE_HZ))).astype(np.float32) for s in lengths_s
    ]


def maps(kind, *shapes):
    rng = np.random.default_rng(0)
    return [rng.uniform(0, 255, shape).astype(kind) for shape in shapes]


SHAPES = (240, 320), (48, 64), (1, 1), (9, 300)
GIVEN = {
    "embed_depths": maps(np.float32, *SHAPES),
    "embed_thermals": maps(np.uint8, *SHAPES),
    "embed_motions": maps(np.float32, (6, 2_000), (6, 2_000)),
    "embed_pictures": pictures((240, 320), (48, 64), (64, 48), (1, 1), (300, 9)),
    "embed_sounds": sounds(0, 0.001, 0.5, 2, 6.0, 13.3),
    "embed_texts": [
        "a tiger",
        "A dog barks.",
        "",
        "🚀",
        "Кто?",
        "word " * 3_000,
        "x <|endoftext|>",
    ],
}
KINDS = sorted(GIVEN)


@pytest.fixture(scope="module")
def cache_dir(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module", params=[ImageBindEmbedder])
def embedder(request, imagebind_checkpoint, cache_dir):
    return request.param(cache_dir=cache_dir, checkpoint=imagebind_checkpoint, batch=BATCH)


@pytest.fixture(scope="module")
def rows(embedder):
    return {kind: getattr(embedder, kind)(given) for kind, given in GIVEN.items()}


def test_it_is_a_media_embedder(embedder):
    assert isinstance(embedder, MediaEmbedder)
    assert isinstance(embedder, SidecarEmbedder)
    assert embedder.name
    assert embedder.version
    assert embedder.model


def test_it_is_ready(embedder):
    state = embedder.check()
    assert (state.ready, state.hint) == (True, "")


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_given_is_rows_of_float32_and_length_1(kind, rows, embedder):
    assert rows[kind].shape == (len(GIVEN[kind]), embedder.dimension)
    assert rows[kind].dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows[kind], axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_no_rows(kind, embedder):
    nothing = getattr(embedder, kind)([])
    assert (nothing.shape, nothing.dtype) == ((0, embedder.dimension), np.float32)


@pytest.mark.parametrize("kind", KINDS)
def test_rows_stand_in_order_and_do_not_depend_on_their_neighbours(kind, rows, embedder):
    backwards = getattr(embedder, kind)(GIVEN[kind][::-1])[::-1]
    np.testing.assert_allclose(backwards, rows[kind], atol=1e-5)
    assert len(np.unique(rows[kind].round(4), axis=0)) == len(GIVEN[kind])


@pytest.mark.parametrize("kind", sorted(set(GIVEN) - {"embed_texts"}))
def test_what_is_given_stays_as_it_was(kind, embedder):
    given = [np.array(item) for item in GIVEN[kind]]
    getattr(embedder, kind)(given)
    for before, after in zip(GIVEN[kind], given, strict=True):
        np.testing.assert_array_equal(before, after)


def test_a_picture_of_one_long_line_costs_no_memory(embedder):
    tensors = [(1, 60_000), (60_000, 1)]
    assert embedder.embed_pictures(pictures(*tensors)).shape[0] == 2


# ImageBind's own way, from files


@pytest.fixture
def model(embedder):
    return embedder._model


def unit(tensor):
    return torch.nn.functional.normalize(tensor, dim=-1).numpy()


@pytest.mark.parametrize("shape", [(240, 320), (320, 240), (90, 160), (224, 224)])
def test_a_picture_is_embedded_as_imagebinds_own_loader_would(shape, model, embedder, tmp_path):
    from imagebind import data
    from PIL import Image

    (picture,) = pictures(shape)
    Image.fromarray(picture).save(tmp_path / "picture.png")
    theirs = data.load_and_transform_vision_data([tmp_path / "picture.png"], "cpu")
    with torch.inference_mode():
        expected = unit(model({"vision": theirs})["vision"])
    np.testing.assert_allclose(embedder.embed_pictures([picture]), expected, atol=1e-6)


@pytest.mark.parametrize("length_s", [0.7, 2])
@pytest.mark.filterwarnings("ignore:.*torchaudio", "ignore:In 2.9")
def test_a_sound_is_embedded_as_imagebinds_own_loader_would(length_s, model, embedder, tmp_path):
    from imagebind import data

    (sound,) = sounds(length_s)
    as_written = (sound * 32767).astype(np.int16)
    with wave.open(str(tmp_path / "sound.wav"), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE_HZ, 0, "NONE", ""))
        file.writeframes(as_written.tobytes())
    theirs = data.load_and_transform_audio_data([str(tmp_path / "sound.wav")], "cpu")
    with torch.inference_mode():
        expected = unit(model({"audio": theirs})["audio"])
    ours = embedder.embed_sounds([as_written.astype(np.float32) / 32768])
    np.testing.assert_allclose(ours, expected, atol=1e-5)


def test_a_long_sound_is_the_mean_of_its_clips(embedder):
    (sound,) = sounds(6)
    mean = embedder.embed_sounds(np.split(sound, 3)).mean(axis=0)
    expected = mean / np.linalg.norm(mean)
    np.testing.assert_allclose(embedder.embed_sounds([sound])[0], expected, atol=1e-5)


def test_a_text_is_embedded_as_imagebinds_own_loader_would(model, embedder):
    from imagebind import data

    texts = GIVEN["embed_texts"]
    with torch.inference_mode():
        expected = unit(model({"text": data.load_and_transform_text(texts, "cpu")})["text"])
    np.testing.assert_allclose(embedder.embed_texts(texts), expected, atol=1e-5)


def test_the_shapes_of_imagebind_huge_make_imagebind_huge():
    """Without its 4.8 GB of numbers: a tensor on torch's `meta` device is a shape alone."""
    package = checkpoints.import_package()
    huge = checkpoints._unfilled(package.imagebind_huge, {})
    built = checkpoints.build(huge.state_dict(), "huge")
    assert checkpoints.dimension_of(huge.state_dict()) == 1024
    for tower in checkpoints.TOWERS:
        ours, theirs = (m.modality_trunks[tower].blocks for m in (built, huge))
        assert [b.attn.num_heads for b in ours] == [b.attn.num_heads for b in theirs]
    sizes = checkpoints._sizes(huge.state_dict())
    again = checkpoints._unfilled(package.ImageBindModel, sizes)
    heads = {name: [b.attn.num_heads for b in t.blocks] for name, t in huge.modality_trunks.items()}
    assert heads == {
        name: [b.attn.num_heads for b in t.blocks] for name, t in again.modality_trunks.items()
    }


# What other sensors record: ImageBind has no loader of its own for it


def test_nearness_is_put_on_the_scale_of_the_towers_training():
    """A wall at 1.55 m before a Kinect is the mean of the training's rooms."""
    wall = np.full((480, 640), 0.075 * 519 / 1.55, np.float32)
    tensor = depth_tensor(wall)
    assert tuple(tensor.shape) == (1, 224, 224)
    assert tensor.abs().max() < 0.05
    assert depth_tensor(wall * 2).mean() > 1  # nearer
    assert depth_tensor(np.zeros((9, 9), np.float32)).mean() == pytest.approx(-0.0418 / 0.0295)
    assert depth_tensor(wall * 1e9).max() == pytest.approx((1 - 0.0418) / 0.0295)


def test_heat_is_a_share_of_the_brightest():
    half = np.zeros((100, 200), np.uint8)
    half[:, 100:] = 255
    tensor = thermal_tensor(half)
    assert tuple(tensor.shape) == (1, 224, 224)
    assert tensor[0, :, 0].max() == pytest.approx(0, abs=1e-5)
    assert tensor[0, :, -1].min() == pytest.approx(1, abs=1e-5)


# Which checkpoint


@pytest.fixture
def other(imagebind_checkpoint, tmp_path):
    """Makes a checkpoint that differs from the tiny one as `change` does to its tensors."""

    def other(change, **kept):
        state = torch.load(imagebind_checkpoint, weights_only=True)
        change(state)
        torch.save(state, tmp_path / "other.pth", **kept)
        return ImageBindEmbedder(cache_dir=tmp_path / "cache", checkpoint=tmp_path / "other.pth")

    return other


def test_two_checkpoints_are_two_models(embedder, other):
    def change(state):
        state["modality_heads.text.proj.1.weight"][0, 0] += 1e-3

    changed = other(change)
    assert changed.model != embedder.model
    assert changed.version != embedder.version


def test_a_checkpoint_of_older_torchs_kind_loads_too(embedder, other):
    older = other(lambda state: None, _use_new_zipfile_serialization=False)
    texts = GIVEN["embed_texts"]
    np.testing.assert_allclose(older.embed_texts(texts), embedder.embed_texts(texts), atol=1e-6)


def lacks_a_tower(state):
    for name in [name for name in state if ".audio." in name]:
        del state[name]


def of_another_shape(state):
    state["modality_preprocessors.text.pos_embed"] = torch.zeros(1, 10, 64)


def has_more(state):
    state["modality_heads.smell.weight"] = torch.zeros(1)


def of_another_model(state):
    state.clear()
    state["encoder.weight"] = torch.zeros(3, 3)


def is_wrapped(state):
    state["epoch"] = 3


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lacks_a_tower, "does not fit ImageBind"),
        (of_another_shape, "does not fit ImageBind"),
        (has_more, "does not fit ImageBind"),
        (of_another_model, "is not a checkpoint of ImageBind"),
        (is_wrapped, "holds more than a model's weights"),
    ],
)
def test_a_foreign_checkpoint_is_told_in_one_line(change, told, other):
    with pytest.raises(EngineUnavailable, match=told) as caught:
        other(change).embed_texts(["x"])
    assert "\n" not in caught.value.message
    assert caught.value.hint


def cut(content):
    return content[: len(content) // 2]


def flipped(content):
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.parametrize(
    "damage",
    [cut, flipped, lambda _: b"", lambda _: b"not a model", lambda content: content[1:]],
    ids=["cut", "a flipped bit", "empty", "another file", "a byte short"],
)
def test_a_damaged_checkpoint_is_told_in_one_line(damage, imagebind_checkpoint, tmp_path):
    path = tmp_path / "damaged.pth"
    path.write_bytes(damage(imagebind_checkpoint.read_bytes()))
    damaged = ImageBindEmbedder(cache_dir=tmp_path, checkpoint=path)
    with pytest.raises(EngineUnavailable, match=r"damaged\.pth") as caught:
        damaged.embed_texts(["x"])
    assert "\n" not in caught.value.message
    assert caught.value.hint


def test_what_a_checkpoint_would_run_is_not_run(tmp_path):
    class Evil:
        def __reduce__(self):
            return (tmp_path.joinpath("ran").touch, ())

    torch.save({"a": Evil()}, tmp_path / "evil.pth")
    with pytest.raises(EngineUnavailable, match=r"evil\.pth"):
        ImageBindEmbedder(cache_dir=tmp_path, checkpoint=tmp_path / "evil.pth").embed_texts(["x"])
    assert not tmp_path.joinpath("ran").exists()


@pytest.mark.parametrize("place", ["gone.pth", "."])
def test_a_checkpoint_that_is_not_there_is_told(place, tmp_path):
    missing = ImageBindEmbedder(cache_dir=tmp_path, checkpoint=tmp_path / place)
    state = missing.check()
    assert (state.ready, state.checksum, missing.version) == (False, "missing", "missing")
    assert "KGV_IMAGEBIND_CHECKPOINT" in state.hint
    with pytest.raises(EngineUnavailable, match="is not a file"):
        missing.embed_texts(["x"])


def test_without_a_checkpoint_the_command_that_brings_one_is_told(tmp_path):
    unfetched = ImageBindEmbedder(cache_dir=tmp_path)
    assert [model.name for model in unfetched.hub_models] == ["imagebind_huge.pth"]
    assert "kg-videorag models fetch imagebind_huge.pth" in unfetched.check().hint
    with pytest.raises(EngineUnavailable, match="imagebind_huge") as caught:
        unfetched.embed_texts(["x"])
    assert "kg-videorag models fetch" in caught.value.hint


def test_ones_own_checkpoint_is_not_fetched(embedder):
    assert embedder.hub_models == ()


# How it runs


def test_the_licence_is_said_once(imagebind_checkpoint, tmp_path, caplog):
    caplog.set_level(logging.WARNING)
    for _ in range(2):
        new = ImageBindEmbedder(cache_dir=tmp_path, checkpoint=imagebind_checkpoint)
        new.embed_texts(["x"])
        new.embed_texts(["y"])
    assert caplog.text.count("CC BY-NC 4.0") == 1


def test_a_full_graphics_card_is_told_with_the_setting_that_helps(
    imagebind_checkpoint, tmp_path, monkeypatch
):
    small = ImageBindEmbedder(cache_dir=tmp_path, checkpoint=imagebind_checkpoint)

    def forward(_inputs):
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    monkeypatch.setattr(small._model, "forward", forward)
    with pytest.raises(EngineError, match="does not hold 1 at once") as caught:
        small.embed_texts(["x"])
    assert "KGV_IMAGEBIND_BATCH" in caught.value.hint


def test_numbers_that_are_none_are_told(other):
    def change(state):
        state["modality_heads.vision.2.weight"].fill_(float("nan"))

    with pytest.raises(EngineError, match="without a direction") as caught:
        other(change).embed_pictures(pictures((10, 10)))
    assert caught.value.hint


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a graphics card here")
def test_a_graphics_card_that_is_not_there_is_told(imagebind_checkpoint, tmp_path):
    wanted = ImageBindEmbedder(cache_dir=tmp_path, checkpoint=imagebind_checkpoint, device="cuda")
    with pytest.raises(EngineUnavailable, match="no device 'cuda'") as caught:
        wanted.embed_texts(["x"])
    assert "KGV_DEVICE" in caught.value.hint


@pytest.mark.parametrize("dtype", ["auto", "float32", "float16", "bfloat16"])
def test_the_cpu_calculates_in_float32(dtype, imagebind_checkpoint, tmp_path):
    asked = {"cache_dir": tmp_path, "checkpoint": imagebind_checkpoint, "device": "cpu"}
    assert ImageBindEmbedder(**asked, dtype=dtype)._dtype == torch.float32


def test_a_cpu_makes_nearly_the_same_in_int8(rows, embedder, imagebind_checkpoint, tmp_path):
    """So nearly that vectors of both stand in one space; words are the very same."""
    asked = {"cache_dir": tmp_path, "checkpoint": imagebind_checkpoint, "device": "cpu"}
    small = ImageBindEmbedder(**asked, dtype="int8")
    for kind, given in GIVEN.items():
        made = getattr(small, kind)(given)
        assert (np.einsum("ij,ij->i", made, rows[kind]) > 0.99).all()
        differs = np.abs(made - rows[kind]).max() > 1e-4
        assert differs == (kind != "embed_texts")
    trunks = small._model.modality_trunks
    quantised = torch.ao.nn.quantized.dynamic.Linear
    found = {n for n, t in trunks.items() if any(isinstance(m, quantised) for m in t.modules())}
    assert found == {"vision", "audio", "depth", "thermal", "imu"}
    assert small.model == embedder.model
    assert small.version == f"{embedder.version}/int8"


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a graphics card")
@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_a_graphics_card_makes_nearly_the_same(dtype, rows, imagebind_checkpoint, tmp_path):
    asked = {"cache_dir": tmp_path, "checkpoint": imagebind_checkpoint, "device": "cuda"}
    card = ImageBindEmbedder(**asked, dtype=dtype)
    for kind, given in GIVEN.items():
        assert (np.einsum("ij,ij->i", getattr(card, kind)(given), rows[kind]) > 0.99).all()
