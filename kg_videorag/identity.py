"""Identifiers, all of them derived from content, so that a second run finds the first's.

See docs/adr/0003-identity.md. Every id is lower-case hexadecimal.
"""

from __future__ import annotations

import hashlib
import unicodedata
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kg_videorag.model import EntityType, Modality, Span

_CHUNK_BYTES = 8 << 20
_ID_CHARS = 32  # 128 bits: no collision to expect below 10^18 ids
_LABEL_BITS = 63  # hnswlib takes 64 bits unsigned, Neo4j 64 bits signed
_ARTICLE = regex.compile(r"^(the|a|an)\s+")
_POSSESSIVE = regex.compile(r"'s?$")
_NOT_NAME = regex.compile(r"[^\p{L}\p{N}\p{M}\s&+#.'-]+")
_EDGES = " .-'"


def video_id(path: Path, on_share: Callable[[float], None] = lambda _: None) -> str:
    """The sha256 of a file's content.

    Args:
        path: The file.
        on_share: Told the share that is read, 0..1; an archive's files take a while.

    Raises:
        OSError: If the file cannot be read.
    """
    size = path.stat().st_size
    digest, read = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
            read += len(chunk)
            on_share(read / size if size else 1.0)
    return digest.hexdigest()


def segment_id(video: str, span: Span, segmenter_version: str) -> str:
    """The id of a stretch of a video."""
    return _digest(video, span.start_ms, span.end_ms, segmenter_version)


def entity_id(entity_type: EntityType, name: str) -> str:
    """The id of an entity, the same for every spelling that `normalise_name` makes equal."""
    return _digest(entity_type, normalise_name(name))


def mention_id(segment: str, entity: str, modality: Modality, span: Span) -> str:
    """The id of a mention."""
    return _digest(segment, entity, modality, span.start_ms, span.end_ms)


def relation_id(
    subject: str, predicate: str, object_: str, segment: str, start_ms: int, modality: Modality
) -> str:
    """The id of one occurrence of a relation."""
    return _digest(subject, predicate, object_, segment, start_ms, modality)


def embedding_id(segment: str, space: str, model: str, at_ms: int, content: str) -> str:
    """The id of a vector; `content` is a hash of what was embedded."""
    return _digest(segment, space, model, at_ms, content)


def text_embedding_id(segment: str, space: str, model: str, at_ms: int, text: str) -> str:
    """The id of the vector of a text."""
    content = hashlib.sha256(text.encode()).hexdigest()
    return embedding_id(segment, space, model, at_ms, content)


def correction_id(kind: str, video: str | None, original: str, span: Span | None) -> str:
    """The id of a correction: of what it corrects, whatever is put in its place."""
    when = () if span is None else (span.start_ms, span.end_ms)
    return _digest("correction", kind, video or "", original, *when)


def embedding_label(embedding: str) -> int:
    """The integer that stands for an embedding's id in a vector index: its top 63 bits."""
    return int(embedding[:16], 16) >> (64 - _LABEL_BITS)


def normalise_name(name: str) -> str:
    """The form in which two spellings of one name are equal.

    Compatibility-composed, case-folded, without article, possessive, quotes or
    repeated space: "The  Saturn V’s" and "saturn v" are one name.
    """
    folded = unicodedata.normalize("NFKC", name).casefold().replace("’", "'")
    bare = " ".join(_NOT_NAME.sub(" ", folded).split()).strip(_EDGES)
    bare = _POSSESSIVE.sub("", _ARTICLE.sub("", bare)).strip(_EDGES)
    return bare or " ".join(folded.split())  # "!!!" is a band's name


def _digest(*parts: object) -> str:
    # The separator cannot stand in a part that varies freely, so ("a", "b") != ("ab", "").
    joined = "\x1f".join(str(part) for part in parts)
    return hashlib.sha256(joined.encode()).hexdigest()[:_ID_CHARS]
