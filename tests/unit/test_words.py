"""Words are compared by their stems, without those that only bind."""

from __future__ import annotations

import pytest

from kg_videorag.words import ENGLISH, RUSSIAN, content_stems, language_of, words


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
        ("Ёлка, Королёв", ["елка", "королев"]),  # most people write ё without its dots
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
        ("Когда?", set()),
        ("Где родился Юрий Гагарин?", {"род", "юр", "гагарин"}),
        ("Кем был Королёв?", {"корол"}),
        ("о Королёве, с Королёвым, Королёв", {"корол"}),
        ("о Гагарине, с Гагариным", {"гагарин"}),
        ("отец, отца, с отцом", {"отц"}),  # a vowel that comes and goes
        ("рождение, рождён, родилась", {"род"}),  # one root, three stems
        ("Что сказал Neil Armstrong about rockets?", {"сказа", "neil", "armstrong", "rocket"}),
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


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Who discovered radium?", ENGLISH),
        ("Кто открыл радий?", RUSSIAN),
        ("Где родился Neil Armstrong?", RUSSIAN),  # names may be written as they are spelt
        ("Where was Юрий Гагарин born?", ENGLISH),
        ("Гагарин?", RUSSIAN),
        ("02:30?", ENGLISH),
        ("", ENGLISH),
    ],
)
def test_the_language_is_that_of_the_words_which_are_no_names(text, language):
    assert language_of(text) == language
