# ruff: noqa: RUF001 - half of the words are Russian
"""Tells how often and when a library mentions something, in the question's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg_videorag.ask.question import Counted
from kg_videorag.model import timecode
from kg_videorag.words import ENGLISH, RUSSIAN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg_videorag.graph.count import Count, Mentioned, VideoMentions

MAX_VIDEOS = 8  # told of by name
_MAX_MARKS = 3  # of mentions of a thing whose number is asked for

_TIMES = {
    ENGLISH: "“{of}” is mentioned {times}, in {videos}.",
    RUSSIAN: "«{of}» упоминается {times} в {videos}.",
}
_VIDEOS = {
    ENGLISH: "“{of}” is mentioned in {videos}: {listed}.",
    RUSSIAN: "«{of}» упоминается в {videos}: {listed}.",
}
_ONCE = {
    (ENGLISH, Counted.FIRST): "“{of}” is first mentioned {listed}.",
    (ENGLISH, Counted.LAST): "“{of}” is last mentioned {listed}.",
    (RUSSIAN, Counted.FIRST): "«{of}» впервые упоминается {listed}.",
    (RUSSIAN, Counted.LAST): "«{of}» в последний раз упоминается {listed}.",
}
_AT = {ENGLISH: "at {at} in {video}", RUSSIAN: "на {at} в {video}"}
_NOTHING = {
    ENGLISH: "Nothing in the library mentions “{of}”.",
    RUSSIAN: "В библиотеке «{of}» не упоминается.",
}
_MORE = {ENGLISH: "and {videos} more", RUSSIAN: "и ещё в {videos}"}
_AT_LEAST = {ENGLISH: "at least ", RUSSIAN: "не меньше "}


def not_mentioned(of: str, language: str) -> str:
    """That a library says nothing of something."""
    return _NOTHING[language].format(of=of)


def chosen_mentions(count: Count, counted: Counted) -> tuple[Mentioned, ...]:
    """The mentions that are cited, in the order in which the answer tells of them."""
    shown = count.videos[:MAX_VIDEOS]
    if counted is Counted.LAST:
        return tuple(video.last for video in shown)
    if counted is Counted.TIMES:
        return tuple(m for video in shown for m in video.first)[:_MAX_MARKS]
    return tuple(video.first[0] for video in shown)


def told(
    of: str, counted: Counted, count: Count, marks: Mapping[Mentioned, int], language: str
) -> str:
    """The answer, with marks `[n]` of its citations.

    Args:
        of: What is mentioned.
        counted: What is asked of its mentions.
        count: How often it is.
        marks: The numbers of citations, by mention.
        language: Of the question.
    """
    if counted is Counted.TIMES:
        first = _marked(chosen_mentions(count, counted), marks)
        times = _times(count.times, language, at_least=count.cut)
        videos = _in_videos(count.videos, language)
        return _TIMES[language].format(of=of, times=times, videos=videos) + first
    parts = [
        _part(video, mention, counted, language) + _marked([mention], marks)
        for video, mention in zip(count.videos, chosen_mentions(count, counted), strict=False)
    ]
    if more := len(count.videos) - len(parts):
        parts.append(_MORE[language].format(videos=_number_of_videos(more, language)))
    listed = ("; " if counted is not Counted.VIDEOS else ", ").join(parts)
    if counted is Counted.VIDEOS:
        videos = _number_of_videos(len(count.videos), language)
        return _VIDEOS[language].format(of=of, videos=videos, listed=listed)
    return _ONCE[language, counted].format(of=of, listed=listed)


def _part(video: VideoMentions, mention: Mentioned, counted: Counted, language: str) -> str:
    if counted is Counted.VIDEOS:
        return f"{video.video} ({_times(video.times, language)})"
    return _AT[language].format(at=timecode(mention.span.start_ms), video=video.video)


def _marked(mentions: Sequence[Mentioned], marks: Mapping[Mentioned, int]) -> str:
    numbers = dict.fromkeys(f"[{marks[m]}]" for m in mentions if m in marks)
    return " " + "".join(numbers) if numbers else ""


def _in_videos(videos: Sequence[VideoMentions], language: str) -> str:
    return videos[0].video if len(videos) == 1 else _number_of_videos(len(videos), language)


def _number_of_videos(number: int, language: str) -> str:
    return f"{number} видео" if language == RUSSIAN else f"{number} video{'s' * (number != 1)}"


def _times(number: int, language: str, *, at_least: bool = False) -> str:
    prefix = _AT_LEAST[language] if at_least else ""
    if language == RUSSIAN:
        is_few = number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14)
        return f"{prefix}{number} {'раза' if is_few else 'раз'}"
    return prefix + {1: "once", 2: "twice"}.get(number, f"{number} times")
