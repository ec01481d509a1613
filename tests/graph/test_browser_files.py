"""What is offered for Neo4j Browser: each query runs, and shows no vectors."""

from __future__ import annotations

import html
import re

import pytest

from kg_videorag.graph.queries import cypher_folder
from kg_videorag.graph.write import write_video
from kg_videorag.measures.run import measure_library

FOLDER = cypher_folder() / "browser"
SAVED = sorted((FOLDER / "saved").glob("*.cypher"))
GUIDE = (FOLDER / "guide.html").read_text(encoding="utf-8")
IN_GUIDE = [
    html.unescape(text) for text in re.findall(r"<pre><code>(.*?)</code></pre>", GUIDE, re.DOTALL)
]
TYPES = re.findall(r"^node\.(\w+)", (FOLDER / "kg_videorag.grass").read_text(), re.MULTILINE)


@pytest.fixture
def library(graph, video_graph):
    talk = [
        ("A Saturn computer.", ["Saturn V", "Neil Armstrong"]),
        ("Both.", ["Neil Armstrong", "Charles Draper"]),
    ]
    write_video(graph, video_graph("Apollo", talk))
    write_video(graph, video_graph("Other", [("Saturn.", ["Saturn V", "Charles Draper"])]))
    measure_library(graph)
    return graph


@pytest.mark.parametrize("text", [p.read_text(encoding="utf-8") for p in SAVED] + IN_GUIDE)
def test_a_query_runs_and_shows_no_vectors(library, statement, text) -> None:
    rows = library.read(statement(text))
    joins_names = "SAME_AS]->(:Entity)" in text or "SIMILAR_TO" in text  # none here
    assert rows or joins_names
    assert "Embedding" not in text
    assert re.search(r"LIMIT \d+|limit: \d+", text)


def test_a_saved_query_begins_with_its_name() -> None:
    assert len(SAVED) == 10
    assert all(path.read_text().startswith(f"// {int(path.name[:2])}. ") for path in SAVED)


def test_every_label_of_the_graph_has_a_colour() -> None:
    model = {"Video", "Segment", "Entity", "Community", "Correction", "Embedding"}
    from kg_videorag.model import EntityType

    assert set(TYPES) == model | {str(type_) for type_ in EntityType}
