"""How often things are mentioned in which videos."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING

from kg_videorag.graph.fulltext import segment_queries
from kg_videorag.graph.queries import load
from kg_videorag.model import EVERYWHERE, Modality, Sentence, Span
from kg_videorag.words import content_stems

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from kg_videorag.graph.client import GraphClient, Row
    from kg_videorag.model import Scope

_VARIANTS = 50  # of one entity
_KEPT = 3  # first mentions of a video
_ROWS = 10_000
_SEGMENTS = 2_000  # of words; more are told of as "at least"


@dataclass(frozen=True, slots=True)
class Mentioned:
    """One place where something is mentioned; `said` is the name there, or the sentence."""

    segment_id: str
    span: Span
    modality: Modality
    said: str


@dataclass(frozen=True, slots=True)
class VideoMentions:
    """How often a video mentions something.

    Args:
        video_id: Which.
        video: Its file's name.
        times: How often.
        first: The first few mentions, in order of time.
        last: The last one.
    """

    video_id: str
    video: str
    times: int
    first: tuple[Mentioned, ...]
    last: Mentioned


@dataclass(frozen=True, slots=True)
class Count:
    """How often a library mentions something; the videos that do so most come first.

    `cut` says that there is more than was looked at.
    """

    videos: tuple[VideoMentions, ...] = ()
    cut: bool = False

    @property
    def times(self) -> int:
        return sum(video.times for video in self.videos)


def count_mentions(
    client: GraphClient,
    entity_ids: Sequence[str],
    modalities: Collection[Modality],
    *,
    scope: Scope = EVERYWHERE,
) -> Count:
    """How often things are mentioned by name; "she" is none.

    Args:
        client: The graph.
        entity_ids: Canonical ones; their variants are mentioned with them.
        modalities: How: only mentions perceived so.
        scope: Where.
    """
    window = scope.window
    rows = client.read(
        load("ask/count_mentions"),
        entity_ids=list(entity_ids),
        modalities=sorted(_within(modalities, scope)),
        video_ids=scope.video_ids,
        start_ms=window.start_ms if window else 0,
        end_ms=window.end_ms if window else None,
        speaker=scope.speaker,
        variant_cap=_VARIANTS,
        kept=_KEPT,
        limit=_ROWS,
    )
    named = [row for row in rows if content_stems(row["surface"])]
    paths = {row["video_id"]: row["path"] for row in named}
    times: defaultdict[str, int] = defaultdict(int)
    found: defaultdict[str, list[Mentioned]] = defaultdict(list)
    for row in named:
        times[row["video_id"]] += row["times"]
        found[row["video_id"]] += [
            _mentioned(m, row["surface"]) for m in (*row["first"], row["last"])
        ]
    return Count(_videos(paths, times, found), cut=len(rows) == _ROWS)


def count_sentences(
    client: GraphClient,
    text: str,
    modalities: Collection[Modality],
    *,
    scope: Scope = EVERYWHERE,
) -> Count:
    """How many sentences and lines on the screen say all words of a text.

    Args:
        client: The graph.
        text: What is looked for, where the graph knows nothing of that name.
        modalities: Speech, screen or both.
        scope: Where.
    """
    stems = content_stems(text)
    wanted = _within(modalities, scope)
    paths: dict[str, str] = {}
    found: defaultdict[str, dict[tuple[Modality, str, int], Mentioned]] = defaultdict(dict)
    cut = False
    for asked in segment_queries(text):
        rows = client.read(
            load("ask/say_words"),
            index=asked["index"],
            words=" ".join(f"+{word}" for word in asked["query"].split()),
            video_ids=scope.video_ids,
            limit=_SEGMENTS,
        )
        cut = cut or len(rows) == _SEGMENTS
        for row in rows:
            paths[row["video_id"]] = row["path"]
            for sentence in _told(row, scope):
                if sentence.modality in wanted and stems <= content_stems(sentence.text):
                    _note(found[row["video_id"]], row, sentence)
    places = {id_: list(mentions.values()) for id_, mentions in found.items() if mentions}
    times = {id_: len(mentions) for id_, mentions in places.items()}
    return Count(_videos(paths, times, places), cut)


def _note(known: dict[tuple[Modality, str, int], Mentioned], row: Row, sentence: Sentence) -> None:
    """Note a place; a line that stands over the end of a segment is one with its first part."""
    part = known.pop((sentence.modality, sentence.text, sentence.span.start_ms), None)
    here = Mentioned(row["segment_id"], sentence.span, sentence.modality, sentence.text)
    known[sentence.modality, sentence.text, sentence.span.end_ms] = part or here


def _within(modalities: Collection[Modality], scope: Scope) -> set[Modality]:
    return set(modalities) & set(modalities if scope.modalities is None else scope.modalities)


def _videos(
    paths: Mapping[str, str],
    times: Mapping[str, int],
    found: Mapping[str, Iterable[Mentioned]],
) -> tuple[VideoMentions, ...]:
    """By video, those with most mentions first."""
    videos = []
    for video_id, mentions in found.items():
        in_order = sorted(mentions, key=lambda m: (m.span, m.modality))
        name = PurePath(paths[video_id]).name
        first = tuple(dict.fromkeys(in_order))[:_KEPT]
        videos.append(VideoMentions(video_id, name, times[video_id], first, in_order[-1]))
    return tuple(sorted(videos, key=lambda video: (-video.times, video.video, video.video_id)))


def _mentioned(row: Row, surface: str) -> Mentioned:
    span = Span(row["start_ms"], row["end_ms"])
    return Mentioned(row["segment_id"], span, Modality(row["modality"]), surface)


def _told(row: Row, scope: Scope) -> Iterator[Sentence]:
    """What a segment says and shows within a scope."""
    speakers = row["sentence_speaker"] or [""] * len(row["sentences"])
    times = zip(row["sentence_start_ms"], row["sentence_end_ms"], strict=True)
    for text, time, speaker in zip(row["sentences"], times, speakers, strict=True):
        if scope.speaker is None or speaker == scope.speaker:
            yield from _if_within(Sentence(text, Span(*time)), scope)
    if scope.speaker is None:
        lines = zip(row["screen_line_start_ms"], row["screen_line_end_ms"], strict=True)
        headings = row["screen_line_heading"]
        for text, time, heading in zip(row["screen_lines"], lines, headings, strict=True):
            line = Sentence(text, Span(*time), modality=Modality.SCREEN, heading=heading)
            yield from _if_within(line, scope)


def _if_within(sentence: Sentence, scope: Scope) -> Iterator[Sentence]:
    if scope.window is None or sentence.span.overlaps(scope.window):
        yield sentence
