"""Words are compared by their stems, without those that only bind."""

from __future__ import annotations

import pytest

from kg_videorag.words import content_stems, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("?! — …", []),
        ("Who walked on the Moon?", ["who", "walked", "on", "the", "moon"]),
        ("Apollo-11 in 1969.", ["apollo", "11", "in", "1969"]),
        ("snake_case", ["snake", "case"]),
        ("Die Straße", ["die", "straße"]),
        ("ПРИВЕТ, мир", ["привет", "мир"]),
        ("राम रोम", ["राम", "रोम"]),  # marks belong to their letters
        ("Ann's, Ann’s and the boys' cat", ["ann", "ann", "and", "the", "boys", "cat"]),
        ("🚀 launch🚀now", ["launch", "now"]),
    ],
)
def test_words_are_runs_of_letters_and_digits(text, found):
    assert words(text) == found


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("", set()),
        ("Who was he?", set()),
        ("Who launched the rockets?", {"launch", "rocket"}),
        ("launch LAUNCHES Launching", {"launch"}),
        ("What is said about Apollo 11?", {"apollo", "11"}),
        ("Who wrote what they taught and lost?", {"write", "teach", "lose"}),
        ("Когда?", {"когда"}),
        ("Armstrong's wife", {"armstrong", "wife"}),
        ("Armstrong’s wife", {"armstrong", "wife"}),
        ("I don't know, it's Ann's", {"know", "ann"}),
    ],
)
def test_content_stems_say_what_is_asked(text, stems):
    assert content_stems(text) == stems


def test_a_question_and_its_answer_share_stems():
    asked = content_stems("Which engines were tested?")
    said = content_stems("They test the engine again.")
    assert asked & said == {"engin", "test"}
