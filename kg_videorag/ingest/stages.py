"""The stages of an ingest, as data: what each takes, who works in it, how old its code is.

    read -> decode -> speech --.
                   -> screen ---> segment -> caption -> extract --.
                   -> frames -----------------'   '---> embed -----> write -> index
                   -> vectors, labels ----------------------------'
         -> sidecars --------------------------------------------'

A stage's key says all that its result depends on, so a result that was kept under the same key
is the same result (docs/adr/0017-stages.md).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
        serves: Kinds of engines for whose sake it is done: the same for whichever is configured.
    """

    name: str
    version: str
    needs: tuple[str, ...] = ()
    engines: tuple[str, ...] = ()
    optional: bool = False
    kept: bool = True
    serves: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StageKey:
    """What a stage's result depends on, all of it.

    Args:
        stage: Its name.
        digest: Of everything: results under the same one are the same.
        version: Of the stage's code.
        workers: Who works in it: names, versions and models.
    """

    stage: str
    digest: str
    version: str
    workers: str


STAGES = (  # each after what it needs
    Stage("read", "1", kept=False),
    # One pass over the file does these; its own result is that all of the file could be read.
    Stage("decode", "1", ("read",)),
    Stage("speech", "1", ("decode",), ("transcriber",)),
    Stage("screen", "1", ("decode",), ("text_reader",)),
    Stage("vectors", "1", ("decode",), ("media_embedder",), optional=True),
    Stage("frames", "1", ("decode",), serves=("captioner",), optional=True),
    Stage("labels", "1", ("decode",), ("detector", "sound_tagger"), optional=True),
    # Of what lies beside the file; its setting says which content that has.
    Stage("sidecars", "1", ("read",), ("media_embedder",), optional=True),
    Stage("segment", "1", ("speech", "screen"), ("segmenter",)),
    Stage("caption", "1", ("segment", "frames"), ("captioner",), optional=True),
    Stage("extract", "1", ("segment", "caption"), ("extractor",)),
    Stage("embed", "1", ("segment", "caption"), ("embedder",)),
    Stage("write", "1", ("extract", "embed", "vectors", "labels", "sidecars"), kept=False),
    Stage("index", "1", ("write",), kept=False),
)
SENSED = ("screen", "vectors", "frames", "labels")  # by the senses, in the pass
# Of the whole flow: a video that another version has written is ingested again.
FLOW_VERSION = ".".join(("4", *(stage.version for stage in STAGES)))


def stage_keys(
    read: str, engines: Mapping[str, str], settings: Mapping[str, str]
) -> dict[str, StageKey]:
    """The key of each stage of one file; stages that are left out have none.

    Args:
        read: All that a file gives: its content, and what was chosen of it.
        engines: Kind of engine to who it is, as its name, version and model; kinds that are left
            out have none.
        settings: Stage to what is set for it beside its engines.
    """
    keys: dict[str, StageKey] = {}
    for stage in STAGES:
        workers = [engines.get(kind, "") for kind in stage.engines]
        if stage.optional and not any(engines.get(k) for k in (*stage.engines, *stage.serves)):
            continue
        given = [keys[need].digest if need in keys else "" for need in stage.needs] or [read]
        parts = (stage.name, stage.version, workers, settings.get(stage.name, ""), given)
        digest = hashlib.sha256(repr(parts).encode()).hexdigest()[:_KEY_CHARS]
        told = ", ".join(filter(None, workers))
        keys[stage.name] = StageKey(stage.name, digest, stage.version, told)
    return keys


def speed_name(key: StageKey) -> str:
    """What a stage's speed is known by: other engines have another."""
    return f"{key.stage}: {key.workers}" if key.workers else key.stage


def stages_again(chosen: Sequence[str], *, everything: bool = False) -> frozenset[str]:
    """Stages that are to be done though their results may be kept.

    Args:
        chosen: Some; all that take what they give, be it by way of others, come with them.
        everything: Whether it is all stages.

    Raises:
        ConfigError: If there is no such stage; lists those that there are.
    """
    known = [stage.name for stage in STAGES]
    if unknown := [name for name in chosen if name not in known]:
        raise ConfigError(f"no stage is named {unknown[0]!r}", hint=f"Known: {', '.join(known)}.")
    found = set(known) if everything else set(chosen)
    for stage in STAGES:
        if found.intersection(stage.needs):
            found.add(stage.name)
    return frozenset(found)
