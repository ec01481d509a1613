"""Captions to cues: plain text with its times, who says it, and nothing said twice."""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg_videorag.model import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg_videorag.ingest.media import Caption

# Bounded, so that no text makes them slow.
_OVERRIDE = re.compile(r"\{[^{}]{0,2000}\}")  # ASS: {\an8}, {\k20}; some SRT has them too
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,100})?\s+([^<>]{1,100})>")  # WebVTT: <v Anna>
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")  # <i>, <font color="red">
_INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u200e\u200f\u2060\u202a\u202b\u202c\u00ad"))
_NOTES = re.compile(r"[♪♫♬♩]+")
_ONLY_SOUND = re.compile(r"\s*(\[[^\]]{0,300}\]|\([^)]{0,300}\))\s*")  # [applause], (laughs)
_DASH = re.compile(r"\s*[-–—‐]\s*(?=\S)")  # noqa: RUF001 - dashes that writers use
_NAMED = re.compile(r"([^\W\d_][^:\n]{1,30}):\s+(?=\S)")
_MARK = "\x00"  # between a voice and what it says; no caption holds one
_TIMES_NAMED = 2  # a name is one if it speaks more than once; else it may be "WARNING: "
_ROLES = frozenset(
    {"NAR", "NARR", "NARRATOR", "HOST", "ANNOUNCER", "INTERVIEWER", "ДИКТОР", "ВЕДУЩИЙ"}
)
_ENDS = tuple('.!?…。！？"»”')  # noqa: RUF001
_GROWTH_GAP_MS = 200  # captions that roll or grow follow each other at once
_SHORTEST_MS, _LONGEST_MS = 300, 60_000  # nobody reads less; a cue of an hour is a mistake
_UNTIMED_MS = 2_000  # of a cue whose end is not after its start


@dataclass(frozen=True, slots=True)
class Cue:
    """One turn of speech: `[start_ms, end_ms)` on the video's clock, text in one line."""

    start_ms: int
    end_ms: int
    text: str
    speaker: str = ""


def to_cues(captions: Iterable[Caption]) -> list[Cue]:
    """Cues in order of time that do not overlap; markup, sounds and repetitions taken out."""
    lined = [shown for caption in captions if (shown := _shown(caption)).lines]
    lined.sort(key=lambda shown: (shown.start_ms, shown.end_ms))
    spoken = list(_unrolled(lined))
    lines = (line for shown in spoken for line in shown.lines)
    counts = Counter(name for line in lines if (name := _named(_parted(line)[2])[0]))
    often = frozenset(name for name, count in counts.items() if count >= _TIMES_NAMED)
    names = often | (counts.keys() & _ROLES)
    cues = [cue for shown in spoken for cue in _turns(shown, names)]
    return _continued(list(_apart(cues)))


@dataclass(frozen=True, slots=True)
class _Shown:
    """A caption's plain lines."""

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    speaker: str


def _shown(caption: Caption) -> _Shown:
    # Two voices in one caption are told apart by the lines that they stand in.
    text = _VOICE.sub(lambda found: f"\n{found[1]}{_MARK}", caption.text.replace(_MARK, " "))
    plain = html.unescape(_TAG.sub("", _OVERRIDE.sub("", text))).translate(_INVISIBLE)
    lines = tuple(line for raw in plain.split("\n") if (line := _line(raw)))
    start_ms = max(caption.start_ms, 0)
    end_ms = caption.end_ms if caption.end_ms > start_ms else start_ms + _UNTIMED_MS
    end_ms = min(max(end_ms, start_ms + _SHORTEST_MS), start_ms + _LONGEST_MS)
    return _Shown(start_ms, end_ms, lines, one_line(caption.actor))


def _line(raw: str) -> str:
    """One line without decoration; "" where nothing is said in it."""
    voice, mark, said = raw.rpartition(_MARK)
    said = one_line(_NOTES.sub(" ", said))
    if not any(char.isalnum() for char in said) or _ONLY_SOUND.fullmatch(said):
        return ""
    return f"{one_line(voice)}{mark}{said}"


def _unrolled(shown: Sequence[_Shown]) -> Iterator[_Shown]:
    """Take out lines that stay on the screen while others come, as in live captions."""
    before: _Shown | None = None  # as it stood on the screen
    waiting: _Shown | None = None  # the same, without what had stood there already
    for now in shown:
        fresh = now.lines
        if before and waiting and now.start_ms <= before.end_ms + _GROWTH_GAP_MS:
            fresh = _fresh(before.lines, now.lines)
        if waiting and not fresh:
            waiting = replace(waiting, end_ms=max(waiting.end_ms, now.end_ms))
        else:
            if waiting:
                yield waiting
            waiting = replace(now, lines=fresh)
        before = now
    if waiting:
        yield waiting


def _fresh(before: Sequence[str], now: Sequence[str]) -> tuple[str, ...]:
    """The lines of `now` that do not stand in `before` already."""
    for count in range(min(len(before), len(now)), 0, -1):
        if tuple(before[-count:]) == tuple(now[:count]):
            return tuple(now[count:])
    last, first = before[-1], now[0]
    if len(first) > len(last) and first.startswith(f"{last} "):  # a line that grows
        return (first[len(last) + 1 :], *now[1:])
    return tuple(now)


def _parted(line: str) -> tuple[str, bool, str]:
    """(voice, whether another speaks than on the line before, what is said)."""
    voice, mark, said = line.rpartition(_MARK)
    dash = _DASH.match(said)
    return voice, bool(mark or dash), said[dash.end() :] if dash else said


def _named(said: str) -> tuple[str, str]:
    """("ANNA", "hello") of "ANNA: hello", as broadcasters write it; else ("", the same).

    In lower case it may be the sentence's own colon.
    """
    found = _NAMED.match(said)
    return (found[1], said[found.end() :]) if found and found[1].isupper() else ("", said)


def _turns(shown: _Shown, names: frozenset[str]) -> Iterator[Cue]:
    """A caption's turns of speech, its time shared by their length."""
    turns: list[tuple[str, str]] = []
    for line in shown.lines:
        voice, begins, said = _parted(line)
        name, rest = _named(said)
        if name in names:
            turns.append((name.title(), rest))
        elif begins or not turns:
            turns.append((voice or shown.speaker, said))
        else:
            turns[-1] = (turns[-1][0], f"{turns[-1][1]} {said}")
    whole = sum(len(said) for _, said in turns)
    length_ms, before = shown.end_ms - shown.start_ms, 0
    for speaker, said in turns:
        start_ms = shown.start_ms + length_ms * before // whole
        before += len(said)
        yield Cue(start_ms, shown.start_ms + length_ms * before // whole, said, speaker)


def _apart(cues: Iterable[Cue]) -> Iterator[Cue]:
    """Cues that do not overlap: one ends where the next begins, or they share their time."""
    waiting: Cue | None = None
    for cue in cues:
        following = cue
        if waiting:
            if cue.start_ms - waiting.start_ms < _SHORTEST_MS:  # shown together
                end_ms = max(cue.end_ms, waiting.end_ms)
                following = replace(cue, start_ms=(waiting.start_ms + end_ms) // 2, end_ms=end_ms)
            yield replace(waiting, end_ms=min(waiting.end_ms, following.start_ms))
        waiting = following
    if waiting:
        yield waiting


def _continued(cues: list[Cue]) -> list[Cue]:
    """Whoever has not ended a sentence goes on: a name stands at the first cue alone."""
    for number in range(1, len(cues)):
        before, cue = cues[number - 1], cues[number]
        if before.speaker and not cue.speaker and not before.text.endswith(_ENDS):
            cues[number] = replace(cue, speaker=before.speaker)
    return cues
