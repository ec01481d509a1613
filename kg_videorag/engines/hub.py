"""Models of the Hugging Face hub: found without the network, fetched, compared.

They lie in the hub's own cache (HF_HOME), so that other programs share them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg_videorag.engines import downloads
from kg_videorag.engines.downloads import FileCheck
from kg_videorag.engines.web_file import WebFile
from kg_videorag.errors import EngineUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg_videorag.model import EngineState

__all__ = ["FileCheck", "HubModel", "WebFile", "cache_folder"]

_SHA1_DIGITS, _SHA256_DIGITS = 40, 64
_CHUNK_BYTES = 1 << 20


def cache_folder() -> Path:
    """Where the hub's library keeps models, of whatever program."""
    from huggingface_hub import constants

    return Path(constants.HF_HUB_CACHE)


@dataclass(frozen=True, slots=True)
class HubModel:
    """A model of the hub.

    Args:
        repo: Its name there, "owner/name".
        size_bytes: Of the files that `allow` lets through, for what users are told.
        licence: Its licence's name.
        needs: Files without which it cannot be used, relative to its folder.
        revision: Branch, tag or commit.
        allow: Patterns of files to fetch, such as "*.json"; empty: the whole repository.
        gated: True if its publisher asks for an account that accepted a licence.
    """

    repo: str
    size_bytes: int
    licence: str
    needs: tuple[str, ...]
    revision: str = "main"
    allow: tuple[str, ...] = ()
    gated: bool = False

    @property
    def name(self) -> str:
        """What `kg-videorag models fetch` calls it."""
        return self.repo

    def locate(self) -> Path:
        """Its folder in the hub's cache; the network is not asked.

        Raises:
            EngineUnavailable: If it is not there, or half of it; the hint brings it.
        """
        folder = self._snapshot()
        lacking = [file for file in self.needs if folder is None or not (folder / file).is_file()]
        if folder is None or lacking:
            what = "is not on this machine" if folder is None else f"lacks {lacking[0]}"
            raise EngineUnavailable(f"{self.repo} {what}", hint=self._hint())
        return folder

    def state(self) -> EngineState:
        """What `doctor` says of it; takes milliseconds, compares no checksums."""
        try:
            return downloads.present(self.repo, self.locate())
        except EngineUnavailable as error:
            return downloads.missing(self.repo, f"https://huggingface.co/{self.repo}", error.hint)

    def fetch(self, token: str = "") -> Path:
        """Bring it, or what is missing or damaged of it, with progress on stderr.

        An interrupted download goes on where it stopped. The former snapshot stays in use until
        the new one is whole. Two processes may fetch the same model: the hub's cache locks.

        Args:
            token: Of the hub; "" for what `HF_TOKEN` or a login gives.

        Raises:
            EngineUnavailable: If the hub is away, refuses, or the disk is too small.
        """
        import requests
        from huggingface_hub import HfApi, hf_hub_download, snapshot_download
        from huggingface_hub.utils import filter_repo_objects  # type: ignore[attr-defined]

        allow = list(self.allow) or None
        try:
            self._drop_damaged()
            info = HfApi(token=token or None).model_info(self.repo, revision=self.revision)
            self._require_space()
            names = [sibling.rfilename for sibling in info.siblings or ()]
            # One by one and in this thread: the hub's own pool would hold up Ctrl-C.
            for name in filter_repo_objects(names, allow_patterns=allow):
                hf_hub_download(self.repo, name, revision=info.sha, token=token or None)
            # Nothing is left to download: this makes the branch point at what came.
            snapshot_download(
                self.repo, revision=self.revision, allow_patterns=allow, token=token or None
            )
        except (requests.RequestException, OSError, ValueError, RuntimeError) as error:
            raise self._refused(error) from error
        return self.locate()

    def verify(self) -> FileCheck:
        """Compare every file with the checksum that the hub gave for it.

        The hub's cache names a file after its sha256, or its git id if it is small.
        """
        try:
            folder = self.locate()
        except EngineUnavailable as error:
            return FileCheck(0, (error.message.removeprefix(f"{self.repo} "),))
        compared = [(name, _is_whole(blob)) for name, blob in _blobs(folder)]
        return FileCheck(
            len(compared), tuple(f"{name} is damaged" for name, whole in compared if not whole)
        )

    def _drop_damaged(self) -> None:
        """Forget files that are not what they should be: the hub would take them as they are."""
        folder = self._snapshot()
        for _, blob in _blobs(folder) if folder else ():
            if not _is_whole(blob):
                blob.unlink()

    def _snapshot(self) -> Path | None:
        """Its folder in the cache, whole or not; None where there is none."""
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HFValidationError

        try:
            return Path(snapshot_download(self.repo, revision=self.revision, local_files_only=True))
        except (OSError, HFValidationError):  # not there, not readable, or no name of a model
            return None

    def _require_space(self) -> None:
        cache = cache_folder()
        blobs = cache / f"models--{self.repo.replace('/', '--')}" / "blobs"
        here = sum(file.stat().st_size for file in blobs.glob("*"))
        downloads.require_space(cache, max(0, self.size_bytes - here), self.repo)

    def _hint(self) -> str:
        brings = downloads.fetch_hint(self.name, self.size_bytes)
        return f"{self._admission()} Then run {brings[4:]}" if self.gated else brings

    def _admission(self) -> str:
        return (
            f"Accept the licence at https://huggingface.co/{self.repo}"
            " and set KGV_HUB_TOKEN to a token of yours."
        )

    def _refused(self, error: Exception) -> EngineUnavailable:
        """What went wrong with a download, in words of ours."""
        import requests
        from huggingface_hub import constants, errors

        brings = "Run the command again to go on where it stopped."
        root = error.__cause__ if isinstance(error, errors.LocalEntryNotFoundError) else error
        match root:
            case errors.OfflineModeIsEnabled():
                what, hint = "the hub is not asked while HF_HUB_OFFLINE is set", "Unset it."
            case errors.GatedRepoError():
                what, hint = "its publisher wants a licence accepted", self._admission()
            case errors.RepositoryNotFoundError():
                what = "the hub has no such model, or hides it from this token"
                hint = "Check the name, and KGV_HUB_TOKEN if it is a private one."
            case errors.RevisionNotFoundError():
                what, hint = f"the hub has no revision {self.revision} of it", "Check its name."
            case errors.HfHubHTTPError():
                status = root.response.status_code if root.response is not None else "nothing"
                what = f"the hub answered {status}"
                hint = self._admission() if status in (401, 403) else brings
            case OSError() if root.errno is not None:
                what = f"{root.filename or constants.HF_HUB_CACHE}: {root.strerror}"
                hint = f"{brings} HF_HOME moves the cache."
            case requests.ConnectionError() | requests.Timeout():
                what = f"{constants.ENDPOINT} cannot be reached ({type(root).__name__})"
                hint = f"Check the network or HF_ENDPOINT. {brings}"
            case _:
                what, hint = str(root).partition("\n")[0], brings
        return EngineUnavailable(f"{self.repo}: {what}", hint=hint)


def _blobs(folder: Path) -> Iterator[tuple[str, Path]]:
    """Files of a snapshot that are named after their content, by the name they are used under."""
    for path in sorted(folder.rglob("*")):
        blob = path.resolve()
        if blob.is_file() and len(blob.name) in (_SHA1_DIGITS, _SHA256_DIGITS):
            yield str(path.relative_to(folder)), blob


def _is_whole(blob: Path) -> bool:
    with blob.open("rb") as file:
        if len(blob.name) == _SHA256_DIGITS:
            return hashlib.file_digest(file, "sha256").hexdigest() == blob.name
        # git's id of a file. Source: Pro Git, 10.2, "Object Storage".
        digest = hashlib.sha1(f"blob {blob.stat().st_size}\0".encode(), usedforsecurity=False)
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
        return digest.hexdigest() == blob.name
