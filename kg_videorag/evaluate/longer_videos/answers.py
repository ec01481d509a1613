"""Reads folders of answers, and the questions that they answer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg_videorag.errors import ComparisonError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_TEXTS = (".md", ".txt")
_DOCUMENT = ".json"
_MAX_BYTES = 1 << 20  # of one answer


@dataclass(frozen=True, slots=True)
class Answered:
    """One system's answer.

    Args:
        text: What it says.
        question: As it was asked, where the file tells.
    """

    text: str
    question: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A question with both answers; `key` is their files' name without its suffix."""

    key: str
    question: str
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class Pairs:
    """What can be compared, and the keys that one side alone has an answer for."""

    pairs: tuple[Pair, ...]
    missing_a: tuple[str, ...]
    missing_b: tuple[str, ...]


def read_pairs(folder_a: Path, folder_b: Path, questions: Path | None) -> Pairs:
    """Answers of two folders that bear the same names.

    Args:
        folder_a: Files `KEY.md`, `KEY.txt`, or `KEY.json` as `ask --json` prints them; folders in
            it are a part of the key.
        folder_b: The same of the other system.
        questions: Which question each key is: see `read_questions`. None where the answers tell.

    Raises:
        ComparisonError: If a file cannot be read, the folders share no key, or a question is
            not known.
    """
    a, b = _answers(folder_a), _answers(folder_b)
    asked = read_questions(questions) if questions else {}
    expected = set(asked) | set(a) | set(b)
    shared = sorted(set(a) & set(b))
    if not shared:
        raise ComparisonError(
            f"{folder_a} and {folder_b} hold no answer of the same name",
            hint="Name both files of a question alike, such as 17.md, in both folders.",
        )
    return Pairs(
        tuple(_pair(key, asked, a[key], b[key]) for key in shared),
        tuple(sorted(expected - set(a))),
        tuple(sorted(expected - set(b))),
    )


def read_questions(path: Path) -> dict[str, str]:
    """Questions by key.

    Args:
        path: JSON: `{key: question}`, `[{"id", "question"}]`, or LongerVideos' dataset.json,
            `{collection: [{"questions": [{"id", "question"}]}]}`, whose keys are COLLECTION/ID.

    Raises:
        ComparisonError: If it is something else.
    """
    document = _json(path)
    if isinstance(document, dict) and all(isinstance(v, str) for v in document.values()):
        return dict(document)
    try:
        return dict(_listed(document))
    except (TypeError, KeyError, AttributeError) as error:
        raise ComparisonError(
            f"{path} lists no questions",
            hint='Write {"17": "Who ...?"}, or a list of {"id": 17, "question": "Who ...?"}.',
        ) from error


def _listed(document: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any JSON
    if isinstance(document, list):
        for item in document:
            yield str(item["id"]), str(item["question"])
        return
    for collection, parts in document.items():
        for part in parts if isinstance(parts, list) else [parts]:
            for item in part["questions"]:
                yield f"{collection}/{item['id']}", str(item["question"])


def _pair(key: str, asked: Mapping[str, str], a: Answered, b: Answered) -> Pair:
    question = asked.get(key) or a.question or b.question
    if not question:
        raise ComparisonError(
            f"nothing tells which question {key} answers", hint="Give --questions FILE."
        )
    if not asked.get(key) and a.question and b.question and a.question != b.question:
        raise ComparisonError(f"{key} answers two questions: {a.question!r} and {b.question!r}")
    return Pair(key, question, a.text, b.text)


def _answers(folder: Path) -> dict[str, Answered]:
    if not folder.is_dir():
        raise ComparisonError(f"{folder} is no folder", hint="Give two folders of answers.")
    found: dict[str, Answered] = {}
    for file in sorted(folder.rglob("*")):
        if file.suffix.lower() not in (*_TEXTS, _DOCUMENT) or not file.is_file():
            continue
        key = file.relative_to(folder).with_suffix("").as_posix()
        if key in found:
            raise ComparisonError(f"{folder} holds two answers named {key}")
        answer = _answer(file)
        if answer.text:  # an empty file is a missing answer
            found[key] = answer
    return found


def _answer(file: Path) -> Answered:
    if file.suffix.lower() in _TEXTS:
        return Answered(_text(file).strip())
    document = _json(file)
    if not isinstance(document, dict) or not isinstance(document.get("answer"), str):
        raise ComparisonError(
            f"{file} holds no answer", hint="It must be as `kg-videorag ask --json` prints it."
        )
    return Answered(document["answer"].strip(), str(document.get("question") or "").strip())


def _json(file: Path) -> Any:  # noqa: ANN401 - any JSON
    try:
        return json.loads(_text(file))
    except (ValueError, RecursionError) as error:
        raise ComparisonError(f"{file} is no JSON: {error}") from error


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > _MAX_BYTES:
            raise ComparisonError(f"{file} is larger than {_MAX_BYTES >> 20} MiB")
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ComparisonError(f"{file} is no UTF-8 text") from error
    except OSError as error:
        raise ComparisonError(f"{file} cannot be read: {error.strerror}") from error
