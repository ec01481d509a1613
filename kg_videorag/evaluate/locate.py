"""Where the moments of a question lie in a library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.errors import EvaluationError, VideoSelectionError
from kg_videorag.evaluate.metrics import Needs, Place
from kg_videorag.graph.read import select_video
from kg_videorag.graph.told import told_segments
from kg_videorag.model import Modality, Span
from kg_videorag.words import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg_videorag.evaluate.questions import Moment, Question
    from kg_videorag.graph.client import GraphClient
    from kg_videorag.model import Sentence


class Library:
    """What the videos of a library say and show; each is read once.

    Args:
        graph: The graph.
    """

    def __init__(self, graph: GraphClient) -> None:
        self._graph = graph
        self._ids: dict[str, str] = {}
        self._told: dict[str, list[Sentence]] = {}

    def needs(self, question: Question) -> Needs:
        """Where a question's moments lie; those that share `one_of` are one need.

        Raises:
            EvaluationError: If the library has no such video, or it does not say that once.
        """
        needs: dict[str, list[Place]] = {}
        for number, moment in enumerate(question.moments, start=1):
            place = self._place(moment, f"{question.place or question.id}, moment {number}")
            needs.setdefault(moment.one_of or f"\0{number}", []).append(place)
        return tuple(tuple(places) for places in needs.values())

    def _place(self, moment: Moment, where: str) -> Place:
        try:
            video_id = self._ids.get(moment.video) or select_video(self._graph, moment.video)
        except VideoSelectionError as error:
            raise EvaluationError(f"{where}: {error.message}", hint=error.hint) from error
        self._ids[moment.video] = video_id
        if moment.span is not None:
            return Place(video_id, moment.span)
        return Place(video_id, said_span(moment, self._sentences(video_id), where))

    def _sentences(self, video_id: str) -> list[Sentence]:
        if video_id not in self._told:
            self._told[video_id] = list(_sentences(self._graph, video_id))
        return self._told[video_id]


def said_span(moment: Moment, told: Sequence[Sentence], where: str) -> Span:
    """When a video says what a moment says; what is spoken goes before what is shown.

    A line on the screen that stands in two segments is cut in the graph, and one again here.

    Args:
        moment: With `says`.
        told: All that the video says and shows, in order of time.
        where: The moment's place, for errors.

    Raises:
        EvaluationError: If it is said never, or more than once.
    """
    wanted = _folded(moment.says)
    found = [s for s in told if wanted in _folded(s.text)]
    spoken = [s.span for s in found if s.modality is Modality.SPEECH]
    spans = spoken or _joined(s.span for s in found)
    if len(spans) == 1:
        return spans[0]
    times = "never" if not spans else f"{len(spans)} times"
    raise EvaluationError(
        f"{where}: {moment.video} says {moment.says!r} {times}",
        hint="`kg-videorag videos show` prints what it says; or give `start` and `end`.",
    )


def _sentences(graph: GraphClient, video_id: str) -> Iterator[Sentence]:
    for segment in told_segments(graph, video_id):
        yield from (*segment.sentences, *segment.screen, *segment.captions)


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start_ms, s.end_ms)):
        if joined and span.start_ms <= joined[-1].end_ms:
            end_ms = max(joined[-1].end_ms, span.end_ms)
            joined[-1] = Span(joined[-1].start_ms, end_ms)
        else:
            joined.append(span)
    return joined


def _folded(text: str) -> str:
    """Letters and digits alone: readers of screens lose spaces and points."""
    return "".join(words(text))
