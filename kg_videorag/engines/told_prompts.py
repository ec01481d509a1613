"""The prompts for summaries and follow-ups, checked as they are loaded."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from kg_videorag.engines.prompting import listing
from kg_videorag.errors import EngineError
from kg_videorag.model import Prompt
from kg_videorag.prompt_text import checked_template, harmless

if TYPE_CHECKING:
    from collections.abc import Sequence
    from string import Template

    from kg_videorag.model import Evidence

_PLACEHOLDERS = {
    "summary.system": frozenset[str](),
    "summary.user": frozenset({"evidence", "sentences"}),
    "summary.join": frozenset({"notes", "sentences"}),
    "summary.titles": frozenset({"notes"}),
    "follow_up.system": frozenset[str](),
    "follow_up.user": frozenset({"history", "question"}),
}
_ANSWER_CHARS = 300  # of an answer in the history


@cache
def load_told_prompt(part: str, language: str) -> Template:
    """A prompt file.

    Args:
        part: As "summary.user".
        language: "en" or "ru".

    Raises:
        EngineError: If it is missing, or its placeholders are not those that its part has.
    """
    kind, _, rest = part.partition(".")
    name = f"{kind}.{language}.{rest}.txt"
    try:
        text = files("kg_videorag").joinpath("prompts", name).read_text(encoding="utf-8")
    except OSError as error:
        raise EngineError(f"the prompt {name} is missing", hint="Reinstall the package.") from error
    return checked_template(name, text, _PLACEHOLDERS[part])


def summary_prompt(evidence: Sequence[Evidence], sentences: int, language: str) -> Prompt:
    """For one part of a video."""
    return _prompt(
        "summary.user", language, evidence=listing(evidence, language), sentences=str(sentences)
    )


def join_prompt(notes: Sequence[str], sentences: int, language: str) -> Prompt:
    """For the summaries of parts; their marks `[n]` are ours, all else is untrusted."""
    lines = [f"- {_with_marks(note)}" for note in notes]
    return _prompt("summary.join", language, notes="\n".join(lines), sentences=str(sentences))


def titles_prompt(chapters: Sequence[str], language: str) -> Prompt:
    """For chapters."""
    lines = [f"[{n}] {harmless(text)}" for n, text in enumerate(chapters, start=1)]
    return _prompt("summary.titles", language, notes="\n".join(lines))


def follow_up_prompt(question: str, history: Sequence[tuple[str, str]], language: str) -> Prompt:
    """For a question of a conversation."""
    asked, told = ("Вопрос", "Ответ") if language == "ru" else ("Question", "Answer")
    lines = [
        f"{asked}: {harmless(before)}\n{told}: {harmless(answer[:_ANSWER_CHARS])}"
        for before, answer in history
    ]
    system = load_told_prompt("follow_up.system", language).substitute().strip()
    user = load_told_prompt("follow_up.user", language).substitute(
        history="\n".join(lines), question=harmless(question)
    )
    return Prompt(system, user.strip())


def _prompt(part: str, language: str, **placed: str) -> Prompt:
    system = load_told_prompt("summary.system", language).substitute().strip()
    return Prompt(system, load_told_prompt(part, language).substitute(placed).strip())


def _with_marks(note: str) -> str:
    """A note that cannot pose as a part of the prompt, with the marks at its end."""
    end = len(note.rstrip("0123456789[]"))
    return f"{harmless(note[:end])} {note[end:]}"
