"""Which boxes of a picture are one line, and which stay apart though they stand side by side."""

from __future__ import annotations

import pytest

from kg_videorag.ingest.watch.page import as_read
from kg_videorag.model import TextLine

WIDTH, HEIGHT = 1280, 720
BODY, TITLE = 42, 66
LETTER = 0.5  # width of a letter, in sizes of its font
BOX = 1.25  # height of a reader's box, in sizes of the font


def at(left, top, text, size=BODY):
    """A line as PP-OCR boxes it."""
    right = left + len(text) * size * LETTER
    box = (left / WIDTH, top / HEIGHT, right / WIDTH, (top + BOX * size) / HEIGHT)
    return TextLine(text, 0.98, box)


def column(left, top, pitch, *texts, size=BODY):
    return [at(left, top + row * pitch, text, size) for row, text in enumerate(texts)]


def right_aligned(right, top, pitch, *texts):
    return [
        at(right - len(text) * BODY * LETTER, top + row * pitch, text)
        for row, text in enumerate(texts)
    ]


def centred(middle, top, pitch, *texts, size=BODY):
    return [
        at(middle - len(text) * size * LETTER / 2, top + row * pitch, text, size)
        for row, text in enumerate(texts)
    ]


def texts_of(found):
    return [line.text for line in as_read(found, WIDTH / HEIGHT)]


def test_what_is_joined_has_the_box_of_all_and_the_doubt_of_its_least_sure_piece():
    found = [*column(84, 200, 104, "Bean", "Carr"), *column(800, 204, 104, "59 days", "84 days")]
    found[2] = TextLine("59 days", 0.85, found[2].box)
    first, second = as_read(found, WIDTH / HEIGHT)
    assert (first.text, first.confidence) == ("Bean | 59 days", 0.85)
    left, right = found[0].box, found[2].box
    assert first.box == (left[0], left[1], right[2], right[3])
    assert [piece.text for piece in second.pieces] == ["Carr", "84 days"]


TABLES = {
    "label and number, as PP-OCR boxed it": (
        [
            TextLine("Days in Skylab", 1.0, (0.059, 0.188, 0.409, 0.306)),
            TextLine("28 days", 1.0, (0.614, 0.407, 0.761, 0.506)),
            TextLine("Charles Conrad", 1.0, (0.060, 0.414, 0.321, 0.494)),
            TextLine("59 days", 0.93, (0.613, 0.551, 0.762, 0.653)),
            TextLine("Alan Bean", 1.0, (0.059, 0.557, 0.237, 0.646)),
        ],
        ["Days in Skylab", "Charles Conrad | 28 days", "Alan Bean | 59 days"],
    ),
    "three columns": (
        [
            *column(84, 200, 90, "1969", "1971"),
            *column(300, 200, 90, "Apollo 11", "Apollo 14"),
            *column(700, 200, 90, "Neil Armstrong", "Alan Shepard"),
        ],
        ["1969 | Apollo 11 | Neil Armstrong", "1971 | Apollo 14 | Alan Shepard"],
    ),
    "numbers aligned on their right": (
        [
            *column(84, 200, 90, "Mass", "Words", "Keys"),
            *right_aligned(900, 200, 90, "32 kg", "36,864", "19"),
        ],
        ["Mass | 32 kg", "Words | 36,864", "Keys | 19"],
    ),
    "roles aligned on their right, names on their left": (
        [
            *right_aligned(560, 200, 90, "Director", "Music"),
            *column(660, 200, 90, "Anna Berg", "Karl Lund"),
        ],
        ["Director | Anna Berg", "Music | Karl Lund"],
    ),
    "dense rows of numbers": (
        [
            *column(84, 200, 50, "Mass", "Words", "Keys"),
            *column(700, 200, 50, "32 kg", "36,864", "19"),
        ],
        ["Mass | 32 kg", "Words | 36,864", "Keys | 19"],
    ),
    "a row without its second cell": (
        [
            *column(84, 200, 90, "Mass", "Words", "Keys"),
            at(700, 200, "32 kg"),
            at(700, 380, "19"),
        ],
        ["Mass | 32 kg", "Words", "Keys | 19"],
    ),
}


@pytest.mark.parametrize(("found", "expected"), TABLES.values(), ids=TABLES)
def test_cells_of_a_row_are_one_line(found, expected):
    assert texts_of(found) == expected


LIST = column(124, 200, 76, "Software engineer", "Born in Paoli", "Worked at MIT", "Led a team")
APART = {
    "running text in two columns": [
        *column(84, 200, 50, "The crew flew to the moon", "and came back", "in eight days"),
        *column(700, 200, 50, "The ship was found by a", "helicopter", "of the Hornet"),
    ],
    "long lines side by side with room between them": [
        *column(84, 200, 90, "They flew to the moon", "and they came back", size=30),
        *column(720, 200, 90, "A ship found them in it", "and brought them home", size=30),
    ],
    "a caption beside a list": [*LIST, at(860, 276, "Margaret Hamilton", 30)],
    "two lines beside a list": [*LIST, *column(860, 276, 76, "Margaret", "Hamilton")],
    "two lines beside the end of a list": [*LIST, *column(860, 352, 76, "Margaret", "Hamilton")],
    "a footer and its page number": [*LIST, at(84, 640, "Annual report", 30), at(1200, 640, "12")],
    "a header and a footer": [
        *column(400, 40, 600, "NASA", "Annual report"),
        *column(800, 40, 600, "1969", "12"),
    ],
    "words in the corners": [
        *column(40, 200, 90, "NASA", "Skylab"),
        *column(1100, 200, 90, "1969", "1973"),
    ],
    "names over years": [
        *column(200, 500, 50, "Apollo 11", "July 1969"),
        *column(700, 500, 50, "Apollo 14", "May 1971"),
    ],
    "one row": [at(84, 200, "Gerald Carr"), at(800, 200, "84 days")],
    "lists under heads of their own": [
        *[at(84, 150, "Advantages", TITLE), at(700, 150, "Problems", TITLE)],
        *column(84, 260, 76, "Fast", "Cheap"),
        *column(700, 260, 76, "Loud", "Dirty"),
    ],
    "lists with bullets": [
        *column(84, 260, 90, "• Fast", "• Cheap"),
        *column(700, 260, 90, "• Loud", "• Dirty"),
    ],
    "lists whose bullets were read alone": [
        *[TextLine("●", 0.5, (0.04, 0.39, 0.05, 0.42))],
        *column(84, 260, 90, "Fast", "Cheap"),
        *column(700, 260, 90, "Loud", "Dirty"),
    ],
    "names over roles": [
        *centred(250, 500, 50, "Armstrong", "commander"),
        *centred(640, 500, 50, "Aldrin", "Eagle"),
        *centred(1030, 500, 50, "Collins", "Columbia"),
    ],
    "columns that do not align": [
        *[at(84, 200, "Gerald Carr"), at(600, 200, "84 days")],
        *[at(84, 290, "Alan Bean"), at(760, 290, "59 days")],
    ],
    "words of one line that were found apart": [
        *column(84, 200, 90, "Gerald", "Edward"),
        *column(225, 200, 90, "Carr", "Gibson"),
    ],
}


@pytest.mark.parametrize("found", APART.values(), ids=APART)
def test_what_only_stands_side_by_side_stays_apart(found):
    read = texts_of(found)
    assert sorted(read) == sorted(line.text.strip("• ") for line in found if line.text != "●")


BULLETS = column(124, 300, 76, "Built by: Raytheon", "Mass: 32 kg")
HEADINGS = {
    "left edges": [*column(84, 100, 78, "Apollo guidance", "computer", size=TITLE), *BULLETS],
    "middles": [
        *centred(640, 100, 78, "The computer that flew", "to the moon", size=TITLE),
        *centred(640, 300, 76, "Built by: Raytheon"),
    ],
    "three rows": [
        *column(84, 30, 78, "The long way", "of Apollo to", "the moon", size=TITLE),
        *BULLETS,
    ],
}


@pytest.mark.parametrize("found", HEADINGS.values(), ids=HEADINGS)
def test_a_heading_broken_over_rows_is_one_line(found):
    rows = [line.text for line in found if line.box[3] - line.box[1] > 0.1]
    heading, *body = as_read(found, WIDTH / HEIGHT)
    assert heading.text == " ".join(rows)
    assert [line.text for line in body] == [line.text for line in found[len(rows) :]]
    assert heading.height == pytest.approx(BOX * TITLE / HEIGHT)


ROWS = {
    "nothing below": column(84, 100, 78, "Apollo guidance", "computer", size=TITLE),
    "as tall as the text": column(84, 100, 50, "Apollo guidance", "computer", "Built in Waltham"),
    "far from each other": [
        *column(84, 60, 130, "Apollo", "Skylab", size=TITLE),
        at(124, 350, "Mass: 32 kg"),
    ],
    "a footer far below": [
        *column(84, 100, 78, "Apollo guidance", "computer", size=TITLE),
        at(84, 660, "NASA", 30),
    ],
    "another edge": [
        *[at(84, 100, "Apollo guidance", TITLE), at(400, 178, "computer", TITLE)],
        *BULLETS,
    ],
    "the first row had room for more": [
        *column(84, 100, 78, "Neil Armstrong", "The first man on the moon", size=TITLE),
        *BULLETS,
    ],
    "bullets": [*column(84, 100, 78, "• Apollo guidance", "• computer", size=TITLE), *BULLETS],
    "four rows": [
        *column(84, 0, 78, "Apollo guidance", "computer", "and its", "memory", size=TITLE),
        *column(84, 330, 76, "Mass: 32 kg"),
    ],
    "a subheading of its own height": [
        *[at(84, 100, "Apollo guidance", TITLE), at(84, 178, "computer", 50)],
        *column(84, 300, 76, "Mass: 32 kg"),
    ],
}


@pytest.mark.parametrize("found", ROWS.values(), ids=ROWS)
def test_rows_that_may_be_lines_of_their_own_stay_apart(found):
    assert sorted(texts_of(found)) == sorted(line.text.strip("• ") for line in found)


def test_nothing_found_is_nothing_read():
    assert texts_of([]) == []
