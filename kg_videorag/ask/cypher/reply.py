"""Finds the statement in what a model wrote."""

from __future__ import annotations

import re

from kg_videorag.prompt_text import spoken

NO_QUERY = "NO_QUERY"  # what the prompt lets a model say instead
_FENCE = re.compile(r"```[^\n`]*\n(.*?)(?:```|\Z)", re.DOTALL)
_INLINE = re.compile(r"\A`([^`\n]+)`\Z")
_LABEL = re.compile(r"\A\W*(?:cypher|query|запрос)\s*:\s*", re.IGNORECASE)
# Whatever it begins with: what only a guard may refuse should reach the guard.
_BEGIN = re.compile(
    r"^[ \t]*(?:MATCH|OPTIONAL|WITH|UNWIND|RETURN|CALL|CREATE|MERGE|LOAD|SHOW|USE|EXPLAIN|PROFILE"
    r"|CYPHER|DROP|ALTER|TERMINATE|FOREACH)\b",
    re.MULTILINE | re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"\A\s*(?:MATCH|OPTIONAL|WHERE|WITH|UNWIND|RETURN|CALL|ORDER|SKIP|LIMIT|UNION|AND|OR|[})\],/])",
    re.IGNORECASE,
)


def read_statement(reply: str) -> str:
    """The statement in a reply; thoughts, code fences and talk around it are left out.

    Args:
        reply: As the model wrote it.

    Returns:
        Cypher of whatever kind; "" if there is none, or the model says that there can be none.
    """
    text = spoken(reply)
    if fenced := _FENCE.search(text):
        text = fenced[1]
    text = _LABEL.sub("", text.strip())
    if inline := _INLINE.match(text):
        text = inline[1]
    begin = _BEGIN.search(text)
    if begin is None:
        return ""
    return _without_talk(text[begin.start() :])


def _without_talk(text: str) -> str:
    """The paragraphs that go on with the statement; a comment is talk that does no harm."""
    paragraphs = re.split(r"\n\s*\n", text)
    kept = paragraphs[:1]
    for paragraph in paragraphs[1:]:
        if kept[-1].rstrip().endswith(";") or not _CLAUSE.match(paragraph):
            break
        kept.append(paragraph)
    return "\n".join(kept).strip()
