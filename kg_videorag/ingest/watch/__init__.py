"""Watches the pictures of a video: where shots change, and what stands on the screen when."""

from kg_videorag.ingest.watch.watcher import Seen, Watcher

__all__ = ["Seen", "Watcher"]
