"""Which vector index fits a library; `doctor` tells."""

from __future__ import annotations

# Vectors of 384 numbers, one core: json saves 5,000 in 0.5 s after every ingest and loads them in
# 0.3 s at every question, hnswlib in 0.01 s each; at 20,000 it is 2.0 s and 1.4 s against 0.07 s
# and 0.05 s (28 MB against 8, 112 against 34).
JSON_TO = 5_000
# hnswlib holds them in memory, 1.7 kB a vector, and loads 20,000 in 0.05 s: a million are 1.7 GB
# and 2.5 s at every question. Neo4j keeps its index on disk and loads nothing; FAISS, from two
# million on, has a sixteenth in memory and the vectors themselves on disk (vectors/faiss_kinds.py).
HNSWLIB_TO = 1_000_000
# Below, FAISS looks at every vector, as json does, and its import takes longer than a search.
FAISS_FROM = 10_000


def fitting_stores(vectors: int, *, shared: bool) -> tuple[str, ...]:
    """Names of the vector indexes that fit, the best first.

    Args:
        vectors: How many the library holds.
        shared: Whether other machines use the same graph: each would make a copy of its own,
            and Neo4j's index is none.
    """
    fits = {
        "neo4j": shared,
        "hnswlib": vectors <= HNSWLIB_TO,
        "faiss": vectors > FAISS_FROM,
        "json": vectors <= JSON_TO and not shared,
    }
    return tuple(dict.fromkeys([*(name for name, does in fits.items() if does), "neo4j"]))
