"""Goes through a film of slides as an ingest does, and prints what memory it took: a script.

Nothing is recognised: what is read and embedded is made up, of the size that it would have.
"""

from __future__ import annotations

import json
import resource
import sys
import tracemalloc
from pathlib import Path

import numpy as np

from kg_videorag.ingest.embed_media import MediaVectors
from kg_videorag.ingest.media import decoded
from kg_videorag.ingest.watch import Watcher
from kg_videorag.model import Picture, TextLine

LINES = 8  # on a slide
DIMENSION = 32
BLOCK_S = 60.0  # an ingest's is 300 s, beside which less would be seen to grow


class Reader:
    """Reads eight new lines from every picture that is worth reading."""

    name = version = "made up"

    def __init__(self) -> None:
        self.count = 0

    def read(self, picture):
        self.count += 1
        tops = [0.02 + 0.08 * row for row in range(LINES)]
        return [
            TextLine(f"line {self.count} of {top}", 0.99, (0.05, top, 0.95, top + 0.06))
            for top in tops
        ]


class Embedder:
    """Vectors of nothing in particular."""

    name = version = model = "made up"

    def embed_pictures(self, pictures):
        return np.ones((len(pictures), DIMENSION), np.float32)

    embed_sounds = embed_pictures


def main(path: Path, what: str) -> None:
    reader = Reader()
    watcher, media = Watcher(reader), MediaVectors(Embedder())
    if what == "python":  # what it counts by would itself be counted as resident
        tracemalloc.start()
    pictures = heard_ms = 0
    for part in decoded(path, block_s=BLOCK_S):
        if isinstance(part, Picture):
            pictures += 1
            watcher.see(part)
            media.see(part)
        else:
            heard_ms = part.end_ms
            media.hear(part)
    seen, vectors = watcher.finish(None), media.finish()
    told = {
        "pictures": pictures,
        "heard_ms": heard_ms,
        "lines": len(seen.lines),
        "vectors": len(vectors),
        "peak_bytes": tracemalloc.get_traced_memory()[1] or _resident_bytes(),
    }
    sys.stdout.write(json.dumps(told))


def _resident_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
