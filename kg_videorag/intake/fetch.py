"""Brings what an address leads to, a file or the video of a page, and keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kg_videorag.errors import FetchError
from kg_videorag.intake.addresses import names_media_file, without_login
from kg_videorag.intake.client import SCHEMES, GuardedClient
from kg_videorag.intake.download import Download, PageInsteadError

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg_videorag.intake.shelf import Fetched, Place, Shelf
    from kg_videorag.intake.terms import Terms


def _unwatched(_share: float) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Brings files of addresses onto this machine.

    Args:
        shelf: Where they are kept.
        terms: From where, and how much.
    """

    shelf: Shelf
    terms: Terms

    def fetch(
        self, url: str, *, force: bool = False, on_share: Callable[[float], None] = _unwatched
    ) -> Fetched:
        """The file that an address leads to.

        What was brought before is not asked for again: what citations play must not change
        under them.

        Args:
            url: With http or https.
            force: Bring it again, even if it is here.
            on_share: Told how much is here, 0..1.

        Raises:
            FetchError: If it cannot be had, or may not be.
        """
        _require_address(url)
        place = self.shelf.place(url)
        with place.held():
            here = place.whole()
            if here is not None and not force:
                return here
            try:
                fetched = self._bring(url, place, on_share)
            except FetchError as error:
                raise _about(url, error) from error
        on_share(1.0)
        return fetched

    def forget(self, url: str) -> None:
        """Drop what an address gave, because it is no video."""
        place = self.shelf.place(url)
        with place.held():
            place.clear()

    def _bring(self, url: str, place: Place, on_share: Callable[[float], None]) -> Fetched:
        if not names_media_file(url) and self._is_known_site(url):
            return self._from_site(url, place, on_share)
        try:
            terms = self.terms
            with GuardedClient(private=terms.private, patience=terms.patience) as client:
                return Download(client, url, place, terms, on_share).bring()
        except PageInsteadError:
            place.part.unlink(missing_ok=True)
            return self._from_site(url, place, on_share)

    def _is_known_site(self, url: str) -> bool:
        from kg_videorag.intake.sites import knows

        return knows(url)

    def _from_site(self, url: str, place: Place, on_share: Callable[[float], None]) -> Fetched:
        from kg_videorag.intake.sites import SiteDownload

        return SiteDownload(url, place, self.terms, on_share).bring()


def _require_address(url: str) -> None:
    """Refuse what is no address before anything is made for it.

    Raises:
        FetchError: If it is none, or none of the web.
    """
    try:
        parts = urlsplit(url)
        fine = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        parts, fine = urlsplit(""), False
    if parts.scheme and parts.scheme not in SCHEMES:
        raise FetchError(
            f"{without_login(url)}: only http and https addresses are fetched",
            hint="Download it by other means, and give the path of the file.",
        )
    if not fine or not url.isprintable():
        raise FetchError(f"{without_login(url)}: this is no address", hint="Check its spelling.")


def _about(url: str, error: FetchError) -> FetchError:
    """The same error, its message beginning with the address."""
    shown = without_login(url)
    if error.message.startswith(shown):
        return error
    return type(error)(f"{shown}: {error.message}", hint=error.hint)
