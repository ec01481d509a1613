"""One Protocol per engine: what the pipelines need, whoever provides it.

Constructors are cheap and weights load on first use; `name` and `version` are stored with
what an engine produced, so that a graph can say how it came to be. They tell everything that
changes what it would produce, settings and model too (where it has a `model`, that counts with
them): results are kept and used again under them. An engine raises
`EngineError`, and `EngineUnavailable` when a package or its weights are missing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from kg_videorag.model import (
        AudioBlock,
        EngineState,
        Evidence,
        Extraction,
        Label,
        Prompt,
        Reply,
        Sentence,
        Span,
        TextLine,
        TimedLabel,
        Transcript,
    )


class Engine(Protocol):
    """What every engine says of itself."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def check(self) -> EngineState:
        """Whether it could run, told without loading it; never raises."""
        ...


@runtime_checkable
class Transcriber(Engine, Protocol):
    """Speech to timed words.

    One whose words of a block depend on the blocks before, as names of speakers do, says so by
    an attribute `carries_over` that is true: what it heard is then kept as a whole alone.
    """

    def transcribe(self, block: AudioBlock) -> Transcript:
        """Recognise one block.

        Returns:
            Words in order of time, on the video's clock, inside the block.
        """
        ...


@runtime_checkable
class Segmenter(Engine, Protocol):
    """Time cut into stretches that can be retrieved and cited."""

    def segment(
        self, sentences: Sequence[Sentence], duration_ms: int, shots_ms: Sequence[int] = ()
    ) -> Sequence[Span]:
        """Tile `[0, duration_ms)` without gap or overlap; no span ends inside a sentence.

        Args:
            sentences: What is said, in order of time.
            duration_ms: The video's length.
            shots_ms: When the picture changes to another shot, in order; cuts prefer these.
        """
        ...


@runtime_checkable
class TextReader(Engine, Protocol):
    """A picture to the lines that can be read in it."""

    def read(self, picture: NDArray[np.uint8]) -> Sequence[TextLine]:
        """Read one picture.

        Args:
            picture: uint8, shape (height, width, 3), RGB.

        Returns:
            Lines from top to bottom, then from left to right.
        """
        ...


@runtime_checkable
class Captioner(Engine, Protocol):
    """Pictures to a sentence or two."""

    @property
    def model(self) -> str: ...

    def caption(
        self, pictures: Sequence[NDArray[np.uint8]], context: str, language: str = ""
    ) -> str:
        """Say what a segment shows.

        Args:
            pictures: Moments of it in order of time: uint8, shape (height, width, 3), RGB.
            context: What is said meanwhile; untrusted; "" where nothing is.
            language: ISO 639-1 code of the language to write in, where the engine can; "" for
                that of the context. English where it cannot.

        Returns:
            Whole sentences on one line; "" if there is nothing to say.
        """
        ...


@runtime_checkable
class Detector(Engine, Protocol):
    """A picture to the things in it."""

    def detect(self, picture: NDArray[np.uint8]) -> Sequence[Label]:
        """Look at one picture.

        Args:
            picture: uint8, shape (height, width, 3), RGB, of any size.

        Returns:
            What is in it, surest first; each thing once for each time that it is there.
        """
        ...


@runtime_checkable
class SoundTagger(Engine, Protocol):
    """Sound to the kinds of sounds in it."""

    def tag(self, block: AudioBlock) -> Sequence[TimedLabel]:
        """Listen to one block.

        Returns:
            What is heard, in order of time, on the video's clock, inside the block; one sound
            that lasts is one label.
        """
        ...


@runtime_checkable
class MediaEmbedder(Engine, Protocol):
    """Pictures, sounds and words to unit vectors that can be compared with each other.

    Pictures stand in the space "vision", sounds in "audio"; words ask in both. All rows are
    float32 of length 1, shape (n, dimension).
    """

    @property
    def model(self) -> str:
        """Who makes the vectors; vectors of two models are never compared."""
        ...

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639-1 codes of the languages that it can be asked in; empty for all."""
        ...

    @property
    def dimension(self) -> int: ...

    def embed_pictures(self, pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """Pictures of any size: uint8, shape (height, width, 3), RGB."""
        ...

    def embed_sounds(self, sounds: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
        """Sounds of any length: float32, shape (n,), mono, SAMPLE_RATE_HZ, range -1..1."""
        ...

    def embed_texts(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Words that ask for pictures or sounds."""
        ...


@runtime_checkable
class Reranker(Engine, Protocol):
    """Orders passages by how well they answer a question."""

    @property
    def model(self) -> str: ...

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639-1 codes of the languages that it reads; empty for all."""
        ...

    def rerank(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """Score passages; the higher, the better it answers.

        Args:
            question: In words.
            texts: Any number of passages; what is too long for the model is cut.

        Returns:
            One score a passage, float32, shape (n,): they compare within one call alone.
        """
        ...


@runtime_checkable
class SidecarEmbedder(MediaEmbedder, Protocol):
    """A MediaEmbedder that also takes what other sensors recorded: docs/sidecars.md.

    Their vectors stand in the spaces "depth", "thermal" and "imu"; words ask there too.
    """

    def embed_depths(self, disparities: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
        """Nearness, pixel by pixel: float32, shape (height, width), in pixels of disparity.

        That is the camera's baseline, in metres, times its focal length, in pixels, divided by
        the distance in metres; 0 where it was not measured.
        """
        ...

    def embed_thermals(self, pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """Heat, pixel by pixel: uint8, shape (height, width), the warmer the brighter."""
        ...

    def embed_motions(self, motions: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
        """Motion through 5 s: float32, shape (6, 2000), at even times.

        Acceleration along x, y, z in m/s², then turning around x, y, z in rad/s.
        """
        ...


@runtime_checkable
class Extractor(Engine, Protocol):
    """Text to entities and relations."""

    def extract(self, texts: Sequence[str]) -> Sequence[Extraction]:
        """One extraction per text, in order."""
        ...


@runtime_checkable
class Embedder(Engine, Protocol):
    """Text to unit vectors in one space."""

    @property
    def space(self) -> str: ...

    @property
    def model(self) -> str:
        """Who makes the vectors; vectors of two models are never compared."""
        ...

    @property
    def languages(self) -> frozenset[str]:
        """ISO 639-1 codes of the languages it was made for; empty for all."""
        ...

    @property
    def dimension(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """float32, shape (len(texts), dimension), rows of length 1."""
        ...


@runtime_checkable
class Generator(Engine, Protocol):
    """Evidence to an answer."""

    @property
    def model(self) -> str: ...

    def generate(self, question: str, evidence: Sequence[Evidence], *, language: str = "") -> str:
        """Answer from the evidence alone.

        Args:
            question: In words; empty where a time is asked for and nothing else, which then
                chose the evidence ("time" in its `via`).
            evidence: Numbered from 1 as it stands, which is by rank.
            language: To answer in; "" for the question's.

        Returns:
            Text in which `[n]` after a claim names the n-th evidence, from 1; empty if the
            evidence holds no answer.
        """
        ...


@runtime_checkable
class Rewriter(Protocol):
    """A follow-up of a conversation to a question that stands alone."""

    def rewrite(self, question: str, history: Sequence[tuple[str, str]]) -> str:
        """Say it on one line; "" where nothing usable comes of it.

        Args:
            question: As it was asked.
            history: Questions with their answers, the last at the end.

        Raises:
            EngineError: If the model fails.
        """
        ...


@runtime_checkable
class Summariser(Protocol):
    """Evidence to a summary, and several summaries to one."""

    @property
    def name(self) -> str: ...

    @property
    def model(self) -> str: ...

    def summarise(self, evidence: Sequence[Evidence], sentences: int, language: str) -> str:
        """What a part of a video says, in a number of sentences; as `Generator.generate`.

        Args:
            evidence: Numbered from 1 as it stands.
            sentences: How many at most.
            language: "en" or "ru".

        Raises:
            EngineError: If the model fails.
        """
        ...

    def join(self, notes: Sequence[str], sentences: int, language: str) -> str:
        """One summary of several, whose marks `[n]` it keeps.

        Args:
            notes: Sentences with their marks, in order of time.
            sentences: How many at most.
            language: "en" or "ru".

        Raises:
            EngineError: If the model fails.
        """
        ...

    def titles(self, chapters: Sequence[str], language: str) -> Sequence[str]:
        """A title a chapter, in a few words; "" where the model gave none.

        Args:
            chapters: What is said in each.
            language: "en" or "ru".

        Raises:
            EngineError: If the model fails.
        """
        ...


@runtime_checkable
class StreamingGenerator(Generator, Protocol):
    """A generator that can be read while it writes; of the others the whole text is awaited."""

    def stream(
        self, question: str, evidence: Sequence[Evidence], *, language: str = ""
    ) -> Iterator[str]:
        """Answer from the evidence alone; the arguments are those of `generate`.

        Yields:
            The draft as far as it is written, each time all of it, since a model may take back
            what it wrote. The last is what `generate` would return.
        """
        ...


@runtime_checkable
class ChatModel(Engine, Protocol):
    """A language model, one prompt at a time."""

    def identity(self) -> str:
        """Which model answers; a server that was told no name is asked.

        Raises:
            EngineError: If that cannot be found out.
        """
        ...

    def chat(self, prompt: Prompt, *, as_json: bool = False) -> Reply:
        """Ask.

        Args:
            prompt: What the model is told.
            as_json: Let the server hold the model to JSON, where it can.

        Raises:
            EngineError: If the model fails, or cannot read that much.
        """
        ...


@dataclass(frozen=True, slots=True)
class TranscriberOptions:
    """What every transcriber is given.

    Args:
        model: Its model by name, or a folder; "" for the engine's own choice.
        language: ISO 639-1 code of what is spoken; "" to detect it.
        threads: On a CPU; 0 for the library's choice.
        device: "auto", "cpu", "cuda" or "mps".
        dtype: "auto", "float32", "float16", "bfloat16" or "int8".
        cache_dir: What can be fetched or made again.
        hub_token: Of the model hub, for models behind a licence; "" for none.
    """

    cache_dir: Path
    model: str = ""
    language: str = ""
    threads: int = 0
    device: str = "auto"
    dtype: str = "auto"
    hub_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class CaptionerOptions:
    """What every captioner is given.

    Args:
        model: Its model by name, or a folder; "" for the engine's own choice.
        url: Where a server answers, such as http://127.0.0.1:11434/v1; "" for the engine's own.
            It may hold a login.
        api_key: For that server; "" for none.
        timeout_s: How long a server may take.
        retries: How often a server that fails for a moment is asked again.
        device: "auto", "cpu", "cuda" or "mps".
        dtype: "auto", "float32", "float16" or "bfloat16".
        cache_dir: What can be fetched or made again.
        hub_token: Of the model hub, for models behind a licence; "" for none.
    """

    cache_dir: Path
    model: str = ""
    url: str = field(default="", repr=False)
    api_key: str = field(default="", repr=False)
    timeout_s: float = 120.0
    retries: int = 2
    device: str = "auto"
    dtype: str = "auto"
    hub_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class ExtractorOptions:
    """What every extractor is given.

    Args:
        cache_dir: What can be fetched or made again.
        model: Its model by name, or a folder; "" for the engine's own choice.
        gleanings: How often a language model is asked for what it missed.
        language_model: Of an extractor that asks a language model.
        generator: The generator by name whose language model that is.
        device: "auto", "cpu", "cuda" or "mps".
        hub_token: Of the model hub, for models behind a licence; "" for none.
    """

    cache_dir: Path
    language_model: GeneratorOptions
    generator: str = ""
    model: str = ""
    gleanings: int = 0
    device: str = "auto"
    hub_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class GeneratorOptions:
    """What every generator is given.

    Args:
        model: Its model by name, or a file or folder; "" for the engine's own choice.
        url: Where a server answers, such as http://127.0.0.1:11434/v1; "" for the engine's own.
            It may hold a login.
        api_key: For that server; "" for none.
        chat_class: Of LangChain: "ChatOllama", "module:Class" ...
        temperature: 0 for always the likeliest word.
        max_tokens: Upper bound of an answer's length.
        timeout_s: How long a server may take.
        retries: How often a server that fails for a moment is asked again.
        device: "auto", "cpu", "cuda" or "mps".
        dtype: "auto", "float32", "float16" or "bfloat16".
        cache_dir: What can be fetched or made again.
        hub_token: Of the model hub, for models behind a licence; "" for none.
    """

    cache_dir: Path
    model: str = ""
    url: str = field(default="", repr=False)
    api_key: str = field(default="", repr=False)
    chat_class: str = ""
    temperature: float = 0.7
    max_tokens: int = 200
    timeout_s: float = 120.0
    retries: int = 2
    device: str = "auto"
    dtype: str = "auto"
    hub_token: str = field(default="", repr=False)


class EmbeddingSource(Protocol):
    """The graph, as vector indexes see it: vectors in order of change."""

    def latest_seq(self) -> int:
        """The number of the last change; 0 where there was none."""
        ...

    def added_since(self, seq: int) -> Iterator[tuple[list[int], NDArray[np.float32], int]]:
        """Batches of (labels, vectors (n, dimension), highest seq), oldest first."""
        ...

    def removed_since(self, seq: int) -> list[int]:
        """Labels that were removed and have not come back."""
        ...


@runtime_checkable
class VectorIndex(Protocol):
    """Nearest neighbours by cosine in one space.

    Labels are 63-bit non-negative integers; vectors are float32 of length 1. Scores are
    cosines, -1..1, whatever the store's own convention.
    """

    @property
    def dimension(self) -> int: ...

    @property
    def seq(self) -> int:
        """The last change of the graph that the index holds."""
        ...

    @property
    def labels(self) -> frozenset[int]: ...

    def __len__(self) -> int: ...

    def add(self, labels: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Add, or replace what has the same label."""
        ...

    def remove(self, labels: Iterable[int]) -> None:
        """Forget; unknown labels are ignored."""
        ...

    def clear(self) -> None:
        """Forget everything, `seq` included."""
        ...

    def mark(self, seq: int) -> None:
        """Say that the index now holds the graph's changes up to `seq`."""
        ...

    def vectors(self, labels: Sequence[int]) -> NDArray[np.float32]:
        """The vectors of known labels, shape (len(labels), dimension)."""
        ...

    def search(
        self, query: NDArray[np.float32], k: int, within: Collection[int] | None = None
    ) -> Sequence[tuple[int, float]]:
        """At most k (label, cosine), best first; only labels in `within` where it is given."""
        ...

    def save(self) -> None:
        """Make what the index holds durable; the former file stays whole until then."""
        ...

    def load(self) -> bool:
        """Read the saved file; False if there is none.

        Raises:
            IndexCorruptError: If it is not what was saved, or was saved by another model
                or for another library.
        """
        ...
