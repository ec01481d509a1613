"""Names in sentences, and whether a sentence says one."""

from __future__ import annotations

import pytest

from kg_videorag.engines.extractive.names import names_in, says_name


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        ("nothing but small words", []),
        ("Who was it?", []),
        ("Where was Neil Armstrong born?", ["neil armstrong"]),
        ("They flew over Ohio.", ["ohio"]),
        ("He saw Venus, Mars and Moon Base.", ["venus", "mar", "moon base"]),
        ("They met Ann. Bob left.", ["ann"]),
        # numbers
        ("Then Apollo 11 flew for 8 days.", ["apollo 11", "8"]),
        ("It was the Saturn V.", ["saturn v"]),
        ("It was in 1962 Carson wrote.", ["1962", "carson"]),
        # a title belongs to no name
        ("They met Mr. Keller and Judge Helen Foster.", ["keller", "helen foster"]),
        # a possessive ends a name
        ("He met Neil Armstrong's Janet.", ["neil armstrong", "janet"]),
        ("He met Neil Armstrong’s Janet.", ["neil armstrong", "janet"]),
        # Russian
        ("Там был Юрий Гагарин и Королёв.", ["юр гагарин", "корол"]),
        ("Тогда корабль «Восток-1» взлетел.", ["востк 1"]),
        ("Там был Профессор Иванов.", ["иван"]),
        # a word that opens a sentence is a name only among others
        ("Armstrong walked.", []),
        ("Neil Armstrong walked.", ["neil armstrong"]),
    ],
)
def test_names_are_runs_of_capitalised_words_and_numbers(text, names):
    assert [" ".join(name) for name in names_in(text)] == names


def test_a_first_word_may_be_taken_for_a_name():
    text = "Armstrong walked. Bob left."
    assert names_in(text, first_word=True) == [("armstrong",), ("bob",)]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        # whole, whatever the case
        ("neil armstrong", "Then Neil Armstrong walked.", True),
        ("neil armstrong", "then neil armstrong walked", True),
        ("neil armstrong", "It was Neil Armstrong's step.", True),
        ("neil armstrong", "Buzz Aldrin followed.", False),
        ("neil armstrong", "", False),
        # a part that stands alone, or more
        ("neil armstrong", "Armstrong walked.", True),
        ("neil armstrong", "It was Armstrong’s step.", True),
        ("armstrong", "Neil Armstrong walked.", True),
        ("marshal space flight center", "He is at the Kennedy Space Center.", False),
        ("neil armstrong", "Louis Armstrong sang.", False),
        # the words of one name stand together
        ("susan keller", "The lawyer of Martin Keller is Susan Wright.", False),
        ("webb telescop", "That is the Webb Space Telescope.", True),
        ("martin keller", "Mr. Keller was an engineer.", True),
        ("northfield energi", "North field energy is represented.", True),
        # nearly
        ("wernher von braun", "That was Werner von Braun.", True),
        ("hamilton", "That was Harrison.", False),
        # in another case
        ("юр гагарин", "Говорили о Гагарине.", True),
        ("корол", "Ракету построили Королёвым.", True),
        ("мар", "Они полетели на Марс.", False),
        ("титов", "Там был Гагарин.", False),
        # numbers are right or wrong
        ("apollo 13", "The crew of Apollo 13 came back.", True),
        ("apollo 13", "The crew of Apollo 11 landed.", False),
        ("apollo 11", "Apollo 110 is a fiction.", False),
        ("apollo 13", "After 13 days they came back.", False),
        ("apollo 13", "The Apollo programme ended.", False),
        # heard with other vowels, not with other consonants
        ("wernher", "Werner von Braun was there.", True),
        ("wapakoneta", "He was born in Wapokaneta.", True),
        ("hilton", "Margaret Hamilton was there.", False),
        ("hampton", "Margaret Hamilton was there.", False),
        ("austria", "The capital of Australia is Canberra.", False),
        ("niger", "She visited Nigeria.", False),
        ("mar", "Mary flew to the coast.", False),
    ],
)
def test_a_sentence_says_a_name_whole_or_in_part(name, text, said):
    assert says_name(name.split(), text) is said


def test_a_part_may_be_too_little():
    assert says_name(("thomas", "keller"), "Mr. Keller spoke.")
    assert not says_name(("thomas", "keller"), "Mr. Keller spoke.", in_part=False)
