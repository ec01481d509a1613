"""Listens: blocks of sound to sentences with their own times."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import sentencex

from kg_videorag.errors import MediaTruncatedError
from kg_videorag.model import Sentence, Span, Word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from kg_videorag.model import AudioBlock
    from kg_videorag.ports import Transcriber

# Speech without punctuation would be one endless sentence. Sentences up to 10 s can always be
# tiled by segments of 10 to 30 s, those up to 20 s nearly always; cutting at 10 s would break
# many a spoken sentence.
_MAX_SENTENCE_MS = 20_000
_SPLIT_PAUSE_MS = 2_000  # nobody pauses this long inside a sentence
_POOR_CONFIDENCE = 0.4  # mean word probability; measured: English above .8, Russian below .4


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said in a video.

    `language` is None where nothing was; `truncated` tells that the sound ended early.
    """

    sentences: tuple[Sentence, ...]
    language: str | None
    warnings: tuple[str, ...]
    truncated: bool = False


def listen(
    blocks: Iterable[AudioBlock],
    transcriber: Transcriber,
    on_heard_ms: Callable[[int], None] = lambda _: None,
) -> Heard:
    """Transcribe block by block, so that memory stays bounded by one block.

    Args:
        blocks: Sound in order of time; may end in MediaTruncatedError, which is kept as a
            warning along with all that was heard until then.
        transcriber: Recognises it.
        on_heard_ms: Told how far listening has come, on the video's clock.
    """
    words: list[Word] = []
    languages: Counter[str] = Counter()
    warnings: list[str] = []
    truncated = False
    try:
        for block in blocks:
            transcript = transcriber.transcribe(block)
            words.extend(transcript.words)
            languages[transcript.language] += len(transcript.words)
            on_heard_ms(block.end_ms)
    except MediaTruncatedError as error:
        warnings.append(error.message)
        truncated = True
    if not words:
        return Heard((), None, (*warnings, "no speech was recognised"), truncated)
    language = languages.most_common(1)[0][0]
    confidence = sum(word.confidence for word in words) / len(words)
    if confidence < _POOR_CONFIDENCE:
        warnings.append(
            f"speech was recognised poorly (mean word probability {confidence:.2f}):"
            f" is it {language}?"
        )
    return Heard(tuple(to_sentences(words, language)), language, tuple(warnings), truncated)


def to_sentences(words: Sequence[Word], language: str) -> Iterator[Sentence]:
    """Group words into sentences of at most 20 s: by speaker, by punctuation, then by pauses."""
    for run in _split_at_pauses(words):
        for group in _split_at_boundaries(run, language):
            for part in _split_too_long(group):
                yield Sentence(
                    text=" ".join(word.text for word in part),
                    span=Span(part[0].span.start_ms, part[-1].span.end_ms),
                    words=tuple(part),
                    speaker=part[0].speaker,
                )


def _split_at_pauses(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Runs without a long pause, each said by one speaker."""
    run: list[Word] = []
    for word in words:
        if run and (_pause_ms(run[-1], word) > _SPLIT_PAUSE_MS or run[-1].speaker != word.speaker):
            yield run
            run = []
        run.append(word)
    if run:
        yield run


def _split_at_boundaries(words: Sequence[Word], language: str) -> Iterator[list[Word]]:
    """Cut where the library sees a sentence end, counted in characters of the joined text."""
    text = " ".join(word.text for word in words)
    ends: list[int] = []
    for sentence in sentencex.segment(language, text):
        ends.append((ends[-1] if ends else 0) + len(sentence))
    group: list[Word] = []
    at_char = 0
    for word in words:
        group.append(word)
        at_char += len(word.text) + 1  # with the space, which the library counts to the left
        while ends and at_char >= ends[0]:
            ends.pop(0)
            if group:
                yield group
                group = []
    if group:
        yield group


def _split_too_long(words: list[Word]) -> Iterator[list[Word]]:
    """Split at the longest pause until every part is short enough."""
    waiting = [words]
    while waiting:
        part = waiting.pop()
        if len(part) < 2 or part[-1].span.end_ms - part[0].span.start_ms <= _MAX_SENTENCE_MS:
            yield part
            continue
        pauses_ms = [_pause_ms(first, second) for first, second in pairwise(part)]
        middle = len(part) / 2
        # Among equal pauses the one nearest the middle: parts come out alike.
        cut = max(range(len(pauses_ms)), key=lambda i: (pauses_ms[i], -abs(i + 1 - middle))) + 1
        waiting += [part[cut:], part[:cut]]


def _pause_ms(first: Word, second: Word) -> int:
    return second.span.start_ms - first.span.end_ms
