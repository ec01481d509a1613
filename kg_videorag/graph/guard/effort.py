"""Refuses what a statement of a model's could keep a server busy with, and time would not stop.

Neo4j looks at its clock between rows. Inside one expression it does not: `reduce` over
`range(1, 10^12)` ran for 330 s under a transaction timeout of 5 s (ADR 30). So expressions are
held to sizes that end; between rows the timeout does its work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from kg_videorag.errors import StatementRefusedError
from kg_videorag.graph.guard.paths import check_paths
from kg_videorag.graph.guard.tokens import Kind, Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    Tokens = Sequence[Token]

_MAX_TOKENS = 800
_MAX_DEPTH = 30  # of brackets: parsers of servers call themselves for each
_MAX_CLAUSES = 12  # of WITH: each can make a list or a text twice as long
_MAX_SUMS = 12
_MAX_RANGE = 10_000
_MAX_NESTED = 2  # lists gone through inside of one another: 10,000² steps take seconds
_MAX_PATTERN_CHARS = 100
_MAX_REPEATS = 3  # in a regular expression: backtracking takes length^repeats steps
_GROWING = {"reduce", "replace"}
_ITERATING = {"ALL", "ANY", "NONE", "SINGLE"}
_REPEATED_GROUP = regex.compile(r"\)\s*[*+{]")
_REPEAT = regex.compile(r"[*+{]")
_OPENING = {"(": ")", "[": "]", "{": "}"}


def check_effort(tokens: Tokens) -> None:
    """Refuse what may take without end, and vectors.

    Raises:
        StatementRefusedError: With the reason.
    """
    if len(tokens) > _MAX_TOKENS:
        raise StatementRefusedError("the statement is too long", hint="Ask one thing.")
    _count(tokens)
    _check_nesting(tokens)
    for place, token in enumerate(tokens):
        _check_name(token, after=tokens[place + 1] if place + 1 < len(tokens) else None)
        if token.keyword == "RANGE" and _opens(tokens, place + 1):
            _check_range(tokens[place + 2 : closing(tokens, place + 1)])
        if token.is_sign("=~"):
            _check_pattern(tokens[place + 1 : place + 3])
    check_paths(tokens)


def closing(tokens: Tokens, opening: int) -> int:
    """Where the bracket that opens at a place closes.

    Raises:
        StatementRefusedError: If it does not.
    """
    wanted: list[str] = []
    for place in range(opening, len(tokens)):
        token = tokens[place]
        if token.is_sign(*_OPENING):
            wanted.append(_OPENING[token.text])
        elif token.is_sign(")", "]", "}"):
            if wanted.pop() != token.text:
                break
            if not wanted:
                return place
    raise StatementRefusedError("a bracket in the statement does not close")


def _count(tokens: Tokens) -> None:
    for what, most, found in (
        ("WITH", _MAX_CLAUSES, sum(token.keyword == "WITH" for token in tokens)),
        ("+", _MAX_SUMS, sum(token.is_sign("+", "||") for token in tokens)),
    ):
        if found > most:
            raise StatementRefusedError(
                f"the statement holds {found} times {what}, more than {most}", hint="Ask one thing."
            )


def _check_name(token: Token, after: Token | None) -> None:
    name = token.text.lower() if token.is_named else ""
    if name in _GROWING and after is not None and after.is_sign("("):
        raise StatementRefusedError(
            f"{name}() may grow without end", hint="Use UNWIND with sum, count or collect."
        )
    if name == "vector" and not (after is not None and after.is_sign(".")):
        raise StatementRefusedError("vectors are not given out", hint="Ask for names and times.")


def _check_nesting(tokens: Tokens) -> None:
    """Brackets may not lie too deep, lists not be gone through inside of one another."""
    open_: list[bool] = []
    for place, token in enumerate(tokens):
        if token.is_sign(*_OPENING):
            open_.append(_iterates(tokens, place))
            if len(open_) > _MAX_DEPTH:
                raise StatementRefusedError("the statement's brackets lie too deep")
            if sum(open_) > _MAX_NESTED:
                raise StatementRefusedError(
                    "lists are gone through inside of one another", hint="Use UNWIND."
                )
        elif token.is_sign(")", "]", "}") and open_:
            open_.pop()


def _iterates(tokens: Tokens, place: int) -> bool:
    """Whether a bracket opens `[x IN ...]`, `all(x IN ...)` or a comprehension of patterns."""
    inside = tokens[place + 1 : place + 3]
    named = len(inside) == 2 and inside[0].is_named and inside[1].keyword == "IN"
    if tokens[place].is_sign("["):
        return named
    before = tokens[place - 1] if place else None
    return named and before is not None and before.keyword in _ITERATING


def _opens(tokens: Tokens, place: int) -> bool:
    return place < len(tokens) and tokens[place].is_sign("(")


def _check_range(inside: Tokens) -> None:
    """Bounds are small numbers, or sizes of what is there."""
    place = 0
    while place < len(inside):
        token = inside[place]
        if token.keyword in {"SIZE", "LENGTH"} and _opens(inside, place + 1):
            end = closing(inside, place + 1)
            if any(within.keyword == "RANGE" for within in inside[place:end]):
                raise _endless_range()
            place = end
        elif token.kind is Kind.NUMBER:
            if not token.text.isdecimal() or int(token.text) > _MAX_RANGE:
                raise _endless_range()
        elif not token.is_sign(",", "+", "-"):
            raise _endless_range()
        place += 1


def _endless_range() -> StatementRefusedError:
    return StatementRefusedError(
        f"range() goes from a number to one of at most {_MAX_RANGE}, or to a size()",
        hint="Write numbers, or size(...), and nothing else.",
    )


def _check_pattern(after: Tokens) -> None:
    """A regular expression is short text without repeated groups."""
    text = after[0].text if after and after[0].kind is Kind.STRING else None
    if text is None or (len(after) > 1 and after[1].is_sign("+", "||")):
        raise StatementRefusedError(
            "=~ takes a text in quotes", hint="Or use CONTAINS with toLower()."
        )
    long_ = len(text) > _MAX_PATTERN_CHARS or len(_REPEAT.findall(text)) > _MAX_REPEATS
    if long_ or _REPEATED_GROUP.search(text):
        raise StatementRefusedError(
            "the regular expression may take too long", hint="Use CONTAINS with toLower()."
        )
