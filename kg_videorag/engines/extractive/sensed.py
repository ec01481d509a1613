"""Things that are seen and sounds that are heard: labels, which answer few kinds of questions.

"Seen: tie." tells when a tie is seen, and what is seen; not who wears it, nor what it is like.
So a label is quoted where a question asks for what is seen or heard by that name, or for all of
it, and is no candidate for any other.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg_videorag.model import Modality
from kg_videorag.words import content_stems, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg_videorag.model import Evidence, Sentence

_LABELS = (Modality.VISION, Modality.SOUND)
# Stems of words that ask for either, by what they ask for.
_PERCEIVED = {
    Modality.VISION: content_stems("seen visible appear shown show look"),
    Modality.SOUND: content_stems("heard audible sound noise"),
}
_EITHER = content_stems("thing object moment time video film picture footage recording")
_ASKED_BY = frozenset("when where what which is are at in can does do".split())
_DENIES = frozenset({"not", "never", "nobody", "nothing", "without"})
_MAX_QUOTES = 3
_MAX_LISTED = 5


def sensed_quotes(question: str, evidence: Sequence[Evidence]) -> list[tuple[int, str]]:
    """What answers a question for things seen or sounds heard: evidence numbers and texts.

    Args:
        question: In English, as labels are.
        evidence: The best first.

    Returns:
        Nothing where the question asks for something else, or for what is not there.
    """
    asked = words(question)
    if not asked or asked[0] not in _ASKED_BY or _DENIES.intersection(asked):
        return []
    stems = content_stems(question)
    for modality, perceived in _PERCEIVED.items():
        if stems & perceived:
            wanted = stems - perceived - _EITHER
            return _found(wanted, modality, evidence)
    return []


def without_labels(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The same evidence, under the same numbers, with what is said and shown alone."""
    return tuple(
        replace(item, sentences=tuple(s for s in item.sentences if not is_label(s)))
        for item in evidence
    )


def is_label(sentence: Sentence) -> bool:
    """Whether it is the name of a thing seen or of a sound heard."""
    return sentence.modality in _LABELS


def _found(
    wanted: frozenset[str], modality: Modality, evidence: Sequence[Evidence]
) -> list[tuple[int, str]]:
    """Labels of one name, the best evidence's first; of the best alone where all are wanted."""
    found = [
        (number, sentence.text)
        for number, item in enumerate(evidence, start=1)
        for sentence in item.sentences
        if sentence.modality is modality and (not wanted or _name_stems(sentence) == wanted)
    ]
    distinct = list(dict.fromkeys(found))
    if wanted:
        return distinct[:_MAX_QUOTES]
    return [quote for quote in distinct if quote[0] == distinct[0][0]][:_MAX_LISTED]


def _name_stems(label: Sentence) -> frozenset[str]:
    """Of "Seen: cell phone.": cell, phone."""
    return content_stems(label.text.partition(":")[2])
