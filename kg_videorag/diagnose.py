"""What `doctor` looks at: every engine and its models, Neo4j, the disk.

It starts and loads nothing, and asks no network.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kg_videorag import wanted_models
from kg_videorag.compose import ENGINES, Composition, engine_factory
from kg_videorag.engines.downloads import existing, free_bytes, require_space, size_text
from kg_videorag.errors import KgVideoRagError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kg_videorag.config import Settings
    from kg_videorag.wanted_models import WantedModel

_THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}
_FAISS = " and install it: pip install 'kg-videorag[faiss]'"
_NEEDED_BYTES = 2 << 30  # an empty Neo4j takes 0.5 GB with its logs; the rest is room to work


@dataclass(frozen=True, slots=True)
class ModelState:
    """A model of a hub, there or not."""

    name: str
    present: bool
    size_bytes: int  # 0: not known
    licence: str
    where: str
    hint: str


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    kind: str
    name: str
    ready: bool
    detail: str
    hint: str = ""
    model: str = ""
    weights: str = ""
    checksum: str = ""
    models: tuple[ModelState, ...] = ()


def diagnose(settings: Settings) -> list[Check]:
    """Look at everything that a command may need."""
    parts = Composition(settings)
    store = parts.engine_name("vector_index")
    try:
        return [
            *_engines(parts),
            _guarded("neo4j", "neo4j", lambda: _neo4j(parts)),
            _guarded("vector_index", store, lambda: _vector_index(parts)),
            _disk("home", settings.home),
            _disk("cache_dir", settings.cache_dir),
            _kept(parts),
            *_downloads(settings),
        ]
    finally:
        parts.close()


def model_state(model: WantedModel) -> ModelState:
    """How a model stands."""
    state = model.state()
    source = model.source
    return ModelState(
        source.name, state.ready, source.size_bytes, source.licence, state.weights, state.hint
    )


def download_bytes(checks: list[Check]) -> int:
    """How much is to be downloaded, each model once."""
    models = {model.name: model for check in checks for model in check.models}
    return sum(model.size_bytes for model in models.values() if not model.present)


def _engines(parts: Composition) -> Iterator[Check]:
    for kind in parts.engine_kinds:
        yield _guarded(kind, parts.engine_name(kind), partial(_engine, parts, kind))


def _engine(parts: Composition, kind: str) -> Check:
    engine = parts.engine(kind)
    if engine is None:
        return _plain(kind, parts.engine_name(kind), "left out")
    state = engine.check()
    placed = f"{state.model} in {state.weights}: {state.checksum}"
    return Check(
        kind=kind,
        name=f"{engine.name} {engine.version}",
        ready=state.ready,
        model=state.model,
        weights=state.weights,
        checksum=state.checksum,
        detail="needs no model" if state.weights == "none needed" else placed,
        hint=state.hint,
        models=tuple(map(model_state, wanted_models.of_engine(parts, kind, engine))),
    )


def _neo4j(parts: Composition) -> Check:
    from kg_videorag.graph.queries import load

    settings = parts.settings
    if settings.neo4j_uri is not None:
        parts.graph.read(load("graph/schema_state"))
        return _plain("neo4j", f"your own at {settings.neo4j_uri}", "answers")
    status = parts.server.status()
    where = f"at {status.bolt_uri}" if status.running else "not running; commands start it"
    return _plain("neo4j", f"managed {status.version}", where)


def _vector_index(parts: Composition) -> Check:
    """Whether the chosen one fits the library, whose size is known only while Neo4j runs."""
    from kg_videorag.graph.queries import load
    from kg_videorag.vectors.fit import fitting_stores

    name = parts.engine_name("vector_index")
    engine_factory("vector_index", name)
    uri = parts.settings.neo4j_uri
    if uri is None and not parts.server.status().running:
        return _plain("vector_index", name, "whether it fits is seen while Neo4j runs")
    vectors = parts.graph.read(load("graph/vector_count"), space=None)[0]["vectors"]
    shared = uri is not None and urlsplit(uri).hostname not in _THIS_MACHINE
    fitting = fitting_stores(vectors, shared=shared)
    if name in fitting or name not in ENGINES["vector_index"]:
        return _plain("vector_index", name, f"{vectors} vectors")
    return Check(
        "vector_index",
        name,
        ready=True,
        detail=f"{vectors} vectors: {fitting[0]} fits better",
        hint=f"Set KGV_VECTOR_INDEX={fitting[0]}{_FAISS if fitting[0] == 'faiss' else ''}.",
    )


def _disk(name: str, folder: Path) -> Check:
    place = existing(folder)
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        return Check(
            "disk",
            name,
            ready=False,
            detail=f"{folder} cannot be made or written",
            hint=f"Set KGV_{name.upper()} to a folder of yours.",
        )
    free = free_bytes(folder)
    detail = f"{folder}: {size_text(free)} free"
    if free < _NEEDED_BYTES:
        hint = f"Free some space, or set KGV_{name.upper()} to another disk."
        return Check("disk", name, ready=False, detail=detail, hint=hint)
    return _plain("disk", name, detail)


def _kept(parts: Composition) -> Check:
    """How much the results of stages take."""
    size = parts.kept.size()
    told = size_text(size.bytes) if size.bytes else "nothing"
    videos = f"{size.videos} video{'' if size.videos == 1 else 's'}"
    return _plain("disk", "stages", f"{parts.kept.folder}: {told} kept of {videos}")


def _downloads(settings: Settings) -> Iterator[Check]:
    """Whether the disk holds what is to be downloaded; nothing where nothing is."""
    models, _ = wanted_models.of_settings(settings)
    for folder, those in wanted_models.by_disk(models):
        if needed := wanted_models.missing_bytes(those):
            yield _guarded("disk", "models", partial(_room, folder, needed))


def _room(folder: Path, needed: int) -> Check:
    require_space(folder, needed, "models")
    free = size_text(free_bytes(folder))
    detail = f"{folder}: {size_text(needed)} to download, {free} free"
    return _plain("disk", "models", detail)


def _plain(kind: str, name: str, detail: str) -> Check:
    return Check(kind, name, ready=True, detail=detail)


def _guarded(kind: str, name: str, look: Callable[[], Check]) -> Check:
    try:
        return look()
    except KgVideoRagError as error:
        return Check(kind, name, ready=False, detail=error.message, hint=error.hint)
