"""Holds patterns of a path to a length that they state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.errors import StatementRefusedError
from kg_videorag.graph.guard.tokens import Kind, Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    Tokens = Sequence[Token]

_MAX_STEPS = 20  # far enough along a chain of segments; the timeout stops what branches


def check_paths(tokens: Tokens) -> None:
    """Refuse paths of any length: `-[*]-`, `-[*2..]-`, `(...)+`, `->*`, `{1,}`.

    Raises:
        StatementRefusedError: If one states no longest length, or too long a one.
    """
    for place, token in enumerate(tokens):
        if token.is_sign("*") and _in_relationship(tokens, place):
            _check_steps(_star_bound(tokens, place + 1))
        elif token.is_sign("+", "*") and _quantifies(tokens, place):
            _check_steps(None)
        elif token.is_sign("{") and place and tokens[place - 1].is_sign(")", ">", "-"):
            _check_braces(tokens[place + 1 : place + 5])


def _in_relationship(tokens: Tokens, place: int) -> bool:
    """Whether a star stands in `-[...]-`, and not in a map or a condition there."""
    for before in range(place - 1, 0, -1):
        token = tokens[before]
        if token.is_sign("["):
            return tokens[before - 1].is_sign("-")
        if token.is_sign("]", "(", ")", "{", "}") or token.keyword == "WHERE":
            return False
    return False


def _star_bound(tokens: Tokens, start: int) -> str | None:
    """The longest length in `*`, `*3`, `*1..3`, `*..3`."""
    bound = None
    for token in tokens[start : start + 3]:
        if token.kind is Kind.NUMBER:
            bound = token.text
        elif token.is_sign(".."):
            bound = None
        else:
            break
    return bound


def _quantifies(tokens: Tokens, place: int) -> bool:
    """Whether `+` or `*` repeats what stands before it, and does not calculate."""
    if place < 2:
        return False
    before, earlier = tokens[place - 1], tokens[place - 2]
    if before.is_sign(">", "-"):
        return earlier.is_sign("-", "]")
    return before.is_sign(")") and _is_path(tokens, place - 1)


def _is_path(tokens: Tokens, end: int) -> bool:
    """Whether the group that closes here holds a relationship."""
    depth = 0
    for place in range(end, -1, -1):
        depth += tokens[place].is_sign(")") - tokens[place].is_sign("(")
        if not depth:
            return False
        if place and tokens[place].is_sign("-", "<") and tokens[place - 1].is_sign(")"):
            after = tokens[place + 1]
            if after.is_sign("-", "[", ">"):
                return True
    return False


def _check_braces(after: Tokens) -> None:
    """`{2}`, `{1,3}`, `{,3}`; anything else in braces is no quantifier."""
    bound = None
    for place, token in enumerate(after):
        if token.is_sign("}"):
            if place:
                _check_steps(bound)
            return
        if token.kind is Kind.NUMBER:
            bound = token.text
        elif token.is_sign(","):
            bound = None
        else:
            return


def _check_steps(bound: str | None) -> None:
    if bound is None or not bound.isdecimal() or int(bound) > _MAX_STEPS:
        raise StatementRefusedError(
            f"a path must state its longest length, of {_MAX_STEPS} at most",
            hint="Write it like -[:FOLLOWS*1..5]-.",
        )
