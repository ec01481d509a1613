r"""Cuts a Cypher statement into tokens, more strictly than Neo4j does.

What Neo4j could read in another way than this file is refused, not guessed: unicode escapes
(Cypher 5 resolves `\u0027` before it looks for the end of a string), spaces and dashes outside
ASCII, strings and comments that do not end.

Source: the lexer of Neo4j, `Cypher5Lexer.g4`, and
https://neo4j.com/docs/cypher-manual/5/syntax/ (naming, comments, parsing).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

import regex

from kg_videorag.errors import StatementRefusedError

_ESCAPE = regex.compile(r"\\u", regex.IGNORECASE)
_TOKEN = regex.compile(
    r"""
      (?P<space>[ \t\r\n\f]+)
    | (?P<comment>//[^\r\n]*|/\*.*?\*/)
    | (?P<string>'(?:[^'\\]|\\.)*+'|"(?:[^"\\]|\\.)*+")
    | (?P<name>`(?:[^`]|``)*+`)
    | (?P<number>0[xX][0-9a-fA-F]+|0o[0-7]+|[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)
    | (?P<word>[\p{L}_][\p{L}\p{Nd}_]*)
    | (?P<sign>\.\.|=~|::|<>|<=|>=|\|\||[][(){},.:;|&!=<>+*/%^$-])
    """,
    regex.VERBOSE | regex.DOTALL,
)
_UNENDED = {"'": "a string", '"': "a string", "`": "a quoted name"}


class Kind(StrEnum):
    """What a token is."""

    WORD = "word"  # a keyword, or a name without quotes: which of them, the place tells
    NAME = "name"  # in backticks
    STRING = "string"
    NUMBER = "number"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Token:
    """One token.

    Args:
        kind: What it is.
        text: As it stands; of strings and quoted names what is inside the quotes.
    """

    kind: Kind
    text: str

    @property
    def keyword(self) -> str:
        """A word in the form in which keywords are compared; "" of all else.

        Letters that look like or fold to ASCII count as ASCII, whatever Neo4j makes of them.
        """
        if self.kind is not Kind.WORD:
            return ""
        return unicodedata.normalize("NFKC", self.text).upper()

    @property
    def is_named(self) -> bool:
        """Whether it can be a name."""
        return self.kind in {Kind.WORD, Kind.NAME}

    def is_sign(self, *signs: str) -> bool:
        """Whether it is one of these signs."""
        return self.kind is Kind.SIGN and self.text in signs


def tokenise(statement: str) -> tuple[Token, ...]:
    """The tokens of a statement, without comments and space.

    Raises:
        StatementRefusedError: If a place in it could be read in two ways.
    """
    if _ESCAPE.search(statement):
        raise StatementRefusedError(
            "the statement holds a unicode escape", hint="Write the letter itself."
        )
    tokens = []
    at = 0
    while at < len(statement):
        match = _TOKEN.match(statement, at)
        if match is None or statement.startswith("/*", at) != (match[0][:2] == "/*"):
            raise _unreadable(statement, at)
        kind = match.lastgroup or ""
        if kind in set(Kind):
            tokens.append(Token(Kind(kind), _content(kind, match[0])))
        at = match.end()
    return tuple(tokens)


def _content(kind: str, text: str) -> str:
    if kind == Kind.NAME:
        return text[1:-1].replace("``", "`")
    return text[1:-1] if kind == Kind.STRING else text


def _unreadable(statement: str, at: int) -> StatementRefusedError:
    letter = statement[at]
    if statement.startswith("/*", at):
        return StatementRefusedError("a comment in the statement does not end")
    if letter in _UNENDED:
        return StatementRefusedError(f"{_UNENDED[letter]} in the statement does not end")
    return StatementRefusedError(
        f"the statement holds {letter!a}, which is no part of Cypher outside of strings"
    )
