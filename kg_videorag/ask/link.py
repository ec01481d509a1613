"""An address that opens a video at the second that is cited.

A file opens by a media fragment, which browsers and several players read. A page of a site that
is known opens by the site's own parameter.
Source: W3C, "Media Fragments URI 1.0", 4.2.1 (`#t=83.2`); the share links of the sites.
"""

from __future__ import annotations

from pathlib import PurePosixPath, PureWindowsPath
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

# By host: the parameter of the query, and how it writes seconds. Subdomains are of their host.
_SITES = {
    "youtube.com": ("t", "{}s"),
    "youtu.be": ("t", "{}s"),
    "youtube-nocookie.com": ("start", "{}"),
    "twitch.tv": ("t", "{}s"),
    "dailymotion.com": ("start", "{}"),
    "bilibili.com": ("t", "{}"),
    "rutube.ru": ("t", "{}"),
    "vk.com": ("t", "{}s"),
    "vkvideo.ru": ("t", "{}s"),
    "ok.ru": ("fromTime", "{}"),
    "archive.org": ("start", "{}"),
    "vimeo.com": ("t", "{}s"),
}
_IN_FRAGMENT = frozenset({"vimeo.com"})


def link_to(path: str, source_url: str, at_ms: int) -> str:
    """Opens a video at a moment.

    Args:
        path: Of the video's file, absolute.
        source_url: The address that it was fetched from; "" where it was not.
        at_ms: The moment.

    Returns:
        An http(s) or file address; "" where there is neither.
    """
    page = _page(source_url, at_ms) if source_url else ""
    return page or _file(path, at_ms)


def _page(url: str, at_ms: int) -> str:
    """A page, its own parameter for the time replaced; "" for what is no web address."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host or not url.isprintable():
        return ""
    second = at_ms // 1000  # as players count: the whole second before
    site = _site(host)
    if site:
        name, form = _SITES[site]
        if site in _IN_FRAGMENT:
            return urlunsplit(parts._replace(fragment=f"{name}={form.format(second)}"))
        query = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if k != name]
        timed = urlencode([*query, (name, form.format(second))])
        return urlunsplit(parts._replace(query=timed, fragment=""))
    return urlunsplit(parts._replace(fragment=_fragment(at_ms)))


def _site(host: str) -> str:
    """The site that a host is of; "" for one that is not known."""
    labels = host.lower().split(".")
    names = (".".join(labels[n:]) for n in range(len(labels)))
    return next((name for name in names if name in _SITES), "")


def _file(path: str, at_ms: int) -> str:
    kind = PurePosixPath if path.startswith("/") else PureWindowsPath
    try:
        return f"{kind(path).as_uri()}#{_fragment(at_ms)}"
    except ValueError:  # a relative path, from which no file can be told
        return ""


def _fragment(at_ms: int) -> str:
    """`t=83.2`: seconds, without zeros at the end."""
    return f"t={at_ms / 1000:.3f}".rstrip("0").rstrip(".")
