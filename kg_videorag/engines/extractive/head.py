"""The noun that a question asks for: "Who was the first woman in space?", "Which cathedral ...?".

An answer says that noun, or names something of its kind: a castle is no cathedral, and the
first station is not the first woman. As in `wanted`, each rule only turns sentences away.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg_videorag.engines.extractive.alike import is_done
from kg_videorag.words import content_stems, words

if TYPE_CHECKING:
    from collections.abc import Sequence

_ARTICLES = frozenset("the a an his her its their my our".split())
_BE = frozenset("is are was were be been became".split())
_ENDS = (  # what is asked for ends here
    frozenset(
        """about after among and as at before between by can could did do does during for from had
        has have in inside into near of on or over since than that through to under what when where
        which who whom whose will with""".split()
    )
    | _ARTICLES
    | _BE
)
_ORDER = frozenset("first second third fourth fifth sixth seventh eighth ninth tenth last".split())
_PEOPLE = frozenset("person people man men human somebody one guy being individual".split())
_FEMALE = frozenset("woman women female lady girl she her".split())
_SOMEBODY = re.compile(r"\w+(?:er|or|ist|naut|man|woman|ian)s?|pilot|american|russian|captain")
_SCOPE = re.compile(
    rf"\b(?i:{'|'.join(sorted(_ORDER))})\b[a-z ]*? (?:in|on|of|into) (?:the |a |an )?([a-z]+)\b"
)
_COLOURED = ("colour", "color")
_COLOURS = frozenset(
    """colour color coloured colored red yellow green blue black white brown orange purple pink grey
    gray golden silver""".split()
)
# Kinds of one row are not each other; words that may stand for one another are not among them.
_KINDS = tuple(
    content_stems(row)
    for row in (
        """cathedral castle palace bridge museum theatre library hospital factory stadium hotel
        prison lighthouse airport""",
        "opera symphony novel poem sculpture film song ballet",
        "brother sister father mother son daughter wife husband uncle aunt",
        "ship rocket car bus bicycle helicopter",
        "dog cat horse bird fish spider monkey",
    )
)


def lacks_head(question: str, sentence: str) -> bool:
    """Whether a sentence is about something of another kind than an English question asks for.

    Args:
        question: In words.
        sentence: About the same.
    """
    asked = words(question)
    phrase = _asked_for(asked)
    if not phrase:
        return False
    stems = content_stems(sentence)
    if phrase[0] in _COLOURED and _COLOURS.isdisjoint(words(sentence)):
        return True
    ranked = asked[0] == "who" and not _ORDER.isdisjoint(phrase)
    if ranked and not _scope(question) <= stems:
        return True
    head = content_stems(phrase[-1])
    if head & stems or any(is_done(stem, stems) for stem in head):
        return False
    return any(_is_other_kind(kinds, phrase, asked, stems) for kinds in _KINDS) or (
        ranked and _ranks_another(phrase, words(sentence))
    )


def _asked_for(asked: Sequence[str]) -> Sequence[str]:
    """The words of what is asked for, its noun among them; empty where none is told."""
    if asked[:1] == ["who"] and len(asked) > 2 and asked[1] in _BE:
        rest = asked[3:] if asked[2] in _ARTICLES else asked[2:]
    else:
        at = next((n for n, word in enumerate(asked[:3]) if word in ("which", "what")), None)
        rest = [] if at is None else asked[at + 1 :]
    return _until_end(rest)


def _until_end(phrase: Sequence[str]) -> Sequence[str]:
    return phrase[: next((n for n, word in enumerate(phrase) if word in _ENDS), len(phrase))]


def _is_other_kind(
    kinds: frozenset[str], phrase: Sequence[str], asked: Sequence[str], stems: frozenset[str]
) -> bool:
    wanted = kinds & content_stems(" ".join(phrase))
    known = content_stems(" ".join(asked))
    return bool(wanted and kinds & stems - known) and not wanted & stems


def _scope(question: str) -> frozenset[str]:
    """What somebody is the first in, as stems: who is the first on the moon is not so in space.

    Names are left to others, who know what pronouns stand for.
    """
    found = _SCOPE.search(question)
    return content_stems(found[1]) if found else frozenset()


def _ranks_another(phrase: Sequence[str], said: Sequence[str]) -> bool:
    """Whether no woman is said where one is asked for, or each "first" is of a thing."""
    if phrase[-1] in _FEMALE:
        return _FEMALE.isdisjoint(said)
    ranks = [n for n, word in enumerate(said) if word in _ORDER and word in phrase]
    return phrase[-1] in _PEOPLE and bool(ranks) and all(_is_thing(said[n + 1 :]) for n in ranks)


def _is_thing(after: Sequence[str]) -> bool:
    ranked = _until_end(after)
    return bool(ranked) and not any(
        word in _PEOPLE | _FEMALE or _SOMEBODY.fullmatch(word) for word in ranked
    )
