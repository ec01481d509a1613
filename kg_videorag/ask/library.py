"""Answers questions about the library itself from the graph: how often, where, when first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg_videorag.ask.analyse import named_entities, same_word
from kg_videorag.ask.cite import citation_of
from kg_videorag.ask.fuse import fuse
from kg_videorag.ask.told import chosen_mentions, not_mentioned, told
from kg_videorag.graph.count import Count, count_mentions, count_sentences
from kg_videorag.graph.evidence import read_evidence
from kg_videorag.graph.match_words import match_words
from kg_videorag.model import EVERYWHERE, EntityType, Hit, Modality, Subgraph
from kg_videorag.words import content_stems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.ask.question import Mentions
    from kg_videorag.graph.client import GraphClient
    from kg_videorag.graph.count import Mentioned
    from kg_videorag.model import Citation, Entity, Evidence, Scope, Sentence

_TOLD = frozenset({Modality.SPEECH, Modality.SCREEN, Modality.CAPTION})
_SENSED = _TOLD | {Modality.VISION, Modality.SOUND}
# Who is written small by a hurried user, and is a name all the same.
_NAMED = frozenset({EntityType.PERSON, EntityType.ORGANIZATION, EntityType.PLACE, EntityType.EVENT})
_SEGMENTS = 1  # full text finds segments too; here they are not needed
_MAX_NAMES = 3  # that are told of by name, where several bear the name


@dataclass(frozen=True, slots=True)
class ToldByLibrary:
    """An answer that the graph gives itself.

    Args:
        text: With marks of citations.
        citations: The first few mentions.
        evidence: The segments that they are in.
        graph: What these speak of.
    """

    text: str
    citations: tuple[Citation, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    graph: Subgraph = field(default_factory=Subgraph)


def told_by_library(
    graph: GraphClient, mentions: Mentions, language: str, *, scope: Scope = EVERYWHERE
) -> ToldByLibrary:
    """What the library mentions, counted in the graph.

    Names that the graph knows are counted with all that they are called by; of other words,
    the sentences and lines that say them all.

    Args:
        graph: The graph.
        mentions: What is asked for.
        language: Of the question.
        scope: Where to count.
    """
    of, counted = mentions.of, mentions.counted
    entities = _meant(graph, mentions, scope)
    modalities = _SENSED if mentions.sensed else _TOLD
    count = Count()
    if entities:
        ids = [entity.id for entity in entities]
        count = count_mentions(graph, ids, modalities, scope=scope)
    if not count.videos:
        count = count_sentences(graph, of, modalities, scope=scope)
        entities = ()
    if not count.videos:
        return ToldByLibrary(not_mentioned(of, language))
    name = ", ".join(entity.name for entity in entities[:_MAX_NAMES]) or of
    chosen = chosen_mentions(count, counted)
    ranked = fuse({"entity": [Hit(m.segment_id, 1.0) for m in chosen]})
    evidence, subgraph = read_evidence(graph, [(r.segment_id, r.score, r.via) for r in ranked])
    citations, marks = _cited(chosen, evidence)
    return ToldByLibrary(told(name, counted, count, marks, language), citations, evidence, subgraph)


def _meant(graph: GraphClient, mentions: Mentions, scope: Scope) -> tuple[Entity, ...]:
    """The entities that bear a name, or the people whose last name it is.

    A part of another name is none: what is said of "Saturn" is more than what the graph knows
    of the Saturn V. So is a common noun, unless it may be seen or heard: all computers are meant
    by "the computer", whatever they are called.
    """
    of = mentions.of
    matches = match_words(graph, of, limit=_SEGMENTS, scope=scope)
    asked = content_stems(of)
    named = [e for e in named_entities(of, matches.entities) if _says_all(e.name, asked)]
    whole = [e for e in named if len(content_stems(e.name)) == len(asked)]
    meant = whole or [e for e in named if e.type is EntityType.PERSON]
    if of == of.lower() and not mentions.sensed:
        meant = [e for e in meant if e.type in _NAMED]
    return matches.whole(meant)


def _says_all(name: str, asked: frozenset[str]) -> bool:
    stems = content_stems(name)
    return all(any(same_word(stem, other) for other in stems) for stem in asked)


def _cited(
    chosen: Sequence[Mentioned], evidence: Sequence[Evidence]
) -> tuple[tuple[Citation, ...], dict[Mentioned, int]]:
    """Citations of mentions, one a sentence, and their numbers."""
    by_id = {item.segment_id: item for item in evidence}
    citations: dict[tuple[str, Sentence], Citation] = {}
    marks: dict[Mentioned, int] = {}
    for mention in chosen:
        item = by_id.get(mention.segment_id)
        sentence = _sentence_of(mention, item) if item else None
        if item and sentence:
            key = (item.segment_id, sentence)
            citations.setdefault(key, citation_of(len(citations) + 1, item, sentence))
            marks[mention] = citations[key].number
    return tuple(citations.values()), marks


def _sentence_of(mention: Mentioned, item: Evidence) -> Sentence | None:
    """The sentence in which something is mentioned: of a slide, the line that says it."""
    same = [s for s in item.sentences if s.modality is mention.modality]
    over = [s for s in same if s.span.overlaps(mention.span)] or same
    stems = content_stems(mention.said)
    return max(over, key=lambda s: len(stems & content_stems(s.text)), default=None)
