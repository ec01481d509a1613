"""The models of hubs that the settings' engines want: where they are, how they are brought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg_videorag.compose import Composition
from kg_videorag.config import PROFILES, load_settings
from kg_videorag.engines import downloads
from kg_videorag.engines.hub import WebFile, cache_folder
from kg_videorag.errors import ConfigError, EngineUnavailable, KgVideoRagError
from kg_videorag.model import Failure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from kg_videorag.config import Settings
    from kg_videorag.engines.hub import FileCheck, HubModel
    from kg_videorag.model import EngineState


@dataclass(frozen=True, slots=True)
class WantedModel:
    """A model that an engine of the settings needs.

    Args:
        kind: Of the engine that needs it.
        engine: That engine's name.
        source: Where it comes from.
        cache_dir: Where files of the web are kept.
    """

    kind: str
    engine: str
    source: HubModel | WebFile
    cache_dir: Path

    @property
    def name(self) -> str:
        return self.source.name

    @property
    def folder(self) -> Path:
        """Where it is downloaded to."""
        return self.cache_dir if isinstance(self.source, WebFile) else cache_folder()

    def state(self) -> EngineState:
        """Whether it is there; asks no network and compares no checksum."""
        source = self.source
        return source.state(self.cache_dir) if isinstance(source, WebFile) else source.state()

    def verify(self) -> FileCheck:
        """Compare it with its publisher's checksums."""
        source = self.source
        return source.verify(self.cache_dir) if isinstance(source, WebFile) else source.verify()

    def fetch(self, token: str) -> bool:
        """Bring it; False if it was there, whole.

        Raises:
            EngineUnavailable: If it cannot be had.
        """
        if self.state().ready and not self.verify().faults:
            return False
        if isinstance(self.source, WebFile):
            self.source.fetch(self.cache_dir)
        else:
            self.source.fetch(token)
        return True


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of bringing a model.

    Args:
        name: The model's.
        status: "fetched", "present" or "failed".
        where: Its folder or file; empty if it failed.
        error: Why it failed.
    """

    name: str
    status: str
    where: str = ""
    error: Failure | None = None


def of_engine(parts: Composition, kind: str, engine: object) -> tuple[WantedModel, ...]:
    """What one engine wants; most want nothing."""
    sources: Iterable[HubModel | WebFile] = getattr(engine, "hub_models", ())
    name, cache_dir = parts.engine_name(kind), parts.settings.cache_dir
    return tuple(WantedModel(kind, name, source, cache_dir) for source in sources)


def of_settings(settings: Settings) -> tuple[list[WantedModel], list[KgVideoRagError]]:
    """What all engines want, each model once; and why an engine could not be asked."""
    parts, faults = Composition(settings), []
    found: dict[str, WantedModel] = {}
    for kind in parts.engine_kinds:
        try:
            for model in of_engine(parts, kind, parts.engine(kind)):
                found.setdefault(model.name, model)
        except KgVideoRagError as error:
            faults.append(error)
    return list(found.values()), faults


def named(settings: Settings, names: Sequence[str]) -> list[WantedModel]:
    """Models by name: those of the settings, then those of the other profiles.

    Raises:
        ConfigError: If no profile has one of that name; lists those that exist.
    """
    known = {model.name: model for model in of_settings(settings)[0]}
    for profile in PROFILES:
        if not known.keys() >= set(names):
            other = load_settings(profile=profile, home=settings.home, cache_dir=settings.cache_dir)
            known = {model.name: model for model in of_settings(other)[0]} | known
    for name in names:
        if name not in known:
            raise ConfigError(
                f"no engine wants a model named {name!r}",
                hint=f"Known: {', '.join(sorted(known)) or 'none'}.",
            )
    return [known[name] for name in dict.fromkeys(names)]


def by_disk(models: Iterable[WantedModel]) -> list[tuple[Path, list[WantedModel]]]:
    """Models that share a disk, and a folder on it: the hub's cache and ours may lie on two."""
    disks: dict[int, tuple[Path, list[WantedModel]]] = {}
    for model in models:
        disk = downloads.existing(model.folder).stat().st_dev
        disks.setdefault(disk, (model.folder, []))[1].append(model)
    return list(disks.values())


def missing_bytes(models: Iterable[WantedModel]) -> int:
    """How much is to be downloaded."""
    return sum(model.source.size_bytes for model in models if not model.state().ready)


def fetch(models: Sequence[WantedModel], token: str) -> Iterator[Fetched]:
    """Bring models one after another; one that fails does not stop the others.

    Raises:
        EngineUnavailable: If the disk cannot hold them; nothing is downloaded then.
    """
    for folder, those in by_disk(models):
        if needed := missing_bytes(those):
            downloads.require_space(folder, needed, "the models")
    for model in models:
        try:
            status = "fetched" if model.fetch(token) else "present"
        except EngineUnavailable as error:
            failure = Failure(error.code, error.message, error.hint)
            yield Fetched(model.name, "failed", error=failure)
        else:
            yield Fetched(model.name, status, model.state().weights)
