"""The stages of an ingest, as data: what each takes, who works in it, how old its code is.

    read -> decode -> speech --.
                   -> screen ---> segment -> caption -> extract --.
                   -> frames -----------------'   '---> embed -----> write -> index
                   -> vectors, labels ----------------------------'

A stage's key says all that its result depends on, so a result that was kept under the same key
is the same result (docs/adr/0017-stages.md).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

_KEY_CHARS = 32  # 128 bits


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of an ingest.

    Args:
        name: Of the stage.
        version: Of its own code: raise it when it would make another result of the same.
        needs: Stages whose results it takes; those that are left out give nothing.
        engines: Kinds of engines that work in it.
        optional: Whether it is left out where none of its engines is configured.
        kept: Whether its result is kept; else it is done at every ingest.
    """

    name: str
    version: str
    needs: tuple[str, ...] = ()
    engines: tuple[str, ...] = ()
    optional: bool = False
    kept: bool = True


STAGES = (  # each after what it needs
    Stage("read", "1", kept=False),
    # One pass over the file does these; its own result is what of the file cannot be read.
    Stage("decode", "1", ("read",)),
    Stage("speech", "1", ("decode",), ("transcriber",)),
    Stage("screen", "1", ("decode",), ("text_reader",)),
    Stage("vectors", "1", ("decode",), ("media_embedder",), optional=True),
    Stage("frames", "1", ("decode",), ("captioner",), optional=True),
    Stage("labels", "1", ("decode",), ("detector", "sound_tagger"), optional=True),
    Stage("segment", "1", ("speech", "screen"), ("segmenter",)),
    Stage("caption", "1", ("segment", "frames"), ("captioner",), optional=True),
    Stage("extract", "1", ("segment", "caption"), ("extractor",)),
    Stage("embed", "1", ("segment", "caption"), ("embedder",)),
    Stage("write", "1", ("extract", "embed", "vectors", "labels"), kept=False),
    Stage("index", "1", ("write",), kept=False),
)
SENSED = ("screen", "vectors", "frames", "labels")  # by the senses, in the pass
# Of the whole flow: a video that another version has written is ingested again.
FLOW_VERSION = ".".join(("4", *(stage.version for stage in STAGES)))


def stage_keys(
    read: str, engines: Mapping[str, str], settings: Mapping[str, str]
) -> dict[str, str]:
    """The key of each stage of one file; stages that are left out have none.

    Args:
        read: All that a file gives: its content, and what was chosen of it.
        engines: Kind of engine to who it is, as its name, version and model; kinds that are left
            out have none.
        settings: Stage to what is set for it beside its engines.
    """
    keys: dict[str, str] = {}
    for stage in STAGES:
        workers = [engines.get(kind, "") for kind in stage.engines]
        if stage.optional and not any(workers):
            continue
        given = [read] if not stage.needs else [keys.get(need, "") for need in stage.needs]
        parts = (stage.name, stage.version, workers, settings.get(stage.name, ""), given)
        keys[stage.name] = hashlib.sha256(repr(parts).encode()).hexdigest()[:_KEY_CHARS]
    return keys


def with_dependents(names: Collection[str]) -> frozenset[str]:
    """Some stages, and all that take what they give, be it by way of others."""
    found = set(names)
    for stage in STAGES:
        if found.intersection(stage.needs):
            found.add(stage.name)
    return frozenset(found)


def unknown_stages(names: Sequence[str]) -> list[str]:
    """Those that are no stages."""
    known = {stage.name for stage in STAGES}
    return [name for name in names if name not in known]
