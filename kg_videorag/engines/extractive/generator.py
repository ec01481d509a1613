"""Generator without a language model: it quotes the sentences that answer, or refuses.

A sentence, or a line on the screen with its heading, is quoted only if it says the names that
the question says (or a pronoun stands for them), and enough of what the question asks about
them. Where the first quote leaves
something of the question unsaid, one that shares a new name with it may follow: "Apollo 11
was launched by a Saturn V", "The Saturn V was developed at ...".
The thresholds are measured: docs/adr/0007-extractive-answers.md.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.engines.extractive.names import has_name, names_in, says_name
from kg_videorag.engines.extractive.pronouns import meant_by, unresolved_pronouns
from kg_videorag.engines.extractive.question import Question
from kg_videorag.engines.extractive.screen import (
    is_line,
    line_answers,
    quote_of,
    stems_of_line,
)
from kg_videorag.model import EngineState, Modality
from kg_videorag.words import content_stems, reads

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from kg_videorag.model import Evidence, Sentence
    from kg_videorag.ports import Embedder, GeneratorOptions

_ASKED_WEIGHT = 0.56  # of the share of the question's own words that a sentence says
_ANSWERS = 0.75  # cosine plus that share: below, nothing is quoted
_ALSO_ANSWERS = 0.12  # another sentence may be this much less relevant than the best
_FOLLOWS_UP = 0.3  # cosine to question and last quote of a sentence that takes up its name
_SAID_ENOUGH = 0.6  # that share, where no cosine can be had: the embedder reads another language
_CARRIES_ON = 0.5  # of what is asked, said by a sentence that takes its name from the one before
_MAX_QUOTES = 3
_CHARS_PER_TOKEN = 4
_SPOKEN_MARK = re.compile(r"\[([0-9, ]+)\]")  # a speaker must not write citations


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    """A sentence of the evidence.

    `context` is what was said before it, the last first; `answers` tells whether it has what is
    wanted; `namesakes` are names of the question whose last word means somebody else in its
    video; `vector` is None where the embedder does not read the question.
    """

    evidence: int
    text: str
    context: Sequence[str]
    answers: bool
    vector: NDArray[np.float32] | None
    relevance: float
    share_said: float
    stems: frozenset[str]
    namesakes: frozenset[tuple[str, ...]]

    def says(self, name: tuple[str, ...]) -> bool:
        """Whether it says a name, or stands where the name is understood."""
        in_part = name not in self.namesakes
        if says_name(name, self.text, in_part=in_part):
            return True
        pronouns = unresolved_pronouns(self.text)
        if pronouns:
            meant = meant_by(pronouns, self.context)
            return any(says_name(name, said, in_part=in_part) for said in meant)
        # "Krakatoa erupted in 1883. People heard the explosion 5,000 km away."
        return (
            not has_name(self.text)
            and self.share_said >= _CARRIES_ON
            and any(says_name(name, said, in_part=in_part) for said in self.context[:1])
        )

    def says_any(self, names: Sequence[Sequence[str]]) -> bool:
        """Whether it says at least one of the names, without help of a pronoun."""
        return any(says_name(name, self.text) for name in names)


class ExtractiveGenerator:
    """Implements `ports.Generator`.

    Args:
        embedder: Compares sentences with the question.
        options: Of them `max_tokens`, the upper bound of the answer's length; one whole sentence
            is always quoted.
    """

    name = "extractive"
    model = "none"
    version = "1"

    def __init__(self, embedder: Embedder, *, options: GeneratorOptions) -> None:
        self._embedder = embedder
        self._max_chars = options.max_tokens * _CHARS_PER_TOKEN

    def check(self) -> EngineState:
        return EngineState(ready=True, model="none", weights="none needed", checksum="none needed")

    def generate(self, question: str, evidence: Sequence[Evidence]) -> str:
        if not question and all("time" in item.via for item in evidence):
            return self._draft(_said_then(evidence))
        said = [sentence.text for item in evidence for sentence in item.sentences]
        asked = Question.read(question, said)
        candidates = self._candidates(asked, evidence)
        quotes = _first_quotes(asked, candidates)
        if quotes:
            quotes = self._follow_up(asked, quotes, candidates)
        if not any(quote.answers for quote in quotes):
            return ""
        return self._draft([(quote.evidence, quote.text) for quote in quotes])

    def _draft(self, quotes: Iterable[tuple[int, str]]) -> str:
        lines: list[str] = []
        for number, said in quotes:
            text = _SPOKEN_MARK.sub(r"(\1)", said)
            line = f"{text} [{number}]"
            if lines and len(" ".join([*lines, line])) > self._max_chars:
                break
            lines.append(line)
        return " ".join(lines)

    def _candidates(self, asked: Question, evidence: Sequence[Evidence]) -> list[_Candidate]:
        """Every sentence of the evidence, each text once, the most relevant first."""
        places: dict[str, _Place] = {}
        said_in: defaultdict[str, list[str]] = defaultdict(list)
        for number, item in enumerate(evidence, start=1):
            said = list(item.before)
            for sentence in item.sentences:
                spoken = sentence.modality is Modality.SPEECH
                context = said[::-1] if spoken else []
                places.setdefault(quote_of(sentence), _Place(number, sentence, context))
                if spoken:
                    said.append(sentence.text)
            said_in[item.video_id] += [*item.before, *map(quote_of, item.sentences)]
        namesakes = {video_id: asked.namesakes(said) for video_id, said in said_in.items()}
        vectors = self._vectors([asked.text, *places]) if places else [None]
        found = []
        for (text, place), vector in zip(places.items(), vectors[1:], strict=True):
            stems = content_stems(text)
            answers = asked.is_answered_by(text)
            if is_line(place.sentence):
                stems = stems_of_line(place.sentence, asked.stems)
                answers = bool(stems) and line_answers(asked, place.sentence)
            share = asked.share_said(stems)
            others = namesakes[evidence[place.evidence - 1].video_id]
            found.append(
                _Candidate(
                    place.evidence, text, place.context, answers, vector,
                    _relevance(vectors[0], vector, share), share, stems, others,
                )
            )  # fmt: skip
        return sorted(found, key=lambda c: -c.relevance)

    def _vectors(self, texts: Sequence[str]) -> Sequence[NDArray[np.float32] | None]:
        """Of the question, which comes first, and of sentences, if the question can be read."""
        if not reads(self._embedder.languages, texts[0]):
            return [None] * len(texts)
        return list(self._embedder.embed(texts))

    def _follow_up(
        self, asked: Question, quotes: Sequence[_Candidate], candidates: Sequence[_Candidate]
    ) -> list[_Candidate]:
        """Take up names that the quotes brought, while something of the question is unsaid."""
        chain = list(quotes)
        known = list(asked.names)
        while len(chain) < _MAX_QUOTES:
            unsaid = asked.stems.difference(*(quote.stems for quote in chain))
            brought = _names_brought(chain[-1], known)
            able = [c for c in candidates if c not in chain and c.says_any(brought)]
            if not unsaid or not able:
                break
            vector = self._vectors([f"{asked.text} {chain[-1].text}"])[0]
            near = {id(c): _cosine(c.vector, vector) for c in able}
            best = max(able, key=lambda c: (len(unsaid & c.stems), near[id(c)]))
            if near[id(best)] < _FOLLOWS_UP and (vector is not None or not unsaid & best.stems):
                break
            known.extend(brought)
            chain.append(best)
        return chain


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a sentence first stands in the evidence, and what was said before it, last first."""

    evidence: int
    sentence: Sentence
    context: Sequence[str]


def _cosine(first: NDArray[np.float32] | None, second: NDArray[np.float32] | None) -> float:
    return 0.0 if first is None or second is None else float(first @ second)


def _relevance(
    asked: NDArray[np.float32] | None, said: NDArray[np.float32] | None, share: float
) -> float:
    """Cosine plus the weighed share; by the share alone where there is no cosine."""
    if asked is None:
        return _ANSWERS + _ASKED_WEIGHT * (share - _SAID_ENOUGH)
    return _cosine(asked, said) + _ASKED_WEIGHT * share


def _said_then(evidence: Sequence[Evidence]) -> list[tuple[int, str]]:
    """What was said and shown at a time that chose the evidence, in order; little a video."""
    by_video: dict[str, list[tuple[int, Evidence]]] = {}
    for number, item in enumerate(evidence, start=1):
        by_video.setdefault(item.video_id, []).append((number, item))
    quotes: list[tuple[int, str]] = []
    for items in by_video.values():
        in_order = sorted(items, key=lambda numbered: numbered[1].span)
        found = [(number, sentence) for number, item in in_order for sentence in item.sentences]
        said = [(number, s.text) for number, s in found if not is_line(s)]
        shown = [(number, s.text) for number, s in found if is_line(s)]
        if len(by_video) > 1:
            quotes += (said or shown)[:1]
        else:
            quotes += [*said[:_MAX_QUOTES], *shown[:_MAX_QUOTES]]
    return quotes[: 2 * _MAX_QUOTES] if len(by_video) == 1 else quotes[:_MAX_QUOTES]


def _first_quotes(asked: Question, candidates: Sequence[_Candidate]) -> list[_Candidate]:
    """The sentence that answers best, and those that say as much of the question."""
    if not asked.names and not asked.stems:
        return []  # "What was it?" asks of nothing
    near = [
        c
        for c in candidates
        if c.relevance >= _ANSWERS
        and all(c.says(name) for name in asked.names)
        and not asked.is_denied_by(c.text)
    ]
    able = [c for c in near if c.answers]
    if not able:
        return near[:1]  # it may lead on to an answer
    best = able[0]
    share = best.share_said
    if not share:
        return [best]  # near in meaning alone: what is only a little less near is padding
    return [
        c for c in able if c.relevance >= best.relevance - _ALSO_ANSWERS and c.share_said >= share
    ][:_MAX_QUOTES]


def _names_brought(quote: _Candidate, known: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Names of a quote that neither the question nor an earlier quote said."""
    return [
        name for name in names_in(quote.text) if not any(set(name) <= set(old) for old in known)
    ]
