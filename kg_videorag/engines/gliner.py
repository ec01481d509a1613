"""Entities by GLiNER, in any language; relations by the English grammar.

GLiNER finds the names of any types that it is asked for. It says nothing of relations: in English
text those are the grammar's of the `spacy` extractor, between GLiNER's names where the two found
the same; in other languages there are none.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import regex

from kg_videorag.engines import downloads
from kg_videorag.engines.devices import choose
from kg_videorag.engines.gliner_model import GlinerSource
from kg_videorag.engines.joined_names import join_names
from kg_videorag.engines.settled_types import settle_types
from kg_videorag.engines.spacy import SpacyExtractor
from kg_videorag.errors import EngineError, EngineUnavailable
from kg_videorag.model import EntityType, Extraction, TextEntity
from kg_videorag.words import content_stems

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg_videorag.engines.hub import HubModel
    from kg_videorag.model import EngineState
    from kg_videorag.ports import ExtractorOptions

_VERSION = "1"  # of this reading: labels, threshold, windows
# What the model is asked for, and the type that it then is. Labels are English for texts of every
# language, as the model's card does it. The wording was not measured: no weights could be had.
LABELS = {
    "person": EntityType.PERSON,
    "organization": EntityType.ORGANIZATION,
    "place": EntityType.PLACE,
    "event": EntityType.EVENT,
    "product": EntityType.PRODUCT,
    "vehicle": EntityType.PRODUCT,
    "book": EntityType.WORK,
    "film": EntityType.WORK,
    "nationality": EntityType.GROUP,
    "date": EntityType.DATE,
    "quantity": EntityType.QUANTITY,
    "technology": EntityType.CONCEPT,
}
THRESHOLD = 0.5  # the library's own default; not measured here
_BATCH = 8  # the library's own default
_HALF_SURROGATE = regex.compile(r"\p{Cs}")
_ENDS = frozenset(".!?…。！？")  # noqa: RUF001 - Chinese ends are meant
_INSTALL = "Run `pip install 'kg-videorag[gliner]'`."


class GlinerExtractor:
    """Implements `ports.Extractor`. See docs/adr/0022-extractors-and-corrections.md.

    Never gives fewer relations than the extractor `spacy`: what they join is named too, where
    GLiNER did not name it.

    Args:
        options: Of them `model` (a name on the hub, or a folder; gliner_multi-v2.1 if empty) and
            `device`.
    """

    name = "gliner"

    def __init__(self, options: ExtractorOptions) -> None:
        self._source = GlinerSource(options.model)
        self._device = options.device
        self._grammar = SpacyExtractor()

    @property
    def version(self) -> str:
        try:
            library = version("gliner")
        except PackageNotFoundError:
            library = "missing"
        return f"{_VERSION}/{library}/{self._source.identity}/{self._grammar.version}"

    @property
    def hub_models(self) -> tuple[HubModel, ...]:
        """The model, and the one whose tokenizer and shape it uses."""
        return self._source.hub_models

    def check(self) -> EngineState:
        if find_spec("gliner") is None:
            return downloads.missing(self._source.name, "package gliner", _INSTALL)
        state, grammar = self._source.state(), self._grammar.check()
        if state.ready and not grammar.ready:
            return replace(state, ready=False, hint=grammar.hint)
        return state

    def extract(self, texts: Sequence[str]) -> Sequence[Extraction]:
        """One extraction per text, in order.

        Raises:
            EngineUnavailable: If the library or a model is missing.
            EngineError: If it fails on a text.
        """
        grammar = self._grammar.extract(texts)
        named = self._names(texts)
        return settle_types(
            [
                # What the grammar finds without being able to read a text is not better than this.
                join_names(names, read if read.relations else Extraction())
                for names, read in zip(named, grammar, strict=True)
            ]
        )

    def _names(self, texts: Sequence[str]) -> list[list[TextEntity]]:
        """The model's names in each text, in order of appearance, none overlapping."""
        # Half surrogates cannot be encoded; another character stands for each, so offsets stay.
        readable = [_HALF_SURROGATE.sub("\ufffd", text) for text in texts]
        found: list[list[TextEntity]] = [[] for _ in texts]
        if not any(text.strip() for text in texts):
            return found
        pieces = [(n, *piece) for n, text in enumerate(readable) for piece in self._pieces(text)]
        predicted = self._predict([content for _, _, content in pieces])
        for (number, start, _), guesses in zip(pieces, predicted, strict=True):
            for guess in guesses:
                entity = _entity(texts[number], guess, start)
                if entity is not None:
                    found[number].append(entity)
        return [sorted(names, key=lambda name: name.start_char) for names in found]

    def _predict(self, contents: list[str]) -> list[list[dict[str, Any]]]:
        with _their_warnings_off():
            try:
                predicted: list[list[dict[str, Any]]] = self._model.inference(
                    contents, list(LABELS), threshold=THRESHOLD, batch_size=_BATCH
                )
            except RuntimeError as error:  # a full graphics card among them
                raise EngineError(
                    f"{self._source.name} failed: {str(error).partition(chr(10))[0]}",
                    hint="KGV_DEVICE=cpu runs it without a graphics card.",
                ) from error
        return predicted

    def _pieces(self, text: str) -> Iterator[tuple[int, str]]:
        """A text as (start_char, stretch), each as long as the model reads: most are one."""
        words = list(self._model.data_processor.words_splitter(text))
        room = int(self._model.config.max_len)
        first = 0
        while first < len(words):
            last = min(first + room, len(words))
            if last < len(words):  # end with a sentence, where one ends in the second half
                ends = (n for n in range(last, first + room // 2, -1) if words[n - 1][0] in _ENDS)
                last = next(ends, last)
            start = words[first][1]
            yield start, text[start : words[last - 1][2]]
            first = last

    @cached_property
    def _model(self) -> Any:  # noqa: ANN401 - the library's class, loaded on first use
        folder = self._source.locate()
        device, _ = choose(self._device, "float32")
        with _their_warnings_off():
            try:
                from gliner import GLiNER
            except ImportError as error:
                raise EngineUnavailable(
                    f"gliner cannot be imported: {error}", hint=_INSTALL
                ) from error
            try:
                # Nothing is asked of the hub; pickles are read as weights alone.
                return GLiNER.from_pretrained(
                    str(folder), local_files_only=True, map_location=device
                )
            except Exception as error:
                raise EngineUnavailable(
                    f"{self._source.name} in {folder} does not load:"
                    f" {str(error).partition(chr(10))[0]}",
                    hint=self._source.mend,
                ) from error


def _entity(text: str, guess: dict[str, Any], shift: int) -> TextEntity | None:
    """A guess as an entity; None for a pronoun, "today", or what cannot be printed."""
    start, end = guess["start"] + shift, guess["end"] + shift
    name, kind = text[start:end], LABELS[guess["label"]]
    # A date without a number is mostly one that means another day whenever it is said.
    is_vague = kind is EntityType.DATE and not any(map(str.isdecimal, name))
    if is_vague or not name.isprintable() or not content_stems(name):
        return None
    return TextEntity(name, kind, start, end, min(float(guess["score"]), 1.0))


class _their_warnings_off(warnings.catch_warnings):  # noqa: N801 - used like a function
    """The library and what it imports warn of their own affairs."""

    def __enter__(self) -> None:
        super().__enter__()
        warnings.simplefilter("ignore")
