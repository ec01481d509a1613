"""Sentences to entities, their mentions and their relations, each at its milliseconds.

An extractor speaks of characters; a graph needs moments. A stretch of characters lasts from the
first to the last of the words that it touches.

A line on the screen is read under its heading, so that "Born in Warsaw" is told of someone; what
the heading names is mentioned where the heading itself stands.

A caption is full of things: "a man at a table". Of what it shows, names are kept, and things that
are said or stand on the screen somewhere in the video; else every table would be an entity.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kg_videorag.errors import EngineError
from kg_videorag.identity import entity_id, mention_id, relation_id
from kg_videorag.model import Entity, EntityType, Mention, Modality, Relation, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg_videorag.model import Extraction, Segment, Sentence, TextEntity
    from kg_videorag.ports import Extractor


_NAMELESS = frozenset({EntityType.CONCEPT, EntityType.QUANTITY, EntityType.DATE})


@dataclass(frozen=True, slots=True)
class ExtractedGraph:
    """What the sentences of one video say; ids are unique, all in order of first appearance.

    `warnings` tell what the extractor could not make out.
    """

    entities: tuple[Entity, ...] = ()
    mentions: tuple[Mention, ...] = ()
    relations: tuple[Relation, ...] = ()
    warnings: tuple[str, ...] = ()


def extract_graph(segments: Sequence[Segment], extractor: Extractor) -> ExtractedGraph:
    """Read all sentences of one video, all lines on its screen, and its captions.

    Args:
        segments: The video's segments, in order.
        extractor: Called once, so that it can settle a name's type over the whole video.

    Returns:
        Every mention and relation lies inside its segment and lasts at least a millisecond
        where the segment does.

    Raises:
        EngineError: If the extractor fails.
    """
    places = [
        *((segment, sentence) for segment in segments for sentence in segment.sentences),
        *((segment, line) for segment in segments for line in segment.screen),
        *((segment, caption) for segment in segments for caption in segment.captions),
    ]
    extractions = extractor.extract([sentence.under_heading for _, sentence in places])
    if len(extractions) != len(places):
        raise EngineError(
            f"{extractor.name} gave {len(extractions)} extractions for {len(places)} sentences"
        )
    collected = _Collected()
    for (segment, sentence), extraction in zip(places, extractions, strict=True):
        collected.add(segment, sentence, _cut_at_heading(sentence, extraction))
    warnings = (warning for extraction in extractions for warning in extraction.warnings)
    return replace(collected.graph(), warnings=tuple(dict.fromkeys(warnings)))


@dataclass(slots=True)
class _Collected:
    """What was found so far, by id."""

    types: dict[str, EntityType] = field(default_factory=dict)
    surfaces: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    mentions: dict[str, Mention] = field(default_factory=dict)
    relations: dict[str, Relation] = field(default_factory=dict)

    def add(self, segment: Segment, sentence: Sentence, extraction: Extraction) -> None:
        ids = [
            entity_id(entity.type, entity.stands_for or entity.name)
            for entity in extraction.entities
        ]
        for place, (identity, found) in enumerate(zip(ids, extraction.entities, strict=True)):
            if sentence.modality is Modality.SCREEN and self._is_no_news(
                place, identity, sentence, extraction
            ):
                continue
            if sentence.modality is Modality.CAPTION and self._is_a_thing(identity, found):
                continue
            self.types.setdefault(identity, found.type)
            self.surfaces[identity][found.stands_for or found.name] += 1
            mention = _mention(segment, sentence, identity, found)
            known = self.mentions.setdefault(mention.id, mention)
            self.mentions[mention.id] = _surer(known, mention)
        for relation in _relations(segment, sentence, extraction, ids):
            first = self.relations.setdefault(relation.id, relation)
            self.relations[relation.id] = _surer_relation(first, relation)

    def _is_no_news(
        self, place: int, identity: str, line: Sentence, extraction: Extraction
    ) -> bool:
        """Whether a name in a line is the heading's, or a bare noun that nothing is told of."""
        found = extraction.entities[place]
        if found.start_char < len(line.under_heading) - len(line.text):
            return True
        is_bare = found.type is EntityType.CONCEPT and " " not in found.name
        is_told = any(place in (r.subject, r.object) for r in extraction.relations)
        return is_bare and not is_told and identity not in self.types

    def _is_a_thing(self, identity: str, found: TextEntity) -> bool:
        """Whether something in a caption has no name, and nobody speaks of it."""
        return found.type in _NAMELESS and identity not in self.types

    def graph(self) -> ExtractedGraph:
        """All that was found; a relation of something that is mentioned nowhere is left out."""
        return ExtractedGraph(
            entities=tuple(
                Entity(identity, _most_frequent(self.surfaces[identity]), entity_type)
                for identity, entity_type in self.types.items()
            ),
            mentions=tuple(self.mentions.values()),
            relations=tuple(
                relation
                for relation in self.relations.values()
                if relation.subject_id in self.types and relation.object_id in self.types
            ),
        )


def _cut_at_heading(sentence: Sentence, extraction: Extraction) -> Extraction:
    """Names that run on from the heading into the line, as "Niels Bohr: Born", end with it."""
    end_char = len(sentence.heading)
    cut = (
        replace(e, name=sentence.heading[e.start_char :].strip(), end_char=end_char)
        if e.start_char < end_char < e.end_char
        else e
        for e in extraction.entities
    )
    return replace(extraction, entities=tuple(cut))


def _mention(segment: Segment, sentence: Sentence, identity: str, found: TextEntity) -> Mention:
    span = _span(segment, sentence, found.start_char, found.end_char)
    return Mention(
        id=mention_id(segment.id, identity, sentence.modality, span),
        segment_id=segment.id,
        entity_id=identity,
        modality=sentence.modality,
        span=span,
        surface=found.name,
        confidence=found.confidence,
    )


def _relations(
    segment: Segment, sentence: Sentence, extraction: Extraction, ids: Sequence[str]
) -> Iterator[Relation]:
    heading_chars = len(sentence.under_heading) - len(sentence.text)
    for found in extraction.relations:
        if found.end_char <= heading_chars:
            continue  # told by the heading, where it stands
        subject, object_ = ids[found.subject], ids[found.object]
        if subject == object_:
            continue
        span = _span(segment, sentence, found.start_char, found.end_char)
        surface = sentence.under_heading[found.start_char : found.end_char]
        parts = (subject, found.predicate, object_, segment.id)
        yield Relation(
            relation_id(*parts, span.start_ms, sentence.modality),
            *parts,
            modality=sentence.modality,
            span=span,
            surface=surface,
            confidence=found.confidence,
        )


def _surer(first: Mention, second: Mention) -> Mention:
    return replace(first, confidence=max(first.confidence, second.confidence))


def _surer_relation(first: Relation, second: Relation) -> Relation:
    return replace(first, confidence=max(first.confidence, second.confidence))


def _most_frequent(surfaces: Counter[str]) -> str:
    """The usual spelling; `most_common` keeps the first seen among equals."""
    return surfaces.most_common(1)[0][0]


def _span(segment: Segment, sentence: Sentence, start_char: int, end_char: int) -> Span:
    """When a stretch of a sentence's text is said; without word times, the whole sentence."""
    touched = [
        span
        for first, last, span in _placed_words(sentence)
        if first < end_char and start_char < last
    ]
    span = sentence.span
    if touched:
        start_ms = min(span.start_ms for span in touched)
        span = Span(start_ms, max(span.end_ms for span in touched))
    return _visible(span.clamp(segment.span), segment.span)


def _placed_words(sentence: Sentence) -> Iterator[tuple[int, int, Span]]:
    """(start_char, end_char, span) of each word, found from left to right in the text."""
    position = 0
    for word in sentence.words:
        text = word.text.strip()
        start = sentence.text.find(text, position) if text else -1
        if start >= 0:
            position = start + len(text)
            yield start, position, word.span


def _visible(span: Span, outer: Span) -> Span:
    """A span of at least a millisecond, where `outer` has one to give."""
    if span.duration_ms or not outer.duration_ms:
        return span
    start_ms = min(span.start_ms, outer.end_ms - 1)
    return Span(start_ms, start_ms + 1)
