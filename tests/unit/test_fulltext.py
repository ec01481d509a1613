"""Nothing that a user types can be an operator of the full-text engine."""

from __future__ import annotations

import re

import pytest

from kg_videorag.graph.fulltext import entity_queries, segment_queries


def all_words(text):
    """What the two indexes of segments are asked for, together."""
    return " ".join(asked["query"] for asked in segment_queries(text))


def spelt(text):
    """What the index of names as they are spelt is asked for."""
    return " ".join(q["query"] for q in entity_queries(text) if q["index"] == "entity_fulltext")


OPERATORS = r'+ - && || ! ( ) { } [ ] ^ " ~ * ? : \ / < > = @ # $ % ; , . |'


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", ""),
        ("   ", ""),
        (OPERATORS, ""),
        ("🚀🚀", ""),
        ("radium", "radium"),
        ("Who discovered radium?", "who discovered radium"),
        ("radium radium Radium", "radium"),
        ("cats AND dogs", "cats and dogs"),
        ("cats OR dogs NOT birds", "cats or dogs not birds"),
        ("speech:radium", "speech radium"),
        ("/.*/ rad?um rad*", "rad um"),
        ("[a TO b] {c TO d}", "a to b c d"),
        ("radium^9 radium~2", "radium 9 2"),
        ('"exact phrase"~3', "exact phrase 3"),
        (r"back\slash", "back slash"),
        ("🚀 launch", "launch"),
        ("Кто открыл радий?", "кто открыл радий"),
        ("L'Élysée", "l élysée"),
        ("_id", "id"),
    ],
)
def test_only_words_pass(text, query):
    assert all_words(text) == query


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", ""),
        ("Who is Wapakoneta", "who is wapakoneta~1"),
        ("MIT Ohio York", "mit ohio york"),  # from five letters on
        ("Where are ties and boxes?", "where~1 are ties and boxes~1 tie box"),  # in the singular
        ("Гагарин и мир", "гагарин~1 и мир"),
        ("radium~9 radium", "radium~1 9"),
    ],
)
def test_longer_words_may_differ_by_a_letter(text, query):
    assert spelt(text) == query


@pytest.mark.parametrize("build", [all_words, spelt])
@pytest.mark.parametrize("operator", OPERATORS.split())
def test_no_operator_passes_beside_a_word(build, operator):
    query = build(f"{operator}alpha{operator} beta{operator}gamma {operator}")
    assert re.fullmatch(r"alpha(~1)? beta gamma(~1)?", query)


@pytest.mark.parametrize("build", [all_words, spelt])
@pytest.mark.parametrize(
    "text",
    [" ".join(f"word{n}" for n in range(5_000)), "x" * 100_000, "a b " * 50_000],
    ids=["many words", "a long word", "repeated words"],
)
def test_a_very_long_input_stays_a_short_query(build, text):
    found = build(text).split()
    assert 1 <= len(found) <= 64
    assert max(map(len, found)) <= 64 + len("~1")


@pytest.mark.parametrize(
    ("text", "segments", "entities"),
    [
        ("", {}, {}),
        ("radium", {"segment_fulltext": "radium"}, {"entity_fulltext": "radium~1"}),
        (
            "Где Гагарин?",
            {"segment_fulltext_russian": "где гагарин"},
            {"entity_fulltext": "где гагарин~1", "entity_fulltext_russian": "где гагарин"},
        ),
        (
            "Где жил Armstrong?",
            {"segment_fulltext": "armstrong", "segment_fulltext_russian": "где жил"},
            {"entity_fulltext": "где жил armstrong~1", "entity_fulltext_russian": "где жил"},
        ),
        # the analyzer does not join these two forms
        (
            "Королёва",
            {"segment_fulltext_russian": "королев королева"},
            {"entity_fulltext": "королева~1", "entity_fulltext_russian": "королев королева"},
        ),
    ],
)
def test_each_index_is_asked_for_the_words_of_its_language(text, segments, entities):
    assert {asked["index"]: asked["query"] for asked in segment_queries(text)} == segments
    assert {asked["index"]: asked["query"] for asked in entity_queries(text)} == entities
