"""A question for all of a kind is told from one for one thing."""

from __future__ import annotations

import pytest

from kg_videorag.engines.extractive.listing import asks_for_list
from kg_videorag.engines.extractive.question import Question


@pytest.mark.parametrize(
    ("question", "is_list"),
    [
        ("Who were the commanders of the crews?", True),
        ("Who commanded the crews of Skylab?", True),
        ("Which rockets flew?", True),
        ("What rockets did they build?", True),
        ("List the crews", True),
        ("Name all people who flew", True),
        ("Какие ракеты летали?", True),
        ("Перечисли космонавтов", True),
        ("Who was the commander?", False),
        ("Which rocket flew?", False),
        ("What happens to the crews?", False),
        ("What causes rain?", False),
        ("Who discovered radium?", False),
        ("Кто был командиром?", False),
    ],
)
def test_lists(question, is_list) -> None:
    assert asks_for_list(question) is is_list


def test_to_list_is_nothing_that_is_asked_about() -> None:
    assert Question.read("List the crews of the station", ()).stems == {"crew", "station"}
    assert Question.read("Who had a list of alarms?", ()).stems == {"list", "alarm"}
