"""Reads a model's reply: JSON, each item of it checked by pydantic."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic import ValidationError as Invalid
from pydantic_core import from_json

from kg_videorag.model import EntityType  # noqa: TC001 - pydantic reads it
from kg_videorag.prompt_text import spoken

_Item = TypeVar("_Item", bound=BaseModel)
_NAMED = 3  # faults that the model is told of


def _type(value: object) -> object:
    """Whatever its case: PERSON and person are Person."""
    return value.strip().capitalize() if isinstance(value, str) else value


_Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class FoundEntity(BaseModel):
    """A name that the model says is in the window."""

    model_config = ConfigDict(frozen=True)

    name: _Name
    type: Annotated[EntityType, BeforeValidator(_type)]


class FoundRelation(BaseModel):
    """A relation that the model says a sentence tells."""

    model_config = ConfigDict(frozen=True)

    sentence: int = Field(ge=1)
    subject: _Name
    predicate: _Name
    object: _Name


class Found(BaseModel):
    """What a model says of one window; nothing of it is believed yet."""

    model_config = ConfigDict(frozen=True)

    entities: tuple[FoundEntity, ...] = ()
    relations: tuple[FoundRelation, ...] = ()

    def __len__(self) -> int:
        return len(self.entities) + len(self.relations)

    def with_more(self, more: Found) -> Found:
        """Both, each item once; of a name that has two types the first counts."""
        names = {entity.name for entity in self.entities}
        return Found(
            entities=(*self.entities, *(e for e in more.entities if e.name not in names)),
            relations=tuple(dict.fromkeys((*self.relations, *more.relations))),
        )


class _Listing(BaseModel):
    """The reply as a whole; its items are checked one by one."""

    entities: list[Any] = []
    relations: list[Any] = []


def read_reply(text: str, *, cut: bool) -> tuple[Found, str]:
    """What can be understood of a reply, and what cannot.

    Args:
        text: As the model wrote it: thoughts, code fences and talk around the JSON are left out.
        cut: Whether the model had to stop early; what stands before is read all the same.

    Returns:
        The valid items, and the faults in one line; "" where there are none.
    """
    said = spoken(text)
    start, end = said.find("{"), said.rfind("}")
    if start < 0 or (end < start and not cut):
        return Found(), "it holds no JSON object"
    try:
        whole = from_json(said[start:] if cut else said[start : end + 1], allow_partial=cut)
        listing = _Listing.model_validate(whole)
    except Invalid as error:
        return Found(), _fault(error)
    except ValueError as error:
        return Found(), f"it is no valid JSON: {error}"
    faults = ["it was cut before its end"] if cut else []
    entities = _valid(FoundEntity, listing.entities, faults)
    relations = _valid(FoundRelation, listing.relations, faults)
    more = f" and {len(faults) - _NAMED} more" if len(faults) > _NAMED else ""
    return Found(entities=entities, relations=relations), "; ".join(faults[:_NAMED]) + more


def _valid(kind: type[_Item], items: list[Any], faults: list[str]) -> tuple[_Item, ...]:
    valid = []
    for item in items:
        try:
            valid.append(kind.model_validate(item))
        except Invalid as error:
            faults.append(_fault(error))
    return tuple(valid)


def _fault(error: Invalid) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    place = ".".join(map(str, first["loc"]))
    return f"{place}: {first['msg']}, not {first['input']!r}"
