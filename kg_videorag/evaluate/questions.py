"""Reads a file of questions whose answers are known; docs/evaluation.md tells its form."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kg_videorag.errors import EvaluationError
from kg_videorag.model import Span, moment_ms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

UNANSWERABLE = "unanswerable"  # the kind of questions that are to be refused
_HEADER = re.compile(r"^\s*\[\[\s*questions\s*\]\]", re.MULTILINE)
_HINT = "docs/evaluation.md shows the form of the file."


@dataclass(frozen=True, slots=True)
class Moment:
    """What must be seen to answer: a sentence by its words, or a stretch of time.

    Args:
        video: An id, id prefix, path, title or file name.
        says: A part of what is said or shown then; "" where `span` tells.
        span: When; None where `says` tells.
        one_of: Of the moments of a question that share this name, one is enough; "" for none.
    """

    video: str
    says: str = ""
    span: Span | None = None
    one_of: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """A question whose answer is known.

    Args:
        id: As it is reported.
        kind: What it tries, such as "spoken" or "multi_hop".
        text: What is asked.
        answers: Each must be in the answer, in one of its wordings.
        moments: All that must be seen to answer; none where it is to be refused.
        part: What its file calls `set`, such as "tune" or "test"; "" for none.
        place: Where it stands in the file, as errors name it.
    """

    id: str
    kind: str
    text: str
    answers: tuple[tuple[str, ...], ...] = ()
    moments: tuple[Moment, ...] = ()
    part: str = ""
    place: str = ""

    @property
    def is_answerable(self) -> bool:
        return bool(self.moments)


_Text = Annotated[str, Field(min_length=1, max_length=2_000)]
_Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True)


class _Moment(_Entry):
    video: _Text
    says: _Text | None = None
    start: _Text | None = None
    end: _Text | None = None
    one_of: _Text | None = None


class _Question(_Entry):
    id: _Text
    kind: _Name
    question: _Text
    set: _Name | None = None
    answers: list[_Text] = []
    moments: list[_Moment] = []


def read_questions(path: str | Path) -> tuple[Question, ...]:
    """Read a file of questions.

    Args:
        path: A TOML file.

    Raises:
        EvaluationError: If it cannot be read or is not of the form; one line names the place.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
        document = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise EvaluationError(f"{path}: cannot be read: {reason}", hint=_HINT) from error
    except tomllib.TOMLDecodeError as error:
        raise EvaluationError(f"{path}: no TOML: {error}", hint=_HINT) from error
    entries = _entries(document, path)
    lines = _lines(text, len(entries))
    questions = tuple(
        _question(entry, f"{path}{line}, question {number}")
        for number, (entry, line) in enumerate(zip(entries, lines, strict=True), start=1)
    )
    seen: set[str] = set()
    for question in questions:
        if question.id in seen:
            raise EvaluationError(f"{question.place}: another one has this id", hint=_HINT)
        seen.add(question.id)
    return questions


def _entries(document: Mapping[str, Any], path: Path) -> Sequence[object]:
    if unknown := sorted(document.keys() - {"questions"}):
        raise EvaluationError(f"{path}: {unknown[0]!r} is not known here", hint=_HINT)
    entries = document.get("questions")
    if not isinstance(entries, list) or not entries:
        raise EvaluationError(f"{path}: there are no [[questions]] in it", hint=_HINT)
    return entries


def _lines(text: str, count: int) -> list[str]:
    """Of each question ", line 7", where every one has a header of its own."""
    headers = [text.count("\n", 0, m.end()) + 1 for m in _HEADER.finditer(text)]
    return [f", line {line}" for line in headers] if len(headers) == count else [""] * count


def _question(entry: object, place: str) -> Question:
    if isinstance(entry, dict) and isinstance(entry.get("id"), str):
        place = f"{place} ({entry['id']!r})"
    try:
        read = _Question.model_validate(entry)
    except ValidationError as error:
        raise EvaluationError(f"{place}: {_fault(error)}", hint=_HINT) from error
    if (read.kind == UNANSWERABLE) == bool(read.moments):
        needs = "must have no moments" if read.moments else "must have moments"
        raise EvaluationError(f"{place}: a question of kind {read.kind} {needs}", hint=_HINT)
    answers = tuple(_wordings(answer, place) for answer in read.answers)
    moments = tuple(
        _moment(moment, f"{place}, moment {number}")
        for number, moment in enumerate(read.moments, start=1)
    )
    return Question(
        read.id, read.kind, read.question, answers, moments, read.set or "", place
    )  # fmt: skip


def _fault(error: ValidationError) -> str:
    """The first fault in one line: "moments 2, video: field required"."""
    first = error.errors()[0]
    where = [f" {part + 1}" if isinstance(part, int) else f", {part}" for part in first["loc"]]
    return f"{''.join(where).removeprefix(', ')}: {first['msg'].lower()}"


def _wordings(answer: str, place: str) -> tuple[str, ...]:
    wordings = tuple(wording.strip() for wording in answer.split("|"))
    if not all(any(char.isalnum() for char in wording) for wording in wordings):
        raise EvaluationError(f"{place}: a wording of the answer {answer!r} is empty", hint=_HINT)
    return wordings


def _moment(read: _Moment, place: str) -> Moment:
    if (read.says is None) == (read.start is None) or (read.start is None) != (read.end is None):
        raise EvaluationError(f"{place}: it needs `says`, or `start` and `end`", hint=_HINT)
    one_of = read.one_of or ""
    if read.start is None or read.end is None:
        return Moment(read.video, read.says or "", one_of=one_of)
    try:
        span = Span(moment_ms(read.start), moment_ms(read.end))
    except ValueError as error:
        raise EvaluationError(f"{place}: {error}", hint=_HINT) from error
    if not span.duration_ms:
        raise EvaluationError(f"{place}: it ends as it starts", hint=_HINT)
    return Moment(read.video, span=span, one_of=one_of)
