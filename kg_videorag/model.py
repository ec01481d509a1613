"""The frozen values that travel between stages.

Time is integer milliseconds on the video's clock: zero is the container's earliest
presentation time, as players count it (docs/adr/0002-clock.md). A span is half open,
`[start_ms, end_ms)`.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray


SAMPLE_RATE_HZ = 16_000  # of all decoded sound: what speech models were trained on
SMALL_WIDTH_PX = 160  # of the pictures that shots are told by
MEDIA_SPACES = ("vision", "audio")  # of vectors of pictures and of sounds
SIDECAR_SPACES = ("depth", "thermal", "imu")  # of what lies beside a video: docs/sidecars.md


class Modality(StrEnum):
    """Where something was perceived."""

    SPEECH = "speech"
    CAPTION = "caption"
    SCREEN = "screen"
    VISION = "vision"
    SOUND = "sound"


class EntityType(StrEnum):
    """The allow-list of entity types; each is also a node label, so Browser can colour it."""

    PERSON = "Person"
    ORGANIZATION = "Organization"
    PLACE = "Place"
    EVENT = "Event"
    PRODUCT = "Product"
    WORK = "Work"
    GROUP = "Group"
    DATE = "Date"
    QUANTITY = "Quantity"
    CONCEPT = "Concept"


class VideoStatus(StrEnum):
    """What became of one input of `ingest`."""

    DONE = "done"
    UNCHANGED = "unchanged"
    PARTIAL = "partial"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of time `[start_ms, end_ms)`.

    Raises:
        ValueError: If it would start before zero or end before it starts.
    """

    start_ms: int
    end_ms: int

    def __post_init__(self) -> None:
        if not 0 <= self.start_ms <= self.end_ms:
            raise ValueError(f"not a span: [{self.start_ms}, {self.end_ms})")

    @property
    def duration_ms(self) -> int:
        return self.end_ms - self.start_ms

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one millisecond."""
        return max(self.start_ms, other.start_ms) < min(self.end_ms, other.end_ms)

    def clamp(self, outer: Span) -> Span:
        """This span cut to `outer`; empty at the nearer edge if they do not overlap."""
        start_ms = min(max(self.start_ms, outer.start_ms), outer.end_ms)
        return Span(start_ms, max(start_ms, min(self.end_ms, outer.end_ms)))


@dataclass(frozen=True, slots=True)
class EngineState:
    """Whether an engine could run, told without loading it.

    Args:
        ready: True if its package and weights are there.
        model: The model's name.
        weights: Where its weights are, or would be.
        checksum: "verified" against the publisher's, "pinned" where the publisher gives none and
            it is the one first found, "present" where all files are there and comparing them
            would take too long, "mismatch", "missing" or "none needed".
        hint: What to do when it is not ready; empty otherwise.
    """

    ready: bool
    model: str
    weights: str
    checksum: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What a file's container says of itself.

    Args:
        path: Where it lies.
        title: The container's, else the file's name without its ending.
        duration_ms: On the video's clock.
        width_px: Of its pictures as they are shown; None where nothing moves.
        height_px: The same.
        has_audio: Whether there is sound that can be decoded.
        sound_track: Which of several sound tracks is heard, from 1; 0 where there is but one.
        sound_note: What is to be told of that choice; "" where there was none.
    """

    path: Path
    title: str
    duration_ms: int
    width_px: int | None
    height_px: int | None
    has_audio: bool
    sound_track: int = 0
    sound_note: str = ""


@dataclass(frozen=True, slots=True)
class Video:
    """One ingested file. `id` is the sha256 of its content, so a copy is the same video."""

    id: str
    title: str
    path: str
    duration_ms: int
    width_px: int | None
    height_px: int | None
    language: str | None
    size_bytes: int | None = None  # of the file; None of what was ingested before it was kept

    @property
    def span(self) -> Span:
        return Span(0, self.duration_ms)


@dataclass(frozen=True, slots=True)
class Relinked:
    """A video whose file was found elsewhere.

    Args:
        video_id: Its id.
        title: Its title.
        former_path: Where it lay.
        path: Where it lies now.
        copies: Where it lies too.
    """

    video_id: str
    title: str
    former_path: str
    path: str
    copies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RelinkReport:
    """What became of the videos whose files were gone.

    Args:
        relinked: Those that were found.
        missing: Those that were not.
        unreadable: Files that might have been theirs, and why they could not be read.
        read: How many files were read.
    """

    relinked: tuple[Relinked, ...]
    missing: tuple[Video, ...]
    unreadable: tuple[tuple[str, str], ...] = ()
    read: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class AudioBlock:
    """A stretch of decoded sound.

    Args:
        start_ms: Where its first sample stands on the video's clock.
        samples: float32, shape (n,), mono, SAMPLE_RATE_HZ, range -1..1.
    """

    start_ms: int
    samples: NDArray[np.float32]

    @property
    def end_ms(self) -> int:
        return self.start_ms + round(len(self.samples) * 1000 / SAMPLE_RATE_HZ)


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A moment of the moving picture.

    Args:
        at_ms: When it is first shown, on the video's clock.
        small: uint8, shape (height, width, 3), RGB, SMALL_WIDTH_PX wide at most: enough to tell
            one picture from another.
        whole: Converts the picture in its own size, uint8, RGB. It keeps the decoded picture in
            memory, so keep one or two of these, not many.
        held_bytes: How much memory that is.
    """

    at_ms: int
    small: NDArray[np.uint8]
    whole: Callable[[], NDArray[np.uint8]]
    held_bytes: int = 0


@dataclass(frozen=True, slots=True)
class DecodeLimits:
    """How much of the machine a media file may take; who exceeds it fails alone.

    Args:
        memory_bytes: Of the process that decodes.
        stall_s: How long it may go without handing anything out, wall-clock.
        pixels: Of one picture.
        duration_ms: Of the whole file.
        streams: Of the file.
    """

    memory_bytes: int = 2 << 30
    stall_s: float = 60.0
    pixels: int = 2**25  # 8K video is 33.2 million
    duration_ms: int = 24 * 3_600_000
    streams: int = 64


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture that is kept: when it was shown, and the picture as a JPEG file."""

    at_ms: int
    jpeg: bytes


@dataclass(frozen=True, slots=True)
class Label:
    """What an engine says that a picture holds.

    Args:
        name: In lower case, as "dog".
        confidence: The engine's probability, 0..1.
        box: left, top, right, bottom, as shares of the picture's width and height, 0..1.
    """

    name: str
    confidence: float
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class TimedLabel:
    """A thing that is seen, or a sound that is heard, for as long as it lasts.

    Args:
        name: In lower case, as "dog" or "car horn".
        modality: VISION or SOUND.
        span: On the video's clock.
        confidence: The engine's highest probability in it, 0..1.
    """

    name: str
    modality: Modality
    span: Span
    confidence: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line that a text reader found in one picture.

    Args:
        text: What it says.
        confidence: The engine's probability, 0..1.
        box: left, top, right, bottom, as shares of the picture's width and height, 0..1.
    """

    text: str
    confidence: float
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class VectorSpace:
    """Vectors that can be compared: one model's, all of one length."""

    name: str
    model: str
    dimension: int


@dataclass(frozen=True, slots=True)
class TimedVector:
    """A unit vector (float32, shape (dimension,)) of what was seen or heard at a moment."""

    space: str
    at_ms: int
    vector: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word. `confidence` is the engine's probability, 0..1.

    `speaker` is who said it, where the engine tells speakers apart; else "".
    """

    text: str
    span: Span
    confidence: float
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Transcript:
    """What an engine heard in one AudioBlock; words in order of time, on the video's clock."""

    language: str
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, or a line on the screen, with its own time: what citations quote.

    Args:
        text: Its words joined by single spaces.
        span: When it was said, or stood on the screen.
        words: Its words' own times, where they are known.
        modality: Where it was perceived.
        heading: Of a line on the screen: the line above it that names what it is about; else "".
        speaker: Who said it, where that is known; else "".
        original: The same as it was recognised, where somebody corrected it by hand.
    """

    text: str
    span: Span
    words: tuple[Word, ...] = ()
    modality: Modality = Modality.SPEECH
    heading: str = ""
    speaker: str = ""
    original: Sentence | None = None

    @property
    def under_heading(self) -> str:
        """Heading and text in one: "Marie Curie: Born in Warsaw"."""
        return f"{self.heading}: {self.text}" if self.heading else self.text


class CorrectionKind(StrEnum):
    """What somebody corrected by hand."""

    LINE = "line"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Correction:
    """What a video says by the word of somebody who knows.

    Args:
        id: Hash of all but the replacement, so that a line has one correction.
        kind: A line, or a name wherever it is said or shown.
        original: The line as it was recognised, or the misheard name.
        replacement: What it is.
        made_at: When, as ISO 8601 in UTC.
        video_id: Of that video alone; None for a name in all videos.
        span: When a line is said; None for a name.
    """

    id: str
    kind: CorrectionKind
    original: str
    replacement: str
    made_at: str
    video_id: str | None = None
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A sentence, or a line on the screen, before and after a correction."""

    video_id: str
    span: Span
    modality: Modality
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CorrectionReport:
    """What a correction, or taking one back, came to.

    Args:
        correction: That was made or taken back.
        lines: That changed by it, or would.
        warnings: What could not be done.
    """

    correction: Correction
    lines: tuple[ChangedLine, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one video, a whole number of sentences long. Segments tile their video.

    Args:
        sentences: What is said in it.
        screen: Lines that stand on the screen in it, in order of time, then from the top; a
            line's span is cut to the segment.
        captions: What a captioner wrote of its pictures.
    """

    id: str
    video_id: str
    index: int
    span: Span
    sentences: tuple[Sentence, ...]
    screen: tuple[Sentence, ...] = ()
    captions: tuple[Sentence, ...] = ()

    @property
    def caption(self) -> str:
        return " ".join(caption.text for caption in self.captions)

    @property
    def speech(self) -> str:
        return " ".join(s.text for s in self.sentences)

    @property
    def screen_text(self) -> str:
        return "\n".join(line.text for line in self.screen)


@dataclass(frozen=True, slots=True)
class TextEntity:
    """A name that an extractor found in a text: `text[start_char:end_char]`.

    `stands_for` is the name of whom a pronoun means, which another text of the video says; else "".
    """

    name: str
    type: EntityType
    start_char: int
    end_char: int
    confidence: float
    stands_for: str = ""


@dataclass(frozen=True, slots=True)
class TextRelation:
    """A relation that an extractor found: indices into the same extraction's `entities`.

    `predicate` is a lower-case lemma, with its preposition where it has one: "work at".
    """

    subject: int
    predicate: str
    object: int
    start_char: int
    end_char: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one text says: entities in order of appearance, relations between them.

    `warnings` tell what an extractor could not make out of it.
    """

    entities: tuple[TextEntity, ...] = ()
    relations: tuple[TextRelation, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entity:
    """A person, place or thing. `id` is a hash of type and normalised name."""

    id: str
    name: str
    type: EntityType


@dataclass(frozen=True, slots=True)
class SameAsChange:
    """What `graph merge` or `graph split` changes.

    Args:
        variant: The entity that was named.
        joined: Variant, canonical, reason, score of every edge that is new or points elsewhere.
        parted: Variant, former canonical of every edge that is gone.
    """

    variant: Entity
    joined: tuple[tuple[Entity, Entity, str, float], ...]
    parted: tuple[tuple[Entity, Entity], ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """An entity named in a segment, at the milliseconds where it was perceived."""

    id: str
    segment_id: str
    entity_id: str
    modality: Modality
    span: Span
    surface: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Relation:
    """One occurrence of a relation, inside one segment."""

    id: str
    subject_id: str
    predicate: str
    object_id: str
    segment_id: str
    modality: Modality
    span: Span
    surface: str
    confidence: float


@dataclass(frozen=True, slots=True, eq=False)
class Embedding:
    """A unit vector (float32, shape (dimension,)) of something in a segment.

    `label` is the 63-bit integer that stands for `id` in vector indexes; `whole` says that it is
    of all that is said in the segment, of which there is one at most.
    """

    id: str
    label: int
    segment_id: str
    space: str
    model: str
    at_ms: int
    vector: NDArray[np.float32]
    whole: bool = False


@dataclass(frozen=True, slots=True)
class VideoGraph:
    """All that one video contributes to the graph, written in one transaction."""

    video: Video
    segments: tuple[Segment, ...]
    entities: tuple[Entity, ...]
    mentions: tuple[Mention, ...]
    relations: tuple[Relation, ...]
    embeddings: tuple[Embedding, ...]
    ingest_version: str
    engines: tuple[str, ...]
    status: VideoStatus
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StoredVideo:
    """A video as the graph holds it; `source_url` is "" where it came from no address."""

    video: Video
    segments: int
    entities: int
    relations: int
    ingest_version: str
    engines: tuple[str, ...]
    status: VideoStatus
    warnings: tuple[str, ...]
    source_url: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one input failed, in the words of its error."""

    code: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What became of one input; what a failure leaves unknown is None."""

    path: str
    status: VideoStatus
    video_id: str | None = None
    title: str | None = None
    duration_ms: int | None = None
    segments: int | None = None
    entities: int | None = None
    relations: int | None = None
    error: Failure | None = None
    warnings: tuple[str, ...] = ()
    stages_s: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a question looks; what is None narrows nothing.

    What was perceived in a stretch of time is in the window if it overlaps it.

    Args:
        video_ids: Only in these videos.
        window: Only in this stretch of each video.
        speaker: Only what this one says, as the transcript names speakers.
        modalities: Only what was perceived so.
    """

    video_ids: tuple[str, ...] | None = None
    window: Span | None = None
    speaker: str | None = None
    modalities: frozenset[Modality] | None = None

    @property
    def perceived(self) -> frozenset[Modality]:
        """The modalities that are left: a speaker only speaks."""
        said = frozenset(Modality) if self.speaker is None else frozenset({Modality.SPEECH})
        return said if self.modalities is None else said & self.modalities

    @property
    def cuts_lines(self) -> bool:
        """Whether some of what a segment says or shows may be left out of it."""
        return not (self.window is None and self.speaker is None and self.modalities is None)

    def holds(self, line: Sentence) -> bool:
        """Whether a line of one of the videos is looked at."""
        return (
            line.modality in self.perceived
            and (self.window is None or self.window.overlaps(line.span))
            and (self.speaker is None or self.speaker == line.speaker)
        )


EVERYWHERE = Scope()


@dataclass(frozen=True, slots=True)
class Hit:
    """A segment that one road of retrieval found; a road's hits stand in order of rank.

    `at_ms` is the moment that matched, where the road knows it.
    """

    segment_id: str
    score: float
    at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A segment that retrieval offers to the answer.

    `score` is fused over the roads named in `via`, comparable within one reply. `before` is
    what the segment before said: it tells who "she" is, and is no evidence itself. `path` is of
    the video's file, `source_url` the address that it was fetched from; "" where unknown.
    """

    segment_id: str
    video_id: str
    video: str
    span: Span
    score: float
    via: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    before: tuple[str, ...] = ()
    path: str = ""
    source_url: str = ""

    @property
    def text(self) -> str:
        return " ".join(s.text for s in self.sentences)


@dataclass(frozen=True, slots=True)
class GraphRelation:
    """A relation as an answer reports it."""

    subject_id: str
    predicate: str
    object_id: str
    segment_id: str
    span: Span


@dataclass(frozen=True, slots=True)
class Subgraph:
    """The entities and relations that the evidence speaks of.

    `names` holds by entity id all names by which videos call it, its own first.
    """

    entities: tuple[Entity, ...] = ()
    relations: tuple[GraphRelation, ...] = ()
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a claim of an answer was said, seen or shown; `link` opens the video there."""

    number: int
    video_id: str
    video: str
    span: Span
    segment_id: str
    modality: Modality
    quote: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class RoadGain:
    """What a road of retrieval gave a segment.

    Args:
        road: text, vision, audio, fulltext, entity, graph, time; or a mood's.
        rank: Of the segment on it, from 1.
        gain: Its part of the fused score.
    """

    road: str
    rank: int
    gain: float


@dataclass(frozen=True, slots=True)
class Link:
    """A step of a chain through the graph, and where it is told.

    `predicate` is "" where the two are only spoken of in one sentence.
    """

    subject: str
    predicate: str
    object: str
    segment_id: str
    video: str
    span: Span


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an evidence stands where it stands.

    Args:
        segment_id: Whose.
        roads: What found it, the most telling first.
        covers: Words of the question that it says and no evidence before it.
        chain: The facts that join it with what the question names, in order; empty if none do.
        chained: What that chain adds to its score.
        covered: What `covers` add to it.
    """

    segment_id: str
    roads: tuple[RoadGain, ...]
    covers: tuple[str, ...] = ()
    chain: tuple[Link, ...] = ()
    chained: float = 0.0
    covered: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """The reply to a question; `answered` is False where `text` is a refusal.

    `cut` names entities of which more segments speak than were looked at; `warnings` tell what
    was dropped, such as a citation of evidence that does not exist. `understood_as` is what a
    conversation made of the question; "" outside of one. `explanation` says of each evidence, in
    the same order, why it stands there.
    """

    question: str
    text: str
    answered: bool
    generator: str
    generator_model: str
    citations: tuple[Citation, ...]
    evidence: tuple[Evidence, ...]
    graph: Subgraph
    timings_ms: Mapping[str, float]
    cut: tuple[Entity, ...] = ()
    warnings: tuple[str, ...] = ()
    understood_as: str = ""
    explanation: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a chat model is told: its task, then what it is to work on."""

    system: str
    user: str

    @property
    def messages(self) -> list[dict[str, str]]:
        """As chat templates and OpenAI's protocol take it."""
        return [
            {"role": "system", "content": self.system},
            {"role": "user", "content": self.user},
        ]


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model wrote; `cut` where it had to stop before it was done."""

    text: str
    cut: bool


@dataclass(frozen=True, slots=True)
class GraphAnswer:
    """Rows of the graph that answer a question, and the Cypher that a model asked for them by.

    Args:
        question: As it was asked.
        query: The statement that was run.
        columns: Their names.
        rows: Values that JSON knows, as many as there are columns.
        cut: Whether there was more: rows, columns, or parts of a long value.
    """

    question: str
    query: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    cut: bool


def timecode(at_ms: int) -> str:
    """`HH:MM:SS` of a moment, rounded down as players show it."""
    seconds = at_ms // 1000
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def chain_in_words(chain: Sequence[Link]) -> str:
    """As "Apollo -design at-> MIT (a.mp4 00:00:06) <-found- Draper (b.mp4 00:01:10)"."""
    told = ""
    end = ""
    for link in chain:
        forward, back = f"-{link.predicate}->", f"<-{link.predicate}-"
        if not link.predicate:
            forward = back = "-beside-"
        if end == link.subject:
            told += f" {forward} {link.object}"
            end = link.object
        elif end == link.object:
            told += f" {back} {link.subject}"
            end = link.subject
        else:
            told += f"{'; ' if told else ''}{link.subject} {forward} {link.object}"
            end = link.object
        told += f" ({link.video} {timecode(link.span.start_ms)})"
    return told


def moment_ms(text: str) -> int:
    """A moment as people type it: 01:02:03, 62:03, 3723 or 3723.5 (seconds).

    Raises:
        ValueError: If it is none.
    """
    parts = text.split(":")
    if not 1 <= len(parts) <= 3 or not all(part.isdecimal() for part in parts[:-1]):
        raise ValueError(f"{text!r} is no time such as 00:01:23 or 83.5")
    try:
        seconds = float(parts[-1])
    except ValueError as error:
        raise ValueError(f"{text!r} is no time such as 00:01:23 or 83.5") from error
    if not 0 <= seconds < 1e9 or (len(parts) > 1 and seconds >= 60):
        raise ValueError(f"{text!r} is no time such as 00:01:23 or 83.5")
    for place, part in enumerate(reversed(parts[:-1]), start=1):
        seconds += int(part) * 60**place
    return round(seconds * 1000)


_TO_THE_END_MS = 2**53  # of no video, and as long as JSON's numbers go


def stretch(text: str) -> Span:
    """A stretch of a video as people type it: 00:10:00-00:20:00; one end may be left out.

    Raises:
        ValueError: If it is none.
    """
    start, dash, end = text.replace("\N{EN DASH}", "-").partition("-")
    if not dash or not (start.strip() or end.strip()):
        raise ValueError(f"{text!r} is no stretch of time such as 00:10:00-00:20:00 or 00:10:00-")
    start_ms = moment_ms(start.strip()) if start.strip() else 0
    end_ms = moment_ms(end.strip()) if end.strip() else _TO_THE_END_MS
    if start_ms >= end_ms:
        raise ValueError(f"{text!r} ends before it begins")
    return Span(start_ms, end_ms)


def one_line(text: str) -> str:
    """Text without control characters, line ends, broken characters and doubled spaces."""
    kept = (" " if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} else c for c in text)
    return " ".join("".join(kept).split())
