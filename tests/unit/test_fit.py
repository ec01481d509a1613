"""Which vector index fits how large a library."""

from __future__ import annotations

import pytest

from kg_videorag.compose import ENGINES
from kg_videorag.vectors.fit import FAISS_FROM, HNSWLIB_TO, JSON_TO, fitting_stores


@pytest.mark.parametrize(
    ("vectors", "shared", "fitting"),
    [
        (0, False, ("hnswlib", "json", "neo4j")),
        (JSON_TO, False, ("hnswlib", "json", "neo4j")),
        (JSON_TO + 1, False, ("hnswlib", "neo4j")),
        (FAISS_FROM + 1, False, ("hnswlib", "faiss", "neo4j")),
        (HNSWLIB_TO, False, ("hnswlib", "faiss", "neo4j")),
        (HNSWLIB_TO + 1, False, ("faiss", "neo4j")),
        (0, True, ("neo4j", "hnswlib")),
        (HNSWLIB_TO, True, ("neo4j", "hnswlib", "faiss")),
        (HNSWLIB_TO + 1, True, ("neo4j", "faiss")),
    ],
)
def test_what_fits(vectors, shared, fitting) -> None:
    assert fitting_stores(vectors, shared=shared) == fitting
    assert set(fitting) <= ENGINES["vector_index"].keys()
