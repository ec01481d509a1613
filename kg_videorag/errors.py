"""Every error this package raises on purpose.

    KgVideoRagError
    ├── ConfigError               a setting is wrong or missing
    │   └── UnknownEngineError    no engine has that name; lists those that exist
    ├── MediaError                a file cannot be read as media
    │   └── MediaTruncatedError   it could be read up to a point, and what was read is kept
    ├── FetchError                what an address leads to cannot be had
    │   └── AddressRefusedError   it leads to a place that is not asked: see download_private
    ├── EngineError               an engine failed while it worked
    │   └── EngineUnavailable     a package or its weights are missing; the hint mends it
    ├── GraphError                Neo4j refused or failed
    │   ├── GraphUnavailable      Neo4j cannot be reached or started
    │   └── QueryError            a named query is unknown or its parameters are wrong
    │       └── StatementRefusedError  a statement would do more than read
    ├── VectorIndexError          a vector index cannot be used as it stands
    │   └── IndexCorruptError     the file on disk is not what was saved; a rebuild mends it
    ├── ExportError               a file of results cannot be written
    ├── EntitySelectionError      `graph merge|split` name no entity, or several
    ├── CorrectionError           what was to be corrected is not there
    ├── TagError                  a tag is none, or no video carries it
    ├── EvaluationError           questions with known answers are wrongly stated
    ├── ComparisonError           answers cannot be compared
    └── AskError                  a question cannot be worked on
        ├── VideoSelectionError   `--video` names no video, or several
        └── ScopeError            a filter of a question names what is not there

A message is one line that says what is wrong and with what; the hint says what to do.
"""

from __future__ import annotations


class KgVideoRagError(Exception):
    """Root of the hierarchy.

    Args:
        message: One line: what is wrong, and with which file or value.
        hint: What the user can do about it; empty where nothing can be done.
    """

    code = "error"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class ConfigError(KgVideoRagError):
    """A setting is wrong or missing."""

    code = "config"


class UnknownEngineError(ConfigError):
    """No engine of that kind has that name."""

    code = "unknown_engine"


class MediaError(KgVideoRagError):
    """A file cannot be read as media."""

    code = "media"


class MediaTruncatedError(MediaError):
    """Decoding stopped before the file's stated end.

    Args:
        message: One line about the file.
        decoded_ms: Where decoding stopped, on the video's clock.
        hint: What to do.
    """

    code = "media_truncated"

    def __init__(self, message: str, *, decoded_ms: int, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.decoded_ms = decoded_ms


class FetchError(KgVideoRagError):
    """What an address leads to cannot be had."""

    code = "fetch"


class AddressRefusedError(FetchError):
    """An address leads to a place that is not asked: this machine, its network, its cloud."""

    code = "address_refused"


class EngineError(KgVideoRagError):
    """An engine failed while it worked."""

    code = "engine"


class EngineUnavailable(EngineError):
    """An engine's package or weights are missing."""

    code = "engine_unavailable"


class GraphError(KgVideoRagError):
    """Neo4j refused or failed."""

    code = "graph"


class GraphUnavailable(GraphError):
    """Neo4j cannot be reached or started."""

    code = "graph_unavailable"


class QueryError(GraphError):
    """A named query is unknown, or its parameters are wrong."""

    code = "query"


class StatementRefusedError(QueryError):
    """A statement that a user or a model wrote does, or may do, more than read."""

    code = "statement_refused"


class ExportError(KgVideoRagError):
    """A file of results cannot be written."""

    code = "export"


class VectorIndexError(KgVideoRagError):
    """A vector index cannot be used as it stands."""

    code = "vector_index"


class IndexCorruptError(VectorIndexError):
    """A saved index differs from its manifest."""

    code = "index_corrupt"


class EntitySelectionError(KgVideoRagError):
    """A selector names no entity, or more than one."""

    code = "entity_selection"


class CorrectionError(KgVideoRagError):
    """What was to be corrected is not there."""

    code = "correction"


class TagError(KgVideoRagError):
    """A tag is none, or no video carries it."""

    code = "tag"


class EvaluationError(KgVideoRagError):
    """Questions with known answers, or limits that they are held to, are wrongly stated."""

    code = "evaluation"


class ComparisonError(KgVideoRagError):
    """Answers cannot be compared: a file, a question or a verdict is missing or no good."""

    code = "comparison"


class AskError(KgVideoRagError):
    """A question cannot be worked on."""

    code = "ask"


class VideoSelectionError(AskError):
    """A selector names no video, or more than one."""

    code = "video_selection"


class ScopeError(AskError):
    """A filter of a question names what is not there, or filters leave nothing."""

    code = "scope"
