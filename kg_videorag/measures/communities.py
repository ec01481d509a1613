"""Communities with a name and a summary, from what the network was measured to be."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from kg_videorag.graph.network import Community

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg_videorag.graph.network import Network
    from kg_videorag.measures.network import Measures

_NAMED = 3  # members in a community's name
_LISTED = 8  # and in its summary
_FEWEST = 2  # one alone is none


def communities_of(
    network: Network,
    measures: Measures,
    relations: Callable[[Sequence[Sequence[str]]], Sequence[Sequence[str]]],
) -> tuple[Community, ...]:
    """All communities, the largest first.

    Args:
        network: What was measured.
        measures: What it was measured to be.
        relations: What is told between the members of each, in words.
    """
    known = {entity.id: entity for entity in network.entities}
    members: defaultdict[int, list[str]] = defaultdict(list)
    for id_, number in measures.community.items():
        members[number].append(id_)
    ordered = [
        sorted(members[number], key=lambda id_: (-measures.pagerank[id_], id_))
        for number in sorted(members)
    ]
    ordered = [ids for ids in ordered if len(ids) >= _FEWEST]
    told = relations(ordered)
    return tuple(
        Community(
            id=ids[0],
            number=number,
            name=", ".join(known[id_].name for id_ in ids[:_NAMED]),
            summary=_summary(
                [known[id_].name for id_ in ids], [str(known[id_].type) for id_ in ids], said
            ),
            member_ids=tuple(ids),
        )
        for number, (ids, said) in enumerate(zip(ordered, told, strict=True))
    )


def _summary(names: Sequence[str], types: Sequence[str], told: Sequence[str]) -> str:
    """What a community is about: its members, of what types they are, what is told of them."""
    kinds = ", ".join(
        f"{count} {kind}"
        for kind, count in sorted(Counter(types).items(), key=lambda k: (-k[1], k[0]))
    )
    more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
    text = f"{', '.join(names[:_LISTED])}{more} ({kinds})."
    return f"{text} Told most: {'; '.join(told)}." if told else text
