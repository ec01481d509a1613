"""Says of a statement whether it does nothing but read, before a server sees it.

An allow-list, by token: the words, functions, procedures and parameters that a statement may
hold. The server has the last word on grammar (plan.py); this is for what its READ mode lets
through, and it errs to refusing.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from kg_videorag.errors import StatementRefusedError
from kg_videorag.graph.guard import vocabulary
from kg_videorag.graph.guard.effort import check_effort
from kg_videorag.graph.guard.tokens import Kind, Token, tokenise

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    Tokens = Sequence[Token]

_MAX_CHARS = 20_000
_QUOTE_IT = "As a name it must stand in backticks."
_READ_ONLY = "Ask with MATCH, WHERE, WITH, UNWIND, CALL { }, RETURN, ORDER BY and LIMIT."


def check_statement(
    statement: str, params: Collection[str] = (), *, by_machine: bool = False
) -> None:
    """Refuse a statement that does, or may do, more than read.

    Args:
        statement: Cypher of whoever.
        params: Names of the parameters that it will be given.
        by_machine: Whether a model wrote it: then what may take without end is refused too, and
            so are vectors.

    Raises:
        StatementRefusedError: With the reason; it may be shown to a model as it is.
    """
    if len(statement) > _MAX_CHARS:
        raise StatementRefusedError(f"the statement is longer than {_MAX_CHARS} characters")
    tokens = tokenise(statement)
    if tokens and tokens[-1].is_sign(";"):
        tokens = tokens[:-1]
    _check_begin(tokens)
    for before, token in pairwise(tokens):
        _check_word(before, token)
        if token.is_sign(";"):
            raise StatementRefusedError("there is more than one statement", hint="Ask one thing.")
    _check_parameters(tokens, params)
    for place in range(len(tokens)):
        if tokens[place].keyword == "CALL":
            _check_procedure(tokens, place)
        _check_function(tokens, place)
    if by_machine:
        check_effort(tokens)


def called_procedure(name: str) -> None:
    """Refuse a procedure that is not on the list.

    Raises:
        StatementRefusedError: With its name and those that are.
    """
    if name.lower() not in vocabulary.PROCEDURES:
        known = ", ".join(sorted(vocabulary.PROCEDURES))
        raise StatementRefusedError(
            f"the procedure {name} is not among those that only read", hint=f"Known: {known}."
        )


def _check_begin(tokens: Tokens) -> None:
    if not tokens:
        raise StatementRefusedError("the statement is empty")
    first = tokens[0]
    _refuse_word(first)
    if first.keyword not in vocabulary.BEGINNING:
        raise StatementRefusedError(
            f"a statement that reads does not begin with {first.text!r}", hint=_READ_ONLY
        )


def _check_word(before: Token, token: Token) -> None:
    """Words that are no keywords of reading may only stand where a name can."""
    _refuse_word(token)
    if token.kind is not Kind.WORD or token.keyword in vocabulary.KEYWORDS:
        return
    if before.kind is Kind.SIGN:
        fits = not before.is_sign(")", "]", "}")
    else:
        fits = before.keyword in vocabulary.BEFORE_NAMES
    if not fits:
        raise StatementRefusedError(
            f"{token.text!r} is no word of a statement that reads", hint=_READ_ONLY
        )


def _refuse_word(token: Token) -> None:
    word = token.keyword
    if word in vocabulary.WRITING:
        reason = f"{word} writes, and this only reads"
    elif word in vocabulary.FETCHING:
        reason = "LOAD CSV fetches files and addresses, and this only reads the graph"
    elif word in vocabulary.OTHER:
        reason = f"{word} is no part of a statement that reads"
    else:
        return
    raise StatementRefusedError(reason, hint=_QUOTE_IT)


def _check_parameters(tokens: Tokens, params: Collection[str]) -> None:
    for before, token in pairwise(tokens):
        if before.is_sign("$") and token.text not in params:
            name = token.text if token.is_named or token.kind is Kind.NUMBER else "(...)"
            raise StatementRefusedError(
                f"there is no parameter ${name}", hint="Write the value itself."
            )
    if tokens[-1].is_sign("$"):
        raise StatementRefusedError("a parameter has no name")


def _check_procedure(tokens: Tokens, place: int) -> None:
    """CALL is of a subquery, or of a procedure on the list."""
    after = place + 1
    if after < len(tokens) and tokens[after].is_sign("{", "("):
        return
    name = _dotted(tokens, after)
    if name:
        called_procedure(name)


def _dotted(tokens: Tokens, start: int) -> str:
    """A name with dots from here on."""
    parts = []
    for place in range(start, len(tokens), 2):
        if not tokens[place].is_named:
            break
        parts.append(tokens[place].text)
        if place + 1 >= len(tokens) or not tokens[place + 1].is_sign("."):
            break
    return ".".join(parts)


def _check_function(tokens: Tokens, place: int) -> None:
    """What stands before a bracket is a keyword, or a function on the list."""
    token = tokens[place]
    if not token.is_named or place + 1 >= len(tokens) or not tokens[place + 1].is_sign("("):
        return
    start = place
    while start >= 2 and tokens[start - 1].is_sign(".") and tokens[start - 2].is_named:
        start -= 2
    if start and tokens[start - 1].keyword == "CALL":
        return
    name = ".".join(part.text for part in tokens[start : place + 1 : 2])
    is_keyword = start == place and token.keyword in vocabulary.KEYWORDS
    if not is_keyword and name.lower() not in vocabulary.FUNCTIONS:
        raise StatementRefusedError(
            f"the function {name} is not among those that only read",
            hint="Use Cypher's own functions.",
        )
