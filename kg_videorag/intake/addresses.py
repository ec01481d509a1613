"""Addresses as they are given: what is one, how it is shown, what its file is called."""

from __future__ import annotations

import hashlib
import mimetypes
import re
import unicodedata
from email.message import Message
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit, urlunsplit

from kg_videorag.intake.names import is_media_name

_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_KEY_DIGITS = 24  # of sha256: 96 bits tell any number of addresses apart
_NAME_BYTES = 120  # file systems allow 255, and endings are still to come
_UNSAFE = re.compile(r'[<>:"/\\|?*]')
_RESERVED = frozenset(  # of Windows, with any ending
    ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10)))
)
_OTHER_TYPES = {"video/x-matroska": ".mkv", "audio/x-wav": ".wav", "audio/mp4": ".m4a"}
_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_PLAYLISTS = frozenset(
    {
        "application/vnd.apple.mpegurl",
        "application/x-mpegurl",
        "audio/mpegurl",
        "audio/x-mpegurl",
        "application/dash+xml",
    }
)
_UNSAID = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/mp4"})


def is_address(text: str) -> bool:
    """Whether an argument is meant as an address, of whatever kind."""
    return _ADDRESS.match(text) is not None


def without_login(url: str) -> str:
    """An address as it may be shown and kept: without user and password."""
    head, mark, rest = url.partition("://")
    ends = [at for at in map(rest.find, "/?#\\") if at >= 0]
    where = rest[: min(ends, default=len(rest))]
    return f"{head}{mark}{where.rpartition('@')[2]}{rest[len(where) :]}"


def address_key(url: str) -> str:
    """What a folder for an address is named: the same for the same file, whoever logs in."""
    parts = urlsplit(without_login(url))
    told = urlunsplit(
        (parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", parts.query, "")
    )
    return hashlib.sha256(told.encode("utf-8", "surrogateescape")).hexdigest()[:_KEY_DIGITS]


def names_media_file(url: str) -> bool:
    """Whether an address ends like a file of video or sound."""
    return is_media_name(_last_part(url))


def is_page(content_type: str) -> bool:
    """Whether an answer is a page or a playlist, which may lead to a video and is none."""
    return _plain(content_type) in _PAGES | _PLAYLISTS


def may_be_media(content_type: str, name: str) -> bool:
    """Whether an answer may be video or sound; the decoder will tell."""
    kind = _plain(content_type)
    told = kind.startswith(("video/", "audio/")) or kind in ("application/ogg", *_UNSAID)
    return told or is_media_name(name)


def file_name(url: str, content_type: str, disposition: str) -> str:
    """A safe name for what an address gives.

    Args:
        url: The address; what it ends in is the name, where the server gives none.
        content_type: As the server gives it: tells the ending, where the name has none.
        disposition: As the server gives it, such as `attachment; filename*=UTF-8''a.mp4`.
    """
    header = Message()
    header["Content-Disposition"] = disposition
    name = safe_name(header.get_filename("") or _last_part(url))
    if is_media_name(name):
        return name
    kind = _plain(content_type)
    ending = _OTHER_TYPES.get(kind) or mimetypes.guess_extension(kind) or ""
    return f"{name}{ending}" if is_media_name(f"a{ending}") else name


def safe_name(name: str) -> str:
    """A name that any file system takes, that is not hidden, and that leads nowhere else."""
    whole = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    printable = "".join(c if c.isprintable() else " " for c in _UNSAFE.sub("_", whole))
    path = PurePosixPath(" ".join(printable.split()).strip(". ") or "download")
    stem = path.stem.encode("utf-8", "replace")[:_NAME_BYTES].decode("utf-8", "ignore")
    stem = f"{stem}_" if stem.lower() in _RESERVED else stem
    return f"{stem.rstrip('. ') or 'download'}{path.suffix[:12]}"


def _last_part(url: str) -> str:
    return unquote(urlsplit(url).path).rpartition("/")[2]


def _plain(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()
