"""What every TextReader keeps to, on pictures drawn here."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from kg_videorag.engines.rapidocr import RapidOcrReader
from kg_videorag.ports import TextReader

LINES = [
    "Marie Curie",
    "Born in Warsaw, Poland",
    "Nobel Prize in Physics, 1903",
    "x = 3.5 (approximately)",
]


@pytest.fixture(scope="module", params=[RapidOcrReader])
def reader(request):
    return request.param()


def drawn(lines, *, size=(1280, 720), px=56, paper="white", ink="black"):
    image = Image.new("RGB", size, paper)
    draw = ImageDraw.Draw(image)
    for place, text in enumerate(lines):
        font = ImageFont.load_default(size=px)
        draw.text((px, px + place * 2 * px), text, font=font, fill=ink)
    return np.asarray(image)


@pytest.fixture(scope="module")
def read(reader):
    return reader.read(drawn(LINES))


def texts(lines):
    return [line.text for line in lines if line.confidence > 0.5]


def test_it_is_a_text_reader(reader):
    assert isinstance(reader, TextReader)
    assert reader.name
    assert reader.version


def test_it_is_ready(reader):
    state = reader.check()
    assert (state.ready, state.checksum, state.hint) == (True, "verified", "")


def test_latin_text_is_read_letter_for_letter(read):
    assert texts(read) == LINES


def test_a_line_is_one_line_of_text_with_a_probability(read):
    for line in read:
        assert line.text == " ".join(line.text.split()) != ""
        assert 0 <= line.confidence <= 1
    assert min(line.confidence for line in read if line.text in LINES) > 0.9


def test_lines_come_from_top_to_bottom_in_boxes_of_shares(read):
    tops = [line.box[1] for line in read]
    assert tops == sorted(tops)
    for place, line in enumerate(read):
        left, top, right, bottom = line.box
        assert 0 <= left < right <= 1
        assert 0 <= top < bottom <= 1
        middle_px = 56 + place * 112 + 28
        assert top * 720 < middle_px < bottom * 720
        assert left * 1280 == pytest.approx(56, abs=20)


def test_the_same_picture_is_read_the_same(reader, read):
    assert reader.read(drawn(LINES)) == read


@pytest.mark.parametrize(
    ("paper", "ink"), [("black", "white"), ("#20304c", "#ffe08a"), ("#808080", "white")]
)
def test_colours_do_not_matter(reader, paper, ink):
    assert texts(reader.read(drawn(LINES[:2], paper=paper, ink=ink))) == LINES[:2]


def test_small_text_is_read(reader):
    lines = reader.read(drawn(["The quick brown fox", "jumps over the dog"], px=20))
    assert texts(lines) == ["The quick brown fox", "jumps over the dog"]


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((0, 0, 3), np.uint8),
        np.zeros((1, 1, 3), np.uint8),
        np.zeros((20, 500, 3), np.uint8),
        np.zeros((40, 8_000, 3), np.uint8),
        np.full((720, 1280, 3), 128, np.uint8),
        np.full((90, 160, 3), 255, np.uint8),
        np.full((4_320, 7_680, 3), 30, np.uint8),
    ],
    ids=lambda picture: "x".join(map(str, picture.shape[:2])),
)
def test_where_nothing_is_written_nothing_is_read(reader, picture):
    assert list(reader.read(picture)) == []


def test_grain_is_not_taken_for_text(reader):
    grain = np.random.default_rng(0).integers(0, 255, (360, 640, 3), dtype=np.uint8)
    assert [line for line in reader.read(grain) if line.confidence > 0.9] == []


def test_a_huge_picture_is_read_too(reader):
    lines = reader.read(drawn(LINES[:1], size=(7_680, 4_320), px=336))
    assert texts(lines) == LINES[:1]


def test_the_picture_stays_as_it_was(reader):
    picture = drawn(LINES[:1])
    before = picture.copy()
    reader.read(picture)
    assert np.array_equal(picture, before)


def test_it_says_nothing_on_its_own():
    """Models write to logs and streams as they load; a command's output is not theirs."""
    code = (
        "import numpy as np\n"
        "from kg_videorag.engines.rapidocr import RapidOcrReader\n"
        "RapidOcrReader().read(np.zeros((64, 64, 3), np.uint8))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")
