"""Limits that an evaluation is held to, as a build server states them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.errors import EvaluationError
from kg_videorag.evaluate.score import METRICS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg_videorag.evaluate.score import Group

_LIMIT = re.compile(r"(?:(?P<group>\w+)\.)?(?P<metric>\w+)=(?P<value>[0-9]*\.?[0-9]+)")


@dataclass(frozen=True, slots=True)
class Limit:
    """A bound of one metric.

    Args:
        metric: One of METRICS.
        value: The bound; the value itself is allowed.
        is_floor: Whether less is a failure; else more is.
        group: Of which kind or set; "all" for all questions.
    """

    metric: str
    value: float
    is_floor: bool
    group: str = "all"


def read_limits(texts: Iterable[str], *, is_floor: bool) -> tuple[Limit, ...]:
    """Limits as they are written: "coverage=0.9", "multi_hop.coverage=0.8".

    Raises:
        EvaluationError: If one is not of that form, or there is no such metric.
    """
    return tuple(_limit(text, is_floor=is_floor) for text in texts)


def _limit(text: str, *, is_floor: bool) -> Limit:
    read = _LIMIT.fullmatch(text.strip())
    known = f"Metrics: {', '.join(METRICS)}."
    if read is None:
        raise EvaluationError(
            f"{text!r} is no limit such as coverage=0.9 or multi_hop.coverage=0.8", hint=known
        )
    if read["metric"] not in METRICS:
        raise EvaluationError(f"no metric is named {read['metric']!r}", hint=known)
    return Limit(read["metric"], float(read["value"]), is_floor, read["group"] or "all")


def exceeded(limits: Sequence[Limit], groups: Sequence[Group]) -> Iterator[str]:
    """What is told of each limit that does not hold; one of nothing measured does not.

    Raises:
        EvaluationError: If a limit is of a kind or set that no question has.
    """
    by_name = {group.name: group for group in reversed(groups)}  # a kind before a set
    for limit in limits:
        if limit.group not in by_name:
            raise EvaluationError(
                f"no question is of the kind or set {limit.group!r}",
                hint=f"There are: {', '.join(group.name for group in groups)}.",
            )
        value: float | None = getattr(by_name[limit.group], limit.metric)
        name = f"{limit.metric} of {limit.group}"
        if value is None:
            yield f"{name} could not be measured: no question is for it"
        elif value < limit.value if limit.is_floor else value > limit.value:
            side = "under" if limit.is_floor else "over"
            yield f"{name} is {value:.3f}, {side} {limit.value:g}"
