"""Whom a sentence means by a pronoun, told by the sentences before it."""

from __future__ import annotations

import pytest

from kg_videorag.engines.extractive.pronouns import meant_by, unresolved_pronouns


@pytest.mark.parametrize(
    ("sentence", "pronouns"),
    [
        ("", set()),
        ("She died in 1964.", {"she"}),
        ("With the money she built a cottage in Maine.", {"she"}),
        ("Her mother met Ann.", {"her"}),
        ("It was very tall.", {"it"}),
        # a name before it takes it
        ("Frank Moore says that he will retire.", set()),
        ("Then Ann said that she would come.", set()),
        # in the middle these mostly mean a thing of the sentence
        ("The team said it would play.", set()),
        ("The Moon was bright.", set()),
        ("Он родился в деревне Клушино.", {"он"}),
        ("До полёта она работала в Ярославле.", {"она"}),
        ("Её корабль назывался «Восток».", {"ее"}),
        ("Гагарин сказал, что он готов.", {"он"}),  # a first word alone may be no name
        ("Там Гагарин сказал, что он готов.", set()),
    ],
)
def test_pronouns_before_any_name(sentence, pronouns):
    assert unresolved_pronouns(sentence) == pronouns


@pytest.mark.parametrize(
    ("pronoun", "context", "meant"),
    [
        ("she", [], []),
        ("she", ["Ann Lee met Bob.", "Eve sang."], ["Ann Lee met Bob."]),
        ("she", ["It rained.", "Ann Lee sang."], ["Ann Lee sang."]),  # no name in between
        # it goes on about the same one
        ("she", ["At college she studied English.", "Ann Lee was born."], ["Ann Lee was born."]),
        # the other sex
        ("she", ["Mr. Keller spoke.", "Ann Lee sang."], ["Ann Lee sang."]),
        ("she", ["President Kennedy asked his men.", "Ann sang loud."], ["Ann sang loud."]),
        ("he", ["Mrs. Lee spoke.", "Bob Ray sang."], ["Bob Ray sang."]),
        ("he", ["Ann praised her crew.", "Bob Ray sang."], ["Bob Ray sang."]),
        ("она", ["Гагарин смотрел.", "Терешкова полетела."], ["Терешкова полетела."]),
        ("он", ["Терешкова полетела.", "Гагарин смотрел."], ["Гагарин смотрел."]),
        ("it", ["The Saturn V was a rocket."], ["The Saturn V was a rocket."]),
    ],
)
def test_the_sentence_that_has_the_name(pronoun, context, meant):
    assert list(meant_by(frozenset({pronoun}), context)) == meant
