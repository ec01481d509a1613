"""What a judge says: JSON, checked by pydantic."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic import ValidationError as Invalid
from pydantic_core import from_json

from kg_videorag.prompt_text import spoken

_Verdict = TypeVar("_Verdict", bound=BaseModel)


class Dimension(StrEnum):
    """What answers are compared by.

    Source: LongerVideos (arXiv:2502.01549, section 4.1); `overall` is the judge's sum of them.
    """

    COMPREHENSIVENESS = "comprehensiveness"
    EMPOWERMENT = "empowerment"
    TRUSTWORTHINESS = "trustworthiness"
    DEPTH = "depth"
    DENSITY = "density"
    OVERALL = "overall"


class Chosen(StrEnum):
    """Which of two answers, as they stand in the prompt."""

    FIRST = "first"
    SECOND = "second"
    TIE = "tie"


_WORDS = {"1": "first", "2": "second", "answer 1": "first", "answer 2": "second", "equal": "tie"}


def _chosen(value: object) -> object:
    """Whatever its case; numbers are understood too."""
    word = str(value).strip().lower()
    return _WORDS.get(word, word)


_Choice = Annotated[Chosen, BeforeValidator(_chosen)]
_Score = Annotated[int, Field(ge=1, le=5)]


class PairVerdict(BaseModel):
    """Which answer is better, by each dimension."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    comprehensiveness: _Choice
    empowerment: _Choice
    trustworthiness: _Choice
    depth: _Choice
    density: _Choice
    overall: _Choice


class ScoreVerdict(BaseModel):
    """One answer's points, by each dimension."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    comprehensiveness: _Score
    empowerment: _Score
    trustworthiness: _Score
    depth: _Score
    density: _Score
    overall: _Score


def read_verdict(
    kind: type[_Verdict], text: str, *, cut: bool = False
) -> tuple[_Verdict | None, str]:
    """A verdict in a judge's reply, or what is wrong with it in one line.

    Args:
        kind: Which verdict it should be.
        text: As the judge wrote it: thoughts, fences and talk around the JSON are left out.
        cut: Whether it had to stop early.
    """
    if cut:
        return None, "it was cut before its end"
    said = spoken(text)
    start, end = said.find("{"), said.rfind("}")
    if start < 0 or end < start:
        return None, "it holds no JSON object"
    try:
        document: Any = from_json(said[start : end + 1])
        return kind.model_validate(document), ""
    except Invalid as error:
        first = error.errors(include_url=False, include_context=False)[0]
        return None, f"{'.'.join(map(str, first['loc']))}: {first['msg']}, not {first['input']!r}"
    except ValueError as error:
        return None, f"it is no valid JSON: {error}"
