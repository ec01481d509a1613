# ruff: noqa: RUF001 - some of the words are Russian
"""Whom and what a follow-up may mean: the names of the last turns, the likeliest first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from kg_videorag.ask.session.names import HE, SHE, Named, names_in, sex_of
from kg_videorag.model import EntityType
from kg_videorag.words import content_stems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kg_videorag.ask.session.turn import Turn

_BACK = 5  # turns: who was spoken of longer ago is named again
_ASKS_WHO = re.compile(
    r"^(?:and )?(?:who|whom|whose|which|what|кто|кого|кому|кем|чей|как\w+)\b", re.IGNORECASE
)
_SHE_SAID = re.compile(r"\b(?:she|hers?|woman|она|её|ее|ей)\b", re.IGNORECASE)
_HE_SAID = re.compile(r"\b(?:he|him|his|man|он|его|ему)\b", re.IGNORECASE)
_PLACES = frozenset({EntityType.PLACE, EntityType.ORGANIZATION})
# Nouns that stand for what is known by a name: "that laboratory", «эта лаборатория».
_CLASSES = {
    EntityType.PERSON: """person man woman astronaut cosmonaut engineer scientist director commander
        pilot mathematician author speaker человек мужчина женщина астронавт космонавт инженер
        учёный директор командир лётчик конструктор автор""",
    EntityType.PLACE: """place city town country state area region village planet moon место город
        страна штат область деревня посёлок планета""",
    EntityType.ORGANIZATION: """organization organisation company laboratory lab university school
        agency institute centre center museum firm организация компания лаборатория университет
        школа агентство институт центр музей завод""",
    EntityType.PRODUCT: """thing device machine rocket computer spacecraft ship plane station car
        module вещь устройство машина ракета компьютер корабль самолёт станция аппарат модуль""",
    EntityType.EVENT: """event mission flight landing launch war expedition событие полёт миссия
        посадка запуск война экспедиция""",
    EntityType.WORK: "book film song novel article paper книга фильм песня роман статья",
    EntityType.DATE: "year day date month год день дата месяц",
}


@dataclass(frozen=True)
class Context:
    """The history, as references are looked up in it.

    Args:
        history: Turns, the last at the end; at least one.
    """

    history: Sequence[Turn]

    @property
    def last(self) -> Turn:
        return self.history[-1]

    @cached_property
    def told(self) -> str:
        """All that was answered and cited lately, the last first."""
        parts = []
        for turn in reversed(self.history[-_BACK:]):
            parts += [turn.told, *(cited.quote for cited in turn.cited)]
        return "\n".join(parts)

    def asked(self, turn: Turn | None = None) -> tuple[Named, ...]:
        """Names in a question as it was understood; of the last, if none is given."""
        turn = turn or self.last
        return names_in(turn.understood, turn.entities)

    def answered(self, turn: Turn | None = None) -> tuple[Named, ...]:
        """Names that an answer adds to its question."""
        turn = turn or self.last
        known = {name.name for name in self.asked(turn)}
        return tuple(n for n in names_in(turn.told, turn.entities) if n.name not in known)

    def person(self, sex: str) -> Named | None:
        """Whom "he" (HE) or "she" (SHE) means: a person not known to be of the other sex."""
        fits = lambda name: name.may_be_person and self.sex(name) in ("", sex)  # noqa: E731
        sure = lambda name: name.may_be_person and self.sex(name) == sex  # noqa: E731
        for turn in self._turns():
            found = self._first(turn, sure) or self._first(turn, fits)
            if found:
                return found
        return None

    def persons(self) -> tuple[Named, ...]:
        """Whom "they" means: those that one turn names together."""
        for turn in self._turns():
            for names in (self.asked(turn), self.answered(turn)):
                known = {n.name: n for n in names if n.may_be_person}
                if len(known) > 1:
                    return tuple(known.values())
        return ()

    def thing(self) -> Named | None:
        """What "it" means; a place only where nothing else was named."""
        fits: list[Callable[[Named], bool]] = [
            lambda name: (
                name.may_be_thing
                and name.type is not EntityType.PLACE
                and not (name.type is None and name.may_be_person and self.sex(name) != "")
            ),
            lambda name: name.may_be_thing,
        ]
        return next((n for t in self._turns() for f in fits if (n := self._first(t, f))), None)

    def place(self) -> Named | None:
        """Where "there" is: a place of an answer before one of a question."""
        for turn in self._turns():
            for types in ({EntityType.PLACE}, _PLACES):
                for names in (self.answered(turn), self.asked(turn)):
                    if found := next((n for n in names if n.type in types), None):
                        return found
        return self.thing()  # "there" may be in a station

    def date(self) -> Named | None:
        """When "then" is."""
        return self._newest(lambda name: name.type is EntityType.DATE)

    def topic(self) -> Named | None:
        """What the last turns are about: what a question names first, else its answer."""
        for turn in self._turns():
            for names in (self.asked(turn), self.answered(turn)):
                if found := next((n for n in names if not n.is_date), None):
                    return found
        return None

    def of_noun(self, noun: str) -> Named | None:
        """The name that a noun stands for: a word of it, or its kind."""
        stems = content_stems(noun)
        if not stems:
            return None
        if found := self._newest(lambda name: bool(stems & content_stems(name.name))):
            return found
        for kind, nouns in _CLASSES.items():
            if stems & content_stems(nouns):
                return self._newest(lambda name, kind=kind: name.type is kind)  # type: ignore[misc]
        return None

    def listed(self) -> tuple[Named, ...]:
        """What the last answer lists: its names of the commonest kind, each once."""
        names = {n.name: n for n in self.answered() if not n.is_date}
        if len(names) < 2:
            names = {n.name: n for n in names_in(self.last.told, self.last.entities)}
        kinds: dict[EntityType | None, list[Named]] = {}
        for name in names.values():
            kinds.setdefault(name.type, []).append(name)
        lists = sorted(kinds.values(), key=len, reverse=True)
        return tuple(lists[0]) if lists else ()

    def sex(self, name: Named) -> str:
        """HE, SHE or "": by the first name, else by what was said where only this one is named."""
        if known := sex_of(name.name):
            return known
        for turn in self._turns():
            said = "\n".join([turn.understood, turn.told, *(c.quote for c in turn.cited)])
            people = {n.name for n in names_in(said, turn.entities) if n.may_be_person}
            if people == {name.name}:
                he, she = bool(_HE_SAID.search(said)), bool(_SHE_SAID.search(said))
                if he is not she:
                    return HE if he else SHE
        return ""

    def definite(self, name: str) -> str:
        """A name with the article that it was told with: "the MIT Instrumentation Laboratory"."""
        told = f"{self.told}\n" + "\n".join(turn.understood for turn in self.history)
        with_article = re.search(rf"\bthe {re.escape(name)}\b", told, re.IGNORECASE)
        return f"the {name}" if with_article else name

    def _turns(self) -> Iterable[Turn]:
        return reversed(self.history[-_BACK:])

    def _first(self, turn: Turn, fits: Callable[[Named], bool]) -> Named | None:
        """Of a question's name and its answer's, the one asked for comes first: "Who led ...?"."""
        places = [self.asked(turn), self.answered(turn)]
        if _ASKS_WHO.match(turn.understood):
            places.reverse()
        return next((n for names in places for n in names if fits(n)), None)

    def _newest(self, fits: Callable[[Named], bool]) -> Named | None:
        for turn in self._turns():
            for names in (self.answered(turn), self.asked(turn)):
                if found := next((n for n in names if fits(n)), None):
                    return found
        return None
