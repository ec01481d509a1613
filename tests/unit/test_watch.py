"""What stands on the screen, and when, on pictures drawn here."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from kg_videorag.errors import EngineError
from kg_videorag.ingest.watch import Watcher
from kg_videorag.model import EngineState, Modality, Picture, TextLine

WIDTH, HEIGHT = 640, 360
STEP_MS = 100
TITLE_PX, LINE_PX = 48, 26


def slide(title, *lines, paper="#20304c", ink="white"):
    """A picture and the lines that a reader finds in it."""
    image = Image.new("RGB", (WIDTH, HEIGHT), paper)
    draw = ImageDraw.Draw(image)
    found, top = [], 30
    for text, size in [(title, TITLE_PX), *((line, LINE_PX) for line in lines)]:
        font = ImageFont.load_default(size=size)
        draw.text((40, top), text, font=font, fill=ink)
        left, upper, right, lower = draw.textbbox((40, top), text, font=font)
        box = (left / WIDTH, upper / HEIGHT, right / WIDTH, lower / HEIGHT)
        if text:
            found.append(TextLine(text, 0.98, box))
        top += size + 24
    return np.asarray(image), found


def placed(*texts):
    """A picture of (text, left, top, size) and the lines that a reader finds in it."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "#20304c")
    draw = ImageDraw.Draw(image)
    found = []
    for text, x, y, size in texts:
        font = ImageFont.load_default(size=size)
        draw.text((x, y), text, font=font, fill="white")
        left, _, right, _ = draw.textbbox((x, y), text, font=font)
        box = (left / WIDTH, y / HEIGHT, right / WIDTH, (y + size * 1.2) / HEIGHT)
        found.append(TextLine(text, 0.98, box))
    return np.asarray(image), found


class KnownSlides:
    """A TextReader that knows its slides by sight and reads them rightly, faded or not."""

    name, version = "known-slides", "1"

    def __init__(self, *slides):
        self.slides = slides
        self.reads = 0

    def check(self):
        return EngineState(ready=True, model="none", weights="none", checksum="none needed")

    def read(self, picture):
        self.reads += 1
        far, found = min(
            ((np.abs(pixels.astype(int) - picture).mean(), lines) for pixels, lines in self.slides),
            key=lambda pair: pair[0],
        )
        return found if far < 4 else []


def small(pixels):
    return np.asarray(Image.fromarray(pixels).resize((160, 90), Image.Resampling.BOX))


def film(*parts, step_ms=STEP_MS):
    """Pictures of (pixels, how many) one after the other."""
    shown = itertools.chain.from_iterable([pixels] * count for pixels, count in parts)
    for index, pixels in enumerate(shown):
        yield Picture(index * step_ms, small(pixels), lambda pixels=pixels: pixels)


def faded(first, second, steps):
    """What comes between two pictures that fade into each other."""
    shares = [(n + 1) / (steps + 1) for n in range(steps)]
    return [((first * (1 - s) + second * s).astype(np.uint8), 1) for s in shares]


def watch(reader, pictures, end_ms=None):
    watcher = Watcher(reader)
    for picture in pictures:
        watcher.see(picture)
    return watcher.finish(end_ms)


def times(seen):
    return {line.text: (line.span.start_ms, line.span.end_ms) for line in seen.lines}


CURIE = slide("Marie Curie", "Born in Warsaw", "Physicist")
BOHR = slide("Niels Bohr", "Born in Copenhagen", "Nobel Prize 1922")
BLACK = np.zeros((HEIGHT, WIDTH, 3), np.uint8)


def test_each_slide_is_read_once_and_its_lines_have_its_time():
    reader = KnownSlides(CURIE, BOHR)
    seen = watch(reader, film((CURIE[0], 40), (BOHR[0], 60)), end_ms=10_000)
    assert reader.reads == seen.readings == 2
    assert seen.shots_ms == (4_000,)
    assert times(seen) == {
        "Marie Curie": (0, 4_000), "Born in Warsaw": (0, 4_000), "Physicist": (0, 4_000),
        "Niels Bohr": (4_000, 10_000), "Born in Copenhagen": (4_000, 10_000),
        "Nobel Prize 1922": (4_000, 10_000),
    }  # fmt: skip
    assert {line.modality for line in seen.lines} == {Modality.SCREEN}
    assert [line.heading for line in seen.lines] == ["", *["Marie Curie"] * 2, "",
                                                     *["Niels Bohr"] * 2]  # fmt: skip


def test_a_line_begins_when_it_fades_in_and_ends_when_it_has_faded_out():
    reader = KnownSlides(CURIE)
    pictures = [(BLACK, 20), *faded(BLACK, CURIE[0], 9), (CURIE[0], 40),
                *faded(CURIE[0], BLACK, 9), (BLACK, 20)]  # fmt: skip
    seen = watch(reader, film(*pictures))
    assert len(seen.lines) == 3
    for line in seen.lines:
        assert line.span.start_ms == pytest.approx(2_000, abs=300)
        assert line.span.end_ms == pytest.approx(7_800, abs=300)


def test_slides_that_fade_into_each_other_meet_in_the_middle():
    reader = KnownSlides(CURIE, BOHR)
    parts = [(CURIE[0], 40), *faded(CURIE[0], BOHR[0], 5), (BOHR[0], 40)]
    seen = watch(reader, film(*parts))
    found = times(seen)
    assert found["Born in Warsaw"][1] == pytest.approx(4_250, abs=300)
    assert found["Born in Copenhagen"][0] == pytest.approx(4_250, abs=300)
    assert seen.readings <= 3


def test_a_line_that_is_added_has_its_own_beginning():
    whole = slide("Marie Curie", "Born in Warsaw", "Physicist", "Died in Passy")
    reader = KnownSlides(CURIE, whole)
    seen = watch(reader, film((CURIE[0], 50), (whole[0], 50)))
    found = times(seen)
    assert found["Died in Passy"] == (5_000, 9_900)
    assert found["Physicist"] == (0, 9_900)
    assert len(seen.lines) == 4


def test_a_line_that_is_read_a_little_differently_is_one_line():
    first = slide("Marie Curie", "Born in Warsaw")
    misread = [TextLine("Marie Cur1e", 0.92, first[1][0].box), first[1][1]]
    moved = slide("Marie Curie", "Born in Warsaw", "1867")

    class Wavering(KnownSlides):
        def read(self, picture):
            lines = super().read(picture)
            return misread + lines[2:] if self.reads == 2 else lines

    seen = watch(Wavering(first, moved), film((first[0], 30), (moved[0], 30)))
    assert [line.text for line in seen.lines] == ["Marie Curie", "Born in Warsaw", "1867"]


def test_another_year_in_the_same_place_is_another_line():
    slides = [slide("Prizes", f"Physics, {year}") for year in (1903, 1911)]
    seen = watch(KnownSlides(*slides), film((slides[0][0], 30), (slides[1][0], 30)))
    assert times(seen)["Physics, 1903"] == (0, 3_000)
    assert times(seen)["Physics, 1911"] == (3_000, 5_900)
    assert times(seen)["Prizes"] == (0, 5_900)


def test_a_line_that_a_reading_missed_goes_on():
    more = slide("Marie Curie", "Born in Warsaw", "Physicist", "Radium")

    class Blinking(KnownSlides):
        def read(self, picture):
            lines = super().read(picture)
            return lines[:1] + lines[2:] if self.reads == 2 else lines

    seen = watch(Blinking(CURIE, more), film((CURIE[0], 30), (more[0], 30)))
    assert times(seen)["Born in Warsaw"] == (0, 5_900)


def test_the_same_line_again_later_is_another_stretch():
    seen = watch(KnownSlides(CURIE, BOHR), film((CURIE[0], 30), (BOHR[0], 30), (CURIE[0], 30)))
    again = [line.span.start_ms for line in seen.lines if line.text == "Born in Warsaw"]
    assert again == [0, 6_000]


def test_moving_pictures_are_read_seldom():
    grain = np.random.default_rng(0)
    scenes = [grain.integers(0, 255, (HEIGHT, WIDTH, 3), dtype=np.uint8) for _ in range(5)]
    reader = KnownSlides(CURIE)
    seen = watch(reader, film(*[(scene, 1) for scene in scenes * 60]))
    assert seen.lines == ()
    assert 30_000 / 5_000 - 2 <= reader.reads <= 30_000 / 5_000 + 2


def test_a_speaker_beside_a_slide_does_not_make_it_new():
    poses = []
    for shade in (40, 40, 200, 120):  # moves, and holds still for a moment
        pose = CURIE[0].copy()
        pose[260:, 560:] = shade
        poses.append((pose, 1))
    reader = KnownSlides(CURIE)
    seen = watch(reader, film(*poses * 75))
    assert reader.reads <= 10
    assert times(seen)["Born in Warsaw"] == (0, 29_900)


def test_tails_of_letters_do_not_make_a_line_as_tall_as_its_title():
    below = [("Chair: Ingrid", 40, 110, 35), ("Elected 2023", 40, 180, 26), ("Oslo", 40, 240, 26)]
    picture = placed(("Directors", 40, 30, 40), *below)
    seen = watch(KnownSlides(picture), film((picture[0], 40)))
    assert [line.heading for line in seen.lines] == ["", *["Directors"] * 3]


def test_a_footer_belongs_to_no_heading():
    slides = [slide(title, "A line of its own " + title, "", "", "The footer")
              for title in ("One", "Two")]  # fmt: skip
    seen = watch(KnownSlides(*slides), film((slides[0][0], 40), (slides[1][0], 40)))
    assert times(seen)["The footer"] == (0, 7_900)
    assert [line.heading for line in seen.lines if line.text == "The footer"] == [""]
    assert seen.shots_ms == (4_000,)


DAYS = ("Days in Skylab", 40, 30, 40)
NAMES = [(name, 40, 130 + 60 * row, 26) for row, name in enumerate(("Bean", "Carr"))]
VALUES = [(days, 360, 130 + 60 * row, 26) for row, days in enumerate(("59 days", "84 days"))]


def test_a_row_of_a_table_is_one_line_under_its_heading():
    table = placed(DAYS, *NAMES, *VALUES)
    seen = watch(KnownSlides(table, BOHR), film((table[0], 40), (BOHR[0], 40)))
    rows = [line for line in seen.lines if line.heading == "Days in Skylab"]
    assert [line.text for line in rows] == ["Bean | 59 days", "Carr | 84 days"]
    assert {(line.span.start_ms, line.span.end_ms) for line in rows} == {(0, 4_000)}
    assert len(seen.lines) == 6


def test_a_row_begins_with_its_last_cell_and_what_stood_alone_before_ends():
    names, table = placed(DAYS, *NAMES), placed(DAYS, *NAMES, *VALUES)
    seen = watch(KnownSlides(names, table), film((names[0], 40), (table[0], 40)))
    assert times(seen) == {
        "Days in Skylab": (0, 7_900), "Bean": (0, 4_000), "Carr": (0, 4_000),
        "Bean | 59 days": (4_000, 7_900), "Carr | 84 days": (4_000, 7_900),
    }  # fmt: skip


def test_a_table_that_comes_row_by_row_is_a_table_from_its_first_row_on():
    first = placed(DAYS, NAMES[0], VALUES[0])
    table = placed(DAYS, *NAMES, *VALUES)
    seen = watch(KnownSlides(first, table), film((first[0], 40), (table[0], 40)))
    assert times(seen) == {
        "Days in Skylab": (0, 7_900), "Bean | 59 days": (0, 7_900),
        "Carr | 84 days": (4_000, 7_900),
    }  # fmt: skip


def test_a_row_ends_when_one_of_its_cells_has_gone():
    table = placed(DAYS, *NAMES, *VALUES)
    other = placed(DAYS, *NAMES, VALUES[0], ("85 days", *VALUES[1][1:]))
    seen = watch(KnownSlides(table, other), film((table[0], 40), (other[0], 40)))
    found = times(seen)
    assert found["Carr | 84 days"] == (0, 4_000)
    assert found["Carr | 85 days"] == (4_000, 7_900)
    assert found["Bean | 59 days"] == (0, 7_900)


def test_a_row_of_which_a_reading_missed_a_cell_goes_on():
    table = placed(DAYS, *NAMES, *VALUES)
    more = placed(DAYS, *NAMES, *VALUES, ("NASA", 500, 330, 20))

    class Blinking(KnownSlides):
        def read(self, picture):
            lines = super().read(picture)
            missed = {"84 days"} if self.reads == 2 else set()
            return [line for line in lines if line.text not in missed]

    seen = watch(Blinking(table, more), film((table[0], 40), (more[0], 40)))
    assert times(seen) == {
        "Days in Skylab": (0, 7_900), "Bean | 59 days": (0, 7_900), "Carr | 84 days": (0, 7_900),
        "NASA": (4_000, 7_900),
    }  # fmt: skip


TITLE = [("Apollo guidance", 40, 30, 40), ("computer", 40, 77, 40)]
BUILT, MASS = ("Built by: Raytheon", 40, 160, 26), ("Mass: 32 kg", 40, 210, 26)


def test_a_heading_over_two_rows_is_one_line_and_one_heading():
    slides = [placed(*TITLE, BUILT), placed(*TITLE, BUILT, MASS)]
    seen = watch(KnownSlides(*slides), film(*((pixels, 40) for pixels, _ in slides)))
    assert [(line.text, line.heading) for line in seen.lines] == [
        ("Apollo guidance computer", ""),
        ("Built by: Raytheon", "Apollo guidance computer"),
        ("Mass: 32 kg", "Apollo guidance computer"),
    ]
    assert times(seen)["Apollo guidance computer"] == (0, 7_900)


def test_a_heading_that_is_known_as_one_only_later_is_one_from_the_first():
    # Two rows with nothing below them may be two lines.
    alone, slide_ = placed(*TITLE), placed(*TITLE, BUILT)
    seen = watch(KnownSlides(alone, slide_, BOHR), film((alone[0], 40), (slide_[0], 40)))
    assert [(line.text, line.heading) for line in seen.lines] == [
        ("Apollo guidance computer", ""), ("Built by: Raytheon", "Apollo guidance computer"),
    ]  # fmt: skip
    assert times(seen)["Apollo guidance computer"] == (0, 7_900)


def test_the_second_row_of_a_heading_may_be_missed_once():
    slides = [placed(*TITLE, BUILT), placed(*TITLE, BUILT, MASS)]

    class Blinking(KnownSlides):
        def read(self, picture):
            lines = super().read(picture)
            return lines[:1] + lines[2:] if self.reads == 2 else lines

    seen = watch(Blinking(*slides), film(*((pixels, 40) for pixels, _ in slides)))
    assert {line.heading for line in seen.lines} == {"", "Apollo guidance computer"}
    assert len(seen.lines) == 3
    assert len(seen.shots_ms) == 0


def test_pictures_far_apart_are_all_read():
    reader = KnownSlides(CURIE, BOHR)
    seen = watch(reader, film((CURIE[0], 1), (BOHR[0], 1), step_ms=8_000), end_ms=16_000)
    assert times(seen)["Born in Warsaw"] == (0, 8_000)
    assert times(seen)["Born in Copenhagen"] == (8_000, 16_000)


def test_unsure_lines_and_lines_without_words_are_dropped():
    pixels, (title, *_) = CURIE
    noise = [TextLine("Lorem", 0.6, title.box), TextLine("•", 0.99, (0.9, 0.9, 0.95, 0.95)),
             TextLine("x", 0.99, (0.8, 0.8, 0.85, 0.85))]  # fmt: skip
    seen = watch(KnownSlides((pixels, [*noise, title])), film((pixels, 10)))
    assert [line.text for line in seen.lines] == ["Marie Curie"]


def test_a_bullet_is_no_part_of_its_line():
    pixels, (title, *_) = CURIE
    seen = watch(
        KnownSlides((pixels, [TextLine("• Marie Curie", 0.99, title.box)])), film((pixels, 10))
    )
    assert [line.text for line in seen.lines] == ["Marie Curie"]


def test_without_a_reader_shots_are_seen_and_nothing_is_read():
    seen = watch(None, film((BLACK, 40), (CURIE[0], 40)))
    assert (seen.lines, seen.readings, seen.shots_ms, seen.pictures) == ((), 0, (4_000,), 80)


def test_without_pictures_nothing_is_seen():
    seen = watch(KnownSlides(), [], end_ms=5_000)
    assert (seen.lines, seen.shots_ms, seen.pictures) == ((), (), 0)


def test_a_picture_that_cannot_be_read_does_not_stop_the_others():
    class Failing(KnownSlides):
        def read(self, picture):
            lines = super().read(picture)
            if self.reads == 1:
                raise EngineError("it failed")
            return lines

    seen = watch(Failing(CURIE, BOHR), film((CURIE[0], 40), (BOHR[0], 40)))
    assert {line.heading for line in seen.lines} == {"", "Niels Bohr"}
    assert seen.warnings == ("1 pictures could not be read: it failed",)


@pytest.mark.parametrize("size", [(1, 1), (3, 160), (160, 2)])
def test_odd_shapes_do_no_harm(size):
    pixels = np.zeros((*size, 3), np.uint8)
    pictures = [Picture(n * 100, pixels + n % 2 * 255, lambda: CURIE[0]) for n in range(20)]
    assert watch(KnownSlides(CURIE), pictures).pictures == 20
