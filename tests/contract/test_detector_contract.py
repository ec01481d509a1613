"""What every Detector keeps to, on real weights and on models made here."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kg_videorag.engines.yolox import YoloxDetector
from kg_videorag.errors import EngineUnavailable
from kg_videorag.ports import Detector

MATPLOTLIB = Path(find_spec("matplotlib").submodule_search_locations[0])
PORTRAIT = MATPLOTLIB / "mpl-data" / "sample_data" / "grace_hopper.jpg"  # with a tie


@pytest.fixture(scope="module", params=[lambda weights: YoloxDetector(weights=weights)])
def detector(request, weights):
    return request.param(weights / "yolox_nano.onnx")


@pytest.fixture(scope="module")
def portrait():
    return np.asarray(Image.open(PORTRAIT).convert("RGB"))


def sure(labels):
    return [label.name for label in labels if label.confidence > 0.5]


def test_it_is_a_detector(detector):
    assert isinstance(detector, Detector)
    assert detector.name
    assert detector.version


def test_it_is_ready(detector):
    state = detector.check()
    assert (state.ready, state.checksum, state.hint) == (True, "present", "")


def test_a_person_and_a_tie_are_seen(detector, portrait):
    assert sure(detector.detect(portrait)) == ["person", "tie"]


def test_boxes_are_shares_of_the_picture(detector, portrait):
    found = {label.name: label.box for label in detector.detect(portrait)}
    assert found["person"] == pytest.approx((0.02, 0.07, 1.0, 0.97), abs=0.03)
    assert found["tie"] == pytest.approx((0.43, 0.68, 0.58, 0.88), abs=0.03)


def test_a_label_is_in_lower_case_with_a_probability_the_surest_first(detector, portrait):
    labels = detector.detect(portrait)
    for label in labels:
        assert label.name == label.name.lower().strip() != ""
        assert 0 <= label.confidence <= 1
    assert all(a.confidence >= b.confidence for a, b in pairwise(labels))


def test_two_people_are_two_labels(detector, portrait):
    two = np.concatenate([portrait, portrait], axis=1)
    people = [label for label in detector.detect(two) if label.name == "person"]
    assert [label.confidence > 0.7 for label in people] == [True, True]
    middles = sorted((label.box[0] + label.box[2]) / 2 for label in people)
    assert middles == pytest.approx([0.25, 0.75], abs=0.05)


def test_colours_are_taken_in_the_order_that_the_port_says(detector, portrait):
    """YOLOX takes blue first: whoever forgets it is less sure."""
    right, wrong = detector.detect(portrait), detector.detect(portrait[:, :, ::-1])
    assert right[0].confidence > wrong[0].confidence


@pytest.mark.parametrize("size", [(160, 90), (1_920, 1_080), (1_080, 1_920), (7_680, 4_320)])
def test_any_size_will_do(size, detector, portrait):
    image = Image.new("RGB", size, "grey")
    side = min(size)
    image.paste(Image.fromarray(portrait).resize((side, side)))
    labels = detector.detect(np.asarray(image))
    assert labels[0].name == "person"
    assert labels[0].box[2] <= side / size[0] * 1.05


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((0, 0, 3), np.uint8),
        np.zeros((1, 1, 3), np.uint8),
        np.zeros((1, 60_000, 3), np.uint8),
        np.full((720, 1280, 3), 128, np.uint8),
        np.full((90, 160, 3), 255, np.uint8),
    ],
    ids=lambda picture: "x".join(map(str, picture.shape[:2])),
)
def test_where_nothing_is_nothing_is_seen(detector, picture):
    assert list(detector.detect(picture)) == []


def test_grain_is_not_taken_for_a_thing(detector):
    grain = np.random.default_rng(0).integers(0, 255, (360, 640, 3), dtype=np.uint8)
    assert sure(detector.detect(grain)) == []


def test_the_same_picture_is_seen_the_same_and_stays_as_it_was(detector, portrait):
    before = portrait.copy()
    assert detector.detect(portrait) == detector.detect(portrait)
    assert np.array_equal(portrait, before)


# Models of other sizes and names, made here


def test_a_model_of_another_size_with_names_of_its_own(made_model, tmp_path):
    """One cell in the grid of stride 32 tells of a thing, in a picture of 64 x 96."""
    cells = 8 * 12 + 4 * 6 + 2 * 3
    rows = np.zeros((1, cells, 7), np.float32)
    at = 8 * 12 + 4 * 6 + 4  # second row, second column
    rows[0, at] = [0.5, 0.5, 0, 0, 0.9, 0.1, 1.0]
    model = made_model("two.onnx", (1, 3, 64, 96), rows)
    (tmp_path / "two.names").write_text("Bolt\n\nHex nut\n", encoding="utf-8")
    detector = YoloxDetector(weights=model)
    (label,) = detector.detect(np.zeros((64, 96, 3), np.uint8))
    assert (label.name, label.confidence) == ("hex nut", pytest.approx(0.9))
    # A middle of (1.5, 1.5) cells of 32 pixels, and a side of exp(0) cells.
    assert label.box == pytest.approx((32 / 96, 32 / 64, 64 / 96, 64 / 64))
    # The same model over a picture twice as large: shares stay.
    assert detector.detect(np.zeros((128, 192, 3), np.uint8))[0].box == pytest.approx(label.box)


def test_boxes_of_one_kind_that_overlap_are_one_thing(made_model, tmp_path):
    rows = np.zeros((1, 84, 7), np.float32)
    rows[0, 80] = [1.0, 1.0, 0.5, 0.5, 0.9, 1, 0]
    rows[0, 81] = [0.1, 1.0, 0.5, 0.5, 0.8, 1, 0]  # nearly the same box
    rows[0, 82] = [1.0, 0.1, 0.5, 0.5, 0.7, 0, 1]  # and again, of another kind
    model = made_model("two.onnx", (1, 3, 64, 64), rows)
    (tmp_path / "two.names").write_text("bolt\nnut", encoding="utf-8")
    labels = YoloxDetector(weights=model).detect(np.zeros((64, 64, 3), np.uint8))
    assert [label.name for label in labels] == ["bolt", "nut"]


def test_names_that_are_missing_are_asked_for(made_model):
    model = made_model("two.onnx", (1, 3, 64, 64), np.zeros((1, 84, 7), np.float32))
    with pytest.raises(EngineUnavailable, match=r"tells 2 kinds .* coco\.names names 80") as caught:
        YoloxDetector(weights=model).detect(np.zeros((64, 64, 3), np.uint8))
    assert "two.names" in caught.value.hint


@pytest.mark.parametrize(
    ("given", "rows", "told"),
    [
        ((1, 96, 64), np.zeros((1, 84, 85)), "no YOLOX: it takes"),
        ((1, 3, 60, 64), np.zeros((1, 84, 85)), "no YOLOX: its pictures are 64 x 60"),
        ((1, 3, 64, 64), np.zeros((1, 83, 85)), "no YOLOX: it makes"),
        ((1, 3, 64, 64), np.zeros((84, 85)), "no YOLOX: it makes"),
    ],
)
def test_another_model_is_told(given, rows, told, made_model):
    model = made_model("other.onnx", given, rows.astype(np.float32))
    with pytest.raises(EngineUnavailable, match=told) as caught:
        YoloxDetector(weights=model).detect(np.zeros((64, 64, 3), np.uint8))
    assert "KGV_YOLOX_MODEL" in caught.value.hint


# Which file


@pytest.mark.parametrize("place", [None, "gone.onnx", "."])
def test_weights_that_are_not_there_are_told(place, tmp_path):
    missing = YoloxDetector(weights=tmp_path / place if place else None)
    state = missing.check()
    assert (state.ready, state.checksum, missing.version) == (False, "missing", "missing")
    assert "KGV_YOLOX_MODEL" in state.hint
    with pytest.raises(EngineUnavailable, match=r"is not a file|are named"):
        missing.detect(np.zeros((64, 64, 3), np.uint8))


@pytest.mark.parametrize("content", [b"", b"not a model", b"\x08\x07" * 500])
def test_a_file_that_is_no_model_is_told_in_one_line(content, tmp_path):
    path = tmp_path / "broken.onnx"
    path.write_bytes(content)
    with pytest.raises(EngineUnavailable, match=r"broken\.onnx is not a model") as caught:
        YoloxDetector(weights=path).detect(np.zeros((64, 64, 3), np.uint8))
    assert "\n" not in caught.value.message
    assert caught.value.hint


def test_two_files_are_two_versions(made_model, tmp_path, weights):
    one = made_model("a.onnx", (1, 3, 64, 64), np.zeros((1, 84, 85), np.float32))
    other = made_model("b.onnx", (1, 3, 32, 32), np.zeros((1, 21, 85), np.float32))
    versions = {YoloxDetector(weights=path).version for path in (one, other)}
    (tmp_path / "a.names").write_text("bolt\n", encoding="utf-8")
    versions.add(YoloxDetector(weights=one).version)
    assert len(versions) == 3
    nano = YoloxDetector(weights=weights / "yolox_nano.onnx").version
    assert nano == "yolox_nano.onnx/695e750a5d57/coco/0.3"


def test_nothing_is_loaded_before_it_is_needed(weights):
    """And a model that loads writes to no stream: a command's output is not its own."""
    code = (
        "import sys, numpy as np\nfrom pathlib import Path\n"
        "from kg_videorag.engines.yolox import YoloxDetector\n"
        f"d = YoloxDetector(weights=Path({str(weights / 'yolox_nano.onnx')!r}))\n"
        "assert d.check().ready and d.version\n"
        "assert not {'onnxruntime', 'cv2', 'torch'} & set(sys.modules)\n"
        "d.detect(np.zeros((64, 64, 3), np.uint8))\n"
        "assert 'torch' not in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
