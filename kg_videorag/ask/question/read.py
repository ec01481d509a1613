"""Reads a question as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.ask.moments import Timed, asks_for_something, read_moment
from kg_videorag.ask.question.films import Films, read_films
from kg_videorag.ask.question.intent import read_intent, read_wishes, without_wishes
from kg_videorag.ask.question.mentions import read_mentions
from kg_videorag.ask.question.model import Question
from kg_videorag.ask.question.names import read_phrases, read_speaker
from kg_videorag.ask.question.order import read_order
from kg_videorag.model import EVERYWHERE
from kg_videorag.words import language_of

if TYPE_CHECKING:
    from kg_videorag.model import Scope


def read_question(
    text: str,
    scope: Scope = EVERYWHERE,
    *,
    narrow_to_films: bool = True,
    by_order: bool = True,
) -> Question:
    """What a question asks for, when, in what order, in which films, of what kind.

    Args:
        text: What the user asked.
        scope: Where it looks anyway.
        narrow_to_films: Whether words that name a film narrow the search; where the library has
            no film of that name, they are words to search for.
        by_order: Whether "after" may ask for what follows in the video; where nothing says what
            it would follow, it is a part of the fact.
    """
    language = language_of(text)
    mentions = read_mentions(text, language)
    may_narrow = mentions is None and narrow_to_films  # "Which films are about Skylab?"
    films = read_films(text, language) if may_narrow else Films((), text)
    rest = films.rest
    mentions = mentions or read_mentions(rest, language)
    timed = Timed(None, rest) if mentions else read_moment(rest, scope)
    may_order = by_order and not mentions and not timed.moment
    ordered = read_order(rest, language) if may_order else None
    asked = ordered.topic if ordered else timed.rest
    if films.names and not ordered and not timed.moment and not asks_for_something(asked):
        asked = text  # "What is in the video about Skylab?" asks for Skylab
    return Question(
        text=text,
        language=language,
        asked=asked,
        topic=(without_wishes(asked) or asked) if asked else "",
        intent=read_intent(rest, language, mentions),
        moment=timed.moment,
        named=timed.named,
        order=ordered.order if ordered else None,
        mentions=mentions,
        wishes=read_wishes(rest),
        speaker=read_speaker(rest),
        videos=films.names,
        phrases=read_phrases(text),
    )
