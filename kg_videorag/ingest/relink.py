"""Archives move: finds the files of a library's videos where they lie now.

A video is its content, so a file is the same wherever it lies. Of files that have another size
than any missing video nothing is read; of the rest the content's checksum decides, never a name.
"""

from __future__ import annotations

import mimetypes
import os
import stat
import unicodedata
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kg_videorag.errors import MediaError
from kg_videorag.graph.read import find_video, list_videos
from kg_videorag.graph.write import move_videos
from kg_videorag.identity import video_id
from kg_videorag.model import Relinked, RelinkReport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from kg_videorag.graph.client import GraphClient
    from kg_videorag.model import Video


def relink(
    client: GraphClient,
    folders: Sequence[Path],
    *,
    dry_run: bool = False,
    on_file: Callable[[Path, float], None] = lambda _path, _share: None,
) -> RelinkReport:
    """Look for the files of all videos whose path is gone, and remember where they lie.

    Args:
        client: The graph.
        folders: Where to look, with all that is in them.
        dry_run: Whether to leave the graph as it is.
        on_file: Told which file is read, and the share of it that is, 0..1.

    Returns:
        What was found, and what was not. Of several copies the one with the name that the file
        had is taken, else the first by path; the others are told.

    Raises:
        MediaError: If a folder is none.
    """
    for folder in folders:
        if not folder.is_dir():
            raise MediaError(f"{folder}: this is no folder", hint="Name folders that are there.")
    gone = [stored.video for stored in list_videos(client) if _is_gone(stored.video)]
    search = _Search(gone, on_file)
    if gone:
        search.through(sorted(set(_files(folders))))
    relinked = tuple(_chosen(video, search.found[video.id]) for video in gone if search.has(video))
    if relinked and not dry_run:
        move_videos(client, {one.video_id: one.path for one in relinked})
    return RelinkReport(
        relinked=relinked,
        missing=tuple(video for video in gone if not search.has(video)),
        unreadable=tuple(search.unreadable),
        read=search.read,
    )


def relink_one(
    client: GraphClient,
    identity: str,
    path: Path,
    *,
    dry_run: bool = False,
    on_file: Callable[[Path, float], None] = lambda _path, _share: None,
) -> Relinked:
    """Remember that one video's file lies elsewhere.

    Args:
        client: The graph.
        identity: The video's id.
        path: The file.
        dry_run: Whether to leave the graph as it is.
        on_file: Told which file is read, and the share of it that is, 0..1.

    Raises:
        MediaError: If it cannot be read, or is another file.
    """
    stored = find_video(client, identity)
    try:
        content = video_id(path, partial(on_file, path))
    except OSError as error:
        raise MediaError(
            f"{path}: it cannot be read: {error.strerror}", hint="Check the path."
        ) from error
    if stored is None or content != identity:
        raise MediaError(
            f"{path}: this is not the file that the library holds as {identity[:12]}",
            hint="Its content differs. Ingest it, if you want it in the library.",
        )
    moved = Relinked(identity, stored.video.title, stored.video.path, _absolute(path))
    if not dry_run:
        move_videos(client, {identity: moved.path})
    return moved


@dataclass(slots=True)
class _Search:
    """Which of the missing videos which files are.

    Args:
        gone: What is looked for.
        on_file: Told which file is read.
    """

    gone: Sequence[Video]
    on_file: Callable[[Path, float], None]
    found: dict[str, list[str]] = field(default_factory=dict)
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    read: int = 0

    def has(self, video: Video) -> bool:
        return video.id in self.found

    def through(self, files: Sequence[Path]) -> None:
        """Read the likely files, then the less likely ones while a video is still missing.

        Files of a known size are told by it. Of videos that were ingested before sizes were
        kept, those of the same name come first, then those that look like media, then the rest.
        """
        sizes = {video.size_bytes for video in self.gone}
        names = {_name(video.path) for video in self.gone if video.size_bytes is None}
        tiers: tuple[list[Path], ...] = ([], [], [])
        for file in files:
            size = self._size(file)
            if size is not None:
                likely = size in sizes or _name(str(file)) in names
                tiers[0 if likely else 1 if _looks_like_media(file) else 2].append(file)
        self._read_all(tiers[0])
        for tier in tiers[1:]:
            if any(video.size_bytes is None and not self.has(video) for video in self.gone):
                self._read_all(tier)

    def _read_all(self, files: Iterable[Path]) -> None:
        wanted = {video.id for video in self.gone}
        for file in files:
            try:
                content = video_id(file, partial(self.on_file, file))
            except OSError as error:
                self.unreadable.append((str(file), (error.strerror or "it failed").lower()))
                continue
            self.read += 1
            if content in wanted:
                self.found.setdefault(content, []).append(str(file))

    @staticmethod
    def _size(file: Path) -> int | None:
        """The size of a regular file; None of anything else, and of what may not be looked at."""
        try:
            status = file.stat()
        except OSError:
            return None
        return status.st_size if stat.S_ISREG(status.st_mode) else None


def _chosen(video: Video, paths: Sequence[str]) -> Relinked:
    first = next((path for path in paths if _name(path) == _name(video.path)), paths[0])
    copies = tuple(path for path in paths if path != first)
    return Relinked(video.id, video.title, video.path, first, copies)


def _is_gone(video: Video) -> bool:
    # An address has no place in the file system.
    return "://" not in video.path and not Path(video.path).is_file()


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    """All files in folders, links to folders not followed; names that no graph holds left out."""
    for folder in folders:
        for place, _, names in os.walk(_absolute(folder)):
            for name in names:
                file = Path(place, name)
                try:
                    str(file).encode("utf-8")
                except UnicodeEncodeError:
                    continue
                yield file


def _looks_like_media(file: Path) -> bool:
    kind = mimetypes.guess_type(file.name)[0] or ""
    return kind.startswith(("video/", "audio/"))


def _name(path: str) -> str:
    """A file's name, in the one form that systems write it in two of."""
    return unicodedata.normalize("NFC", Path(path).name)


def _absolute(path: Path) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - resolve() would follow links
