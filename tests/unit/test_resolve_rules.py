"""Which names may be one thing's: every row of the labelled table, and what rules say of it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from kg_videorag.ingest.resolve.blocks import Blocks
from kg_videorag.ingest.resolve.match import Agreement
from kg_videorag.ingest.resolve.names import is_pronoun, read_name
from kg_videorag.ingest.resolve.rules import contradict, match
from kg_videorag.model import EntityType

TABLE = Path(__file__).parents[2] / "benchmarks" / "resolve.toml"
TYPES = {
    "P": EntityType.PERSON, "O": EntityType.ORGANIZATION, "L": EntityType.PLACE,
    "X": EntityType.PRODUCT, "E": EntityType.EVENT, "W": EntityType.WORK,
    "G": EntityType.GROUP, "C": EntityType.CONCEPT, "D": EntityType.DATE,
}  # fmt: skip
MISSED = {"P Neil Amstrong | P Neil Armstrong"}  # an R that is not heard is another sound


def rows(kind):
    return [
        pytest.param(Agreement[group["company"].upper()], row, id=f"{group['company']}: {row}")
        for group in tomllib.loads(TABLE.read_text(encoding="utf-8"))["group"]
        for row in group[kind].strip().splitlines()
        if row not in MISSED
    ]


def names(row):
    return [read_name(side.strip()[2:], TYPES[side.strip()[0]]) for side in row.split("|")]


def joins(company, first, second):
    found = match(first, second)
    return found is not None and found.needs <= company and not contradict(first, second)


@pytest.mark.parametrize(("company", "row"), rows("same"))
def test_one_thing(company, row):
    first, second = names(row)
    assert joins(company, first, second)
    assert joins(company, second, first), "the order does not matter"
    blocks = Blocks({"first": first, "second": second})
    assert "second" in blocks.near(first), "they meet"
    assert "first" in blocks.near(second)


@pytest.mark.parametrize(("company", "row"), rows("different"))
def test_two_things(company, row):
    first, second = names(row)
    assert not joins(company, first, second)
    assert not joins(company, second, first)


@pytest.mark.parametrize("row", sorted(MISSED))
def test_what_is_known_to_be_missed(row):
    assert not joins(Agreement.STRONG, *names(row))


@pytest.mark.parametrize(
    ("row", "reason", "short"),
    [
        ("P Doctor Helen Carter | P Helen Carter", "title", None),
        ("O NASA | O National Aeronautics and Space Administration", "acronym", "NASA"),
        ("L US | L United States", "abbreviation", None),
        ("X Saturn V | X Saturn 5", "number", None),
        ("O SpaceX | O Space X", "spacing", None),
        ("P Helen Karter | P Helen Carter", "spelling", None),
        ("P J. Smith | P John Smith", "fuller name", "J. Smith"),
        ("P Armstrong | P Neil Armstrong", "surname", "Armstrong"),
        ("P Martin Luther King Jr. | P Martin Luther King", "suffix", "Martin Luther King"),
        ("C Mercury | L Mercury", "type", "Mercury"),
        ("C rocket | C rockets", "plural", None),
        ("C Гагарина | C Гагарин", "inflection", None),
        ("C Юрий Гагарин | P Yuri Gagarin", "transliteration", None),
    ],
)
def test_a_reason_is_given_and_which_form_is_short(row, reason, short):
    first, second = names(row)
    for pair in ((first, second), (second, first)):
        found = match(*pair)
        assert found is not None
        assert found.reason == reason
        assert 0 < found.score < 1
        assert (None if found.short is None else pair[found.short].text) == short


def test_years_and_amounts_are_never_compared():
    for first, second in (("1969", "1968"), ("20 July 1969", "July 1969"), ("March", "march")):
        assert match(read_name(first, EntityType.DATE), read_name(second, EntityType.DATE)) is None
        pair = (read_name(first, EntityType.QUANTITY), read_name(second, EntityType.CONCEPT))
        assert match(*pair) is None


@pytest.mark.parametrize(
    ("text", "words", "titles", "suffix"),
    [
        ("Dr. Helen Carter", ("helen", "carter"), ("dr",), ""),
        ("Doctor", ("doctor",), (), ""),
        ("Mr. Justice Holmes' ", ("holmes",), ("mr", "justice"), ""),
        ("Martin Luther King Junior", ("martin", "luther", "king"), (), "j"),
        ("Louis XIV", ("louis", "14"), (), ""),
        ("A. Einstein", ("a", "einstein"), (), ""),
        ("King Charles", ("king", "charles"), (), ""),
        ("профессору Ивановой", ("ивановой",), ("профессору",), ""),
        ("The 👩‍🚀", ("the",), (), ""),
        ("!!!", (), (), ""),
    ],
)
def test_a_name_is_read(text, words, titles, suffix):
    name = read_name(text, EntityType.PERSON)
    assert (name.words, name.titles, name.suffix) == (words, titles, suffix)


@pytest.mark.parametrize(
    "text",
    ["She", "IT IS", "it", "us", "who", "The others", "himself", "Она", "ней", "который", "Я"],
)
def test_pronouns(text):
    assert is_pronoun(text) is (text not in {"IT IS", "The others"})


@pytest.mark.parametrize("text", ["US", "WHO", "IT", "Me Too", "", "!!!", "Ее величество", "Ian"])
def test_no_pronouns(text):
    assert not is_pronoun(text)
