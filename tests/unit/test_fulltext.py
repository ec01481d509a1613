"""Nothing that a user types can be an operator of the full-text engine."""

from __future__ import annotations

import re

import pytest

from kg_videorag.graph.fulltext import any_word, any_word_nearly

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
    assert any_word(text) == query


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", ""),
        ("Who is Wapakoneta", "who is wapakoneta~1"),
        ("MIT Ohio Texas", "mit ohio texas~1"),  # from five letters on
        ("Гагарин и мир", "гагарин~1 и мир"),
        ("radium~9 radium", "radium~1 9"),
    ],
)
def test_longer_words_may_differ_by_a_letter(text, query):
    assert any_word_nearly(text) == query


@pytest.mark.parametrize("build", [any_word, any_word_nearly])
@pytest.mark.parametrize("operator", OPERATORS.split())
def test_no_operator_passes_beside_a_word(build, operator):
    query = build(f"{operator}alpha{operator} beta{operator}gamma {operator}")
    assert re.fullmatch(r"alpha(~1)? beta gamma(~1)?", query)


@pytest.mark.parametrize("build", [any_word, any_word_nearly])
@pytest.mark.parametrize(
    "text",
    [" ".join(f"word{n}" for n in range(5_000)), "x" * 100_000, "a b " * 50_000],
    ids=["many words", "a long word", "repeated words"],
)
def test_a_very_long_input_stays_a_short_query(build, text):
    found = build(text).split()
    assert 1 <= len(found) <= 64
    assert max(map(len, found)) <= 64 + len("~1")
