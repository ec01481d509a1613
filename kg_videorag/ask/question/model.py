"""What a question says, read from its words alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg_videorag.ask.moments import Moment
    from kg_videorag.model import Modality


class OrderRelation(StrEnum):
    """Where the answer lies, from what the question names."""

    BEFORE = "before"
    AFTER = "after"
    BETWEEN = "between"


@dataclass(frozen=True, slots=True)
class Order:
    """That a question asks for what lies beside something else in the video.

    Args:
        relation: On which side.
        anchors: What it lies beside, as a text to search for: two of BETWEEN, else one.
        near: Whether what is nearest is asked for: "right after".
        shown: Whether it is named as something that is shown: "after the slide about the crew".
    """

    relation: OrderRelation
    anchors: tuple[str, ...]
    near: bool = False
    shown: bool = False


class Intent(StrEnum):
    """What kind of answer is asked for."""

    FACT = "fact"
    LIST = "list"
    COUNT = "count"
    COMPARE = "compare"
    WHEN = "when"


class Counted(StrEnum):
    """What of its mentions a question asks for."""

    TIMES = "times"
    VIDEOS = "videos"
    FIRST = "first"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Mentions:
    """That a question asks the library how often, or when, it mentions something.

    Args:
        of: What is mentioned, in the question's words.
        counted: What of its mentions is asked for.
        sensed: Whether what is seen and heard of it counts as well: "When does a dog appear?"
    """

    of: str
    counted: Counted
    sensed: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """A question, read.

    Args:
        text: As it was asked.
        language: ISO 639-1: "en" or "ru".
        asked: What is left of it for whoever answers: without the moment and the films that
            narrow the search; empty where it asks for anything that is there.
        topic: What is left of it to search for: the same, without wishes such as "show me".
        intent: What kind of answer it asks for.
        moment: When; None if it names none.
        named: The words that name the moment.
        order: What it lies before or after; None if the question does not say.
        mentions: Where it asks the library for mentions; None for a question about the world.
        wishes: In which ways the answer should have been perceived; empty for any.
        speaker: Whose words are asked for, as a hint; "" if nobody's.
        videos: Names of films that it says.
        phrases: What may be names of entities: capitalised runs, and what stands in quotes.
    """

    text: str
    language: str
    asked: str
    topic: str
    intent: Intent = Intent.FACT
    moment: Moment | None = None
    named: str = ""
    order: Order | None = None
    mentions: Mentions | None = None
    wishes: frozenset[Modality] = frozenset()
    speaker: str = ""
    videos: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
