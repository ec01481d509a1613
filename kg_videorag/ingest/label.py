"""What is seen and heard by name: things in pictures, kinds of sounds; see docs/adr/0021.

Pictures and sound stream by once; what is kept is stretches of time, few a minute.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from kg_videorag.identity import entity_id, mention_id
from kg_videorag.ingest.extract import ExtractedGraph
from kg_videorag.ingest.scenes import difference
from kg_videorag.ingest.segment import holders
from kg_videorag.ingest.stretches import Stretches
from kg_videorag.model import Entity, EntityType, Mention, Modality, Relation, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg_videorag.model import AudioBlock, Picture, Segment, TimedLabel
    from kg_videorag.ports import Detector, SoundTagger

_Part = TypeVar("_Part", Entity, Mention, Relation)
_EVERY_MS = 1_000  # between two looks at what moves: times are as exact as this
_SOONEST_MS = 500  # between two looks, however often the scene changes
# Mean difference of two small pictures, of 255. Measured: one slide after another makes 9.4 to
# 20, compression within a slide less than .01, a real film .6 and more from one second to the
# next. What stands still is not looked at again.
_CHANGED = 8.0
_STILL = 0.2
# Measured with YOLOX-nano: the people in a real film reach .66 and are seen look after look, a lamp
# is taken for a traffic light at .62, in one look; in a slide's drawing a kite is seen at .78.
_SURE, _SURE_ALONE = 0.5, 0.8
# Kinds of sounds that tell nothing of what a video is about: that someone speaks, which the
# transcript says better, how a room sounds, and what sounds are made of.
_NO_NEWS = frozenset(
    name.strip()
    for name in """
    speech; conversation; narration; speech synthesizer; silence; inside, small room; inside, large
    room or hall; inside, public space; outside, urban or manmade; outside, rural or natural;
    reverberation; echo; noise; environmental noise; static; mains hum; distortion; sidetone;
    cacophony; white noise; pink noise; throbbing; vibration; television; radio; field recording;
    sine wave; harmonic; chirp tone; sound effect; pulse; effects unit; chorus effect; electronic
    tuner
    """.replace("\n    ", " ").split(";")
)


class LabelSense:
    """Sees and hears; who is None is left out.

    Args:
        detector: Pictures to things.
        tagger: Sound to kinds of sounds.
    """

    def __init__(self, detector: Detector | None, tagger: SoundTagger | None) -> None:
        self._looks = _Looks(detector) if detector else None
        self._tagger = tagger
        self._heard = Stretches(Modality.SOUND)

    def see(self, picture: Picture) -> None:
        """Look at the next picture, if it shows something else or time has passed.

        Raises:
            EngineError: If the detector fails.
        """
        if self._looks:
            self._looks.see(picture)

    def hear(self, block: AudioBlock) -> None:
        """Listen to the next block of sound.

        Raises:
            EngineError: If the tagger fails.
        """
        if self._tagger:
            for label in self._tagger.tag(block):
                self._heard.add(label.name, label.span, label.confidence)

    def finish(self) -> tuple[TimedLabel, ...]:
        """All labels, those of pictures first, in order of time."""
        return (*(self._looks.finish() if self._looks else ()), *self._heard.labels())


class _Looks:
    """Which pictures a detector is shown, and how long what it finds is there."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._seen = Stretches(Modality.VISION, sure=_SURE, sure_alone=_SURE_ALONE)
        self._last: Picture | None = None  # that was looked at
        self._found: dict[str, float] = {}  # in it
        self._end_ms = 0  # until when it holds, if no other look says otherwise
        self._is_followed = False  # by a picture: it was shown until then at least

    def see(self, picture: Picture) -> None:
        if not self._is_followed:
            self._end_ms = max(self._end_ms, picture.at_ms)
            self._is_followed = True
        if self._last is None:
            self._look(picture)
            return
        passed_ms = picture.at_ms - self._last.at_ms
        if passed_ms < _SOONEST_MS:
            return
        changed = difference(picture.small, self._last.small)
        if changed < _STILL:
            self._hold(picture.at_ms)
        elif changed > _CHANGED or passed_ms >= _EVERY_MS:
            self._look(picture)

    def finish(self) -> tuple[TimedLabel, ...]:
        self._close(self._end_ms)
        return self._seen.labels()

    def _look(self, picture: Picture) -> None:
        self._close(picture.at_ms)
        self._last = picture
        self._found = {}
        for label in self._detector.detect(picture.whole()):
            self._found[label.name] = max(label.confidence, self._found.get(label.name, 0.0))
        self._hold(picture.at_ms)

    def _hold(self, at_ms: int) -> None:
        """What was found is there at this moment too."""
        self._end_ms = at_ms + _EVERY_MS
        self._is_followed = False

    def _close(self, at_ms: int) -> None:
        """Keep what the last look found; another look is made, or none any more."""
        if self._last is not None:
            span = Span(self._last.at_ms, min(self._end_ms, at_ms))
            for name, confidence in self._found.items():
                self._seen.add(name, span, confidence)
        self._found = {}


def label_graph(segments: Sequence[Segment], labels: Sequence[TimedLabel]) -> ExtractedGraph:
    """Labels as concepts that segments mention, with modality `vision` or `sound`.

    A concept that is spoken of by the same name is the same entity.

    Args:
        segments: Of one video, in order of time.
        labels: Of it. What lasts through several segments is mentioned in each of them; what
            only brushes a segment is not.
    """
    spans = [segment.span for segment in segments]
    entities: dict[str, Entity] = {}
    mentions: dict[str, Mention] = {}
    for label in labels:
        if label.modality is Modality.SOUND and label.name in _NO_NEWS:
            continue
        identity = entity_id(EntityType.CONCEPT, label.name)
        for segment in (segments[index] for index in holders(label.span, spans)):
            span = label.span.clamp(segment.span)
            if span.duration_ms:
                mention = _mention(segment, identity, label, span)
                mentions[mention.id] = mention
                entities.setdefault(identity, Entity(identity, label.name, EntityType.CONCEPT))
    return ExtractedGraph(tuple(entities.values()), tuple(mentions.values()))


def merged(*graphs: ExtractedGraph) -> ExtractedGraph:
    """Several graphs of one video in one; of what several hold, the first's is kept."""
    return ExtractedGraph(
        entities=_first_of_each(entity for graph in graphs for entity in graph.entities),
        mentions=_first_of_each(mention for graph in graphs for mention in graph.mentions),
        relations=_first_of_each(relation for graph in graphs for relation in graph.relations),
        warnings=tuple(dict.fromkeys(told for graph in graphs for told in graph.warnings)),
    )


def _first_of_each(items: Iterable[_Part]) -> tuple[_Part, ...]:
    found: dict[str, _Part] = {}
    for item in items:
        found.setdefault(item.id, item)
    return tuple(found.values())


def _mention(segment: Segment, identity: str, label: TimedLabel, span: Span) -> Mention:
    return Mention(
        id=mention_id(segment.id, identity, label.modality, span),
        segment_id=segment.id,
        entity_id=identity,
        modality=label.modality,
        span=span,
        surface=label.name,
        confidence=label.confidence,
    )
