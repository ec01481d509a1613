"""Subtitles beside a video or inside it: what people wrote is trusted before what is heard.

    find -> read (bytes to captions) -> clean (captions to cues) -> sentences

docs/adr/0012-speech.md says which are taken where there are several.
"""

from kg_videorag.ingest.subtitles.find import Subtitles, find_subtitles

__all__ = ["Subtitles", "find_subtitles"]
