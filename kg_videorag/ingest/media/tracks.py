"""Which of a file's sound tracks is heard.

Films carry dubbing, the director's commentary and descriptions for the blind beside what was
spoken in them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from av.stream import Disposition

from kg_videorag.ingest.language_codes import same_language

if TYPE_CHECKING:
    from collections.abc import Sequence

    import av

_NOT_TOLD = frozenset({"und", "mul", "zxx", "mis"})  # ISO 639-2: no language in particular
# What is said about the film, not in it.
_ASIDE = Disposition.comment | Disposition.visual_impaired | Disposition.karaoke
_ASIDE_TITLE = re.compile(r"comment|descri|коммент|тифло", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class HeardTrack:
    """The track that was chosen.

    Args:
        sound: Its stream; None where there is none that can be decoded.
        number: Which it is among the file's sound tracks, from 1; 0 where there is but one.
        note: What is to be told of the choice; "" where there was none.
    """

    sound: av.AudioStream | None
    number: int = 0
    note: str = ""


def choose_track(
    tracks: Sequence[av.AudioStream],
    usable: Sequence[av.AudioStream],
    *,
    best: av.AudioStream | None,
    language: str = "",
) -> HeardTrack:
    """The track in which people speak to each other, in the language that is asked for.

    Commentary and descriptions are heard only where there is nothing else; dubbing where no
    original is in that language; then the file's default comes first, and what players choose.

    Args:
        tracks: All of the file's, in its order.
        usable: Those that can be decoded.
        best: The one that players choose.
        language: As a tag, such as "ru"; "" where nobody asked.
    """

    def rank(track: av.AudioStream) -> tuple[bool, ...]:
        return (
            _is_aside(track),
            bool(language) and not same_language(language_tag(track), language),
            bool(track.disposition & Disposition.dub),
            not track.disposition & Disposition.default,
            track != best,
        )

    if not usable:
        return HeardTrack(None)
    sound = min(usable, key=rank)
    number = 1 + [track.index for track in tracks].index(sound.index)
    tag, lacks = language_tag(sound), _lacks(usable, sound, language)
    if len(tracks) == 1:
        return HeardTrack(sound, note=f"its sound is tagged {tag}, not {language}" if lacks else "")
    told = f" ({tag})" if tag else ""
    return HeardTrack(
        sound, number, f"{len(tracks)} sound tracks{lacks}: heard the {_ordinal(number)}{told}"
    )


def nth_track(
    tracks: Sequence[av.AudioStream], usable: Sequence[av.AudioStream], number: int
) -> HeardTrack:
    """A track by its number, as it was chosen before; without a stream if it is not usable."""
    wanted = tracks[number - 1] if number <= len(tracks) else None
    is_usable = wanted is not None and wanted.index in {track.index for track in usable}
    return HeardTrack(wanted if is_usable else None, number)


def language_tag(stream: av.stream.Stream) -> str:
    """How a file tags a stream's language, such as "rus"; "" where it does not."""
    tagged = str(stream.metadata.get("language", "")).strip().lower()
    return "" if tagged in _NOT_TOLD else tagged


def _lacks(usable: Sequence[av.AudioStream], sound: av.AudioStream, language: str) -> str:
    """That no track is in the language that is asked for, in words; "" where one is."""
    if not language or same_language(language_tag(sound), language):
        return ""
    if len(usable) == 1 and not language_tag(sound):
        return ""  # it may well be
    others = any(same_language(language_tag(track), language) for track in usable)
    return f", none{' but commentary' if others else ''} tagged {language}"


def _is_aside(track: av.AudioStream) -> bool:
    title = str(track.metadata.get("title", ""))
    return bool(track.disposition & _ASIDE) or bool(_ASIDE_TITLE.search(title))


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number if number < 20 else number % 10, "th")
    return f"{number}{ending}"
