"""Generator without a language model: it quotes the sentences that answer, or refuses.

A sentence, or a line on the screen with its heading, is quoted only if it says the names that
the question says (or a pronoun stands for them), and enough of what the question asks about
them. Where the first quote leaves something of the question unsaid, one that shares a new name
with it may follow: "Apollo 11 was launched by a Saturn V", "The Saturn V was developed at ...".
The thresholds are measured: docs/adr/0007-extractive-answers.md.

What a captioner wrote of the pictures is quoted only where nobody says and no screen shows what
is asked: it is a model's guess, and speech is the video's own word.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from kg_videorag.engines.extractive.candidate import ANSWERS, Candidate, find_places
from kg_videorag.engines.extractive.listing import asks_for_list, with_others
from kg_videorag.engines.extractive.names import names_in
from kg_videorag.engines.extractive.question import Question
from kg_videorag.engines.extractive.screen import is_caption, is_line, is_spoken, quote_of
from kg_videorag.engines.extractive.sensed import sensed_quotes, without_labels
from kg_videorag.model import EngineState
from kg_videorag.words import reads

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from kg_videorag.model import Evidence, Sentence
    from kg_videorag.ports import Embedder, GeneratorOptions

_ALSO_ANSWERS = 0.12  # another sentence may be this much less relevant than the best
_FOLLOWS_UP = 0.3  # cosine to question and last quote of a sentence that takes up its name
_MAX_QUOTES = 3
_MAX_SHOWN = 4  # of a slide at a time: few have more lines, and they are short
_MAX_SEEN = 1  # sentence of a caption at a time, after what is said and shown
_CHARS_PER_TOKEN = 4
_SPOKEN_MARK = re.compile(r"\[([0-9, ]+)\]")  # a speaker must not write citations


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

    def generate(self, question: str, evidence: Sequence[Evidence], *, language: str = "") -> str:
        del language  # quotations are in the evidence's
        if sensed := sensed_quotes(question, evidence):
            return self._draft(sensed)
        told = without_labels(evidence)
        if not question and all("time" in item.via for item in evidence):
            return self._draft(_said_then(told) or _said_then(evidence))
        evidence = told
        said = [sentence.text for item in evidence for sentence in item.sentences]
        asked = Question.read(question, said)
        candidates = self._candidates(asked, evidence)
        quotes = _first_quotes(asked, candidates)
        if quotes:
            quotes = self._follow_up(asked, quotes, candidates)
        if asks_for_list(question):
            quotes = with_others(quotes, candidates)
        if not any(quote.answers for quote in quotes):
            return ""
        return self._draft([(quote.place.evidence, quote.text) for quote in quotes])

    def _draft(self, quotes: Iterable[tuple[int, str]]) -> str:
        lines: list[str] = []
        for number, said in quotes:
            text = _SPOKEN_MARK.sub(r"(\1)", said)
            line = f"{text} [{number}]"
            if lines and len(" ".join([*lines, line])) > self._max_chars:
                break
            lines.append(line)
        return " ".join(lines)

    def _candidates(self, asked: Question, evidence: Sequence[Evidence]) -> list[Candidate]:
        """Every sentence of the evidence, each text once, the most relevant first."""
        places = find_places(evidence)
        if not places:
            return []
        said_in: defaultdict[str, list[str]] = defaultdict(list)
        for item in evidence:
            said_in[item.video_id] += [*item.before, *map(quote_of, item.sentences)]
        namesakes = {video_id: asked.namesakes(said) for video_id, said in said_in.items()}
        question, *own = self._vectors([asked.text, *places])
        found = [
            Candidate.weigh(asked, text, place, (question, vector), namesakes[place.video_id])
            for (text, place), vector in zip(places.items(), own, strict=True)
        ]
        return sorted(found, key=lambda c: -c.relevance)

    def _vectors(self, texts: Sequence[str]) -> Sequence[NDArray[np.float32] | None]:
        """Of the question, which comes first, and of sentences, if the question can be read."""
        if not reads(self._embedder.languages, texts[0]):
            return [None] * len(texts)
        return list(self._embedder.embed(texts))

    def _follow_up(
        self, asked: Question, quotes: Sequence[Candidate], candidates: Sequence[Candidate]
    ) -> list[Candidate]:
        """Take up names that the quotes brought, while something of the question is unsaid."""
        chain = list(quotes)
        known = list(asked.names)
        while len(chain) < _MAX_QUOTES:
            unsaid = asked.stems.difference(*(quote.stems for quote in chain))
            brought = _names_brought(chain[-1], known)
            # One that says only what is said already tells the same of somebody else.
            able = [
                c
                for c in candidates
                if c not in chain
                and not is_caption(c.place.sentence)
                and c.says_any(brought)
                and (unsaid & c.stems or not (asked.stems & c.stems or is_line(c.place.sentence)))
            ]
            if not unsaid or not able:
                break
            best = self._nearest(f"{asked.text} {chain[-1].text}", able, unsaid)
            if best is None:
                break
            known.extend(brought)
            chain.append(best)
        return chain

    def _nearest(
        self, text: str, able: Sequence[Candidate], unsaid: frozenset[str]
    ) -> Candidate | None:
        """The one that says most of what is unsaid and is near; None if none is."""
        vector = self._vectors([text])[0]
        if vector is None:
            best = max(able, key=lambda c: len(unsaid & c.stems))
            return best if unsaid & best.stems else None
        near = [0.0 if c.vector is None else float(c.vector @ vector) for c in able]
        ranked = zip(able, near, strict=True)
        best, cosine = max(ranked, key=lambda pair: (len(unsaid & pair[0].stems), pair[1]))
        return best if cosine >= _FOLLOWS_UP else None


def _said_then(evidence: Sequence[Evidence]) -> list[tuple[int, str]]:
    """What was said, shown and seen at a time that chose the evidence; little a video."""
    by_video: dict[str, list[tuple[int, Evidence]]] = {}
    for number, item in enumerate(evidence, start=1):
        by_video.setdefault(item.video_id, []).append((number, item))
    quotes: list[tuple[int, str]] = []
    for items in by_video.values():
        in_order = sorted(items, key=lambda numbered: numbered[1].span)
        found = [(number, sentence) for number, item in in_order for sentence in item.sentences]
        said = [(number, s.text) for number, s in found if is_spoken(s)]
        shown = _shown([(number, s) for number, s in found if is_line(s)])
        seen = list({s.text: (number, s.text) for number, s in found if is_caption(s)}.values())
        if len(by_video) > 1:
            quotes += (said or shown or seen)[:1]
        else:
            quotes += [*said[:_MAX_QUOTES], *shown[:_MAX_SHOWN], *seen[:_MAX_SEEN]]
    return quotes if len(by_video) == 1 else quotes[:_MAX_QUOTES]


def _shown(lines: Sequence[tuple[int, Sentence]]) -> list[tuple[int, str]]:
    """Lines on the screen as they are quoted: a heading once, before the first line under it."""
    headings = {line.heading for _, line in lines}
    quotes: dict[str, tuple[int, str]] = {}
    last = ""
    for number, line in lines:
        # A slide that stands in two segments is told once.
        if quote_of(line) not in quotes and line.text not in headings:
            text = line.text if line.heading == last else quote_of(line)
            quotes[quote_of(line)] = (number, text)
            last = line.heading
    return list(quotes.values())


def _first_quotes(asked: Question, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The sentence that answers best, and those that say as much of the question."""
    if not asked.names and not asked.stems:
        return []  # "What was it?" asks of nothing
    near = [
        c
        for c in candidates
        if c.relevance >= ANSWERS and all(c.says(name) for name in asked.names) and not c.denies
    ]
    able = [c for c in near if c.answers]
    able = [c for c in able if not is_caption(c.place.sentence)] or able
    if not able:
        # One that is said may lead on to an answer.
        return [c for c in near if is_spoken(c.place.sentence)][:1]
    best = able[0]
    share = best.share_said
    if not share:
        return [best]  # near in meaning alone: what is only a little less near is padding
    return [
        c for c in able if c.relevance >= best.relevance - _ALSO_ANSWERS and c.share_said >= share
    ][:_MAX_QUOTES]


def _names_brought(quote: Candidate, known: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Names of a quote that neither the question nor an earlier quote said."""
    return [
        name for name in names_in(quote.text) if not any(set(name) <= set(old) for old in known)
    ]
