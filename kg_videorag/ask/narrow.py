# ruff: noqa: RUF001 - some of the letters are Russian
"""Narrows a search to the films that a question names."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg_videorag.ask.analyse import same_word
from kg_videorag.graph.film_names import films_named
from kg_videorag.model import EVERYWHERE
from kg_videorag.words import content_stems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.graph.client import GraphClient
    from kg_videorag.graph.film_names import FilmName
    from kg_videorag.model import Scope

_CANDIDATES = 500  # the graph knows letters alone: "77" is in 1770
_MAX_FILMS = 100  # what so many films are called is what they are about, and names none
_ENOUGH_OF_NAME = 0.75  # of its letters, said by a title
_JOINS = re.compile(r"[_\W]+|(?<=[a-zа-я])(?=[A-ZА-Я0-9])")
_ENDING = re.compile(r"\.(?=\w*[a-z])\w{2,4}$", re.IGNORECASE)  # of a file's name


@dataclass(frozen=True, slots=True)
class _Likeness:
    """How far a title says a name, and whether it says no more, 0..1."""

    share: float
    is_whole: bool


def narrow_to_films(
    graph: GraphClient, names: Sequence[str], *, scope: Scope = EVERYWHERE
) -> Scope | None:
    """Where a question looks that names films; None where one of them is not there.

    Args:
        graph: The graph.
        names: Of the films, as the question says them.
        scope: Where it would look without them.
    """
    films = films_named(graph, names, scope=scope, limit=_CANDIDATES)
    chosen: dict[str, None] = {}
    for name in names:
        meant = meant_by(name, films)
        if not 0 < len(meant) < _MAX_FILMS:
            return None
        chosen |= dict.fromkeys(film.video_id for film in meant)
    return replace(scope, video_ids=tuple(chosen)) if chosen else None


def meant_by(name: str, films: Sequence[FilmName]) -> list[FilmName]:
    """The films that a name means.

    A whole file name, or a whole title of several words, means its film alone; a part of a title
    means all films that have it.

    Args:
        name: As a question says it.
        films: That may be meant.
    """
    files = [film for film in films if film.file.casefold() == name.casefold()]
    if files:
        return files
    like = [(film, _likeness(name, film)) for film in films]
    found = [(film, near) for film, near in like if near.share >= _ENOUGH_OF_NAME]
    if len(content_stems(name)) > 1:
        found = [(film, near) for film, near in found if near.is_whole] or found
    return [film for film, _ in found]


def _likeness(name: str, film: FilmName) -> _Likeness:
    titles = (film.title, _ENDING.sub("", film.file))
    return max((_share_said(name, title) for title in titles), key=lambda n: (n.share, n.is_whole))


def _share_said(name: str, title: str) -> _Likeness:
    wanted = content_stems(" ".join(_JOINS.split(_ENDING.sub("", name))))
    said = content_stems(" ".join(_JOINS.split(title)))
    there = {stem for stem in wanted if any(same_word(stem, other) for other in said)}
    share = sum(map(len, there)) / (sum(map(len, wanted)) or 1)
    return _Likeness(share, len(there) >= len(said))
