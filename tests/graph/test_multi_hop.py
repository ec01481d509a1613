"""Questions whose answer joins facts of several videos, by the graph alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg_videorag.ask.search import search
from kg_videorag.ask.select import select
from kg_videorag.graph.write import write_video
from kg_videorag.model import chain_in_words

QUESTION = "Where was the founder of the laboratory that designed the Apollo computer born?"


def told(video, *predicates):
    """A video whose relations have other predicates than the hand-made ones."""
    renamed = zip(video.relations, predicates, strict=True)
    return replace(video, relations=tuple(replace(r, predicate=p) for r, p in renamed))


@pytest.fixture
def library(graph, video_graph):
    """Three facts in three videos, and a talk that drops all of their names."""
    computer = "The Apollo computer was designed at the Instrumentation Laboratory."
    joined = ["Apollo computer", "Instrumentation Laboratory"]
    videos = [
        told(video_graph("computer", [(computer, joined)]),
             "design at"),
        told(video_graph("lab", [
            ("Rain fell.", []),
            ("Instrumentation Laboratory was founded by Charles Draper.",
             ["Instrumentation Laboratory", "Charles Draper"]),
        ]), "found by"),
        told(video_graph("draper", [("Charles Draper was born in Windsor.",
                                     ["Charles Draper", "Windsor"])]), "be born in"),
        video_graph("talk", [
            (f"{one} hangs beside {other} on wall {i}.", [one, other])
            for i in range(12)
            for one, other in [
                ("Charles Draper", "Apollo computer"), ("Windsor", "Instrumentation Laboratory"),
            ]
        ]),
    ]  # fmt: skip
    for video in videos:
        write_video(graph, video)
    return graph, videos


def test_all_facts_of_a_chain_come_first(library) -> None:
    graph, (computer, lab, draper, _) = library
    chosen = select(search(QUESTION, [], graph=graph), graph=graph, top_k=8)
    needed = {computer.segments[0].id, lab.segments[1].id, draper.segments[0].id}
    assert {item.segment_id for item in chosen.evidence[:3]} == needed
    assert len(chosen.evidence) == 8
    scores = [item.score for item in chosen.evidence]
    assert scores == sorted(scores, reverse=True)


def test_the_reason_tells_the_chain_with_its_moments(library) -> None:
    graph, _ = library
    chosen = select(search(QUESTION, [], graph=graph), graph=graph, top_k=8)
    assert [r.segment_id for r in chosen.reasons] == [e.segment_id for e in chosen.evidence]
    first = chosen.reasons[0]
    assert {gain.road for gain in first.roads} <= {"fulltext", "entity", "graph"}
    assert {(k.subject, k.predicate, k.object, k.video) for k in first.chain} == {
        ("Apollo computer", "design at", "Instrumentation Laboratory", "computer.mp4"),
        ("Instrumentation Laboratory", "found by", "Charles Draper", "lab.mp4"),
        ("Charles Draper", "be born in", "Windsor", "draper.mp4"),
    }
    assert "(draper.mp4 00:00:00)" in chain_in_words(first.chain)


def test_what_the_graph_alone_knows_is_cut_to_where_it_is_told(graph, video_graph) -> None:
    named = told(video_graph("named", [("Ann founded the Lab.", ["Ann", "Lab"])]), "found")
    hidden = video_graph(
        "hidden", [("It rains. He smiled. Bob went with Ann to sea. So be it.", [])]
    )
    segment = hidden.segments[0]
    texts = ("It rains.", "He smiled.", "Ann was born at sea.", "So be it.")
    spans = [replace(segment.span, start_ms=i * 2_000, end_ms=i * 2_000 + 1_900) for i in range(4)]
    sentences = tuple(
        replace(segment.sentences[0], text=text, span=span)
        for text, span in zip(texts, spans, strict=True)
    )
    born = replace(
        named.relations[0], id="0" * 32, predicate="be born at", segment_id=segment.id,
        span=spans[2],
    )  # fmt: skip
    mention = replace(named.mentions[0], id="1" * 32, segment_id=segment.id, span=spans[2])
    write_video(graph, named)
    write_video(
        graph,
        replace(
            hidden, segments=(replace(segment, sentences=sentences),), relations=(born,),
            mentions=(mention,), entities=named.entities,
        ),
    )  # fmt: skip
    found = search("Where was the founder of the Lab born?", [], graph=graph)
    found = replace(
        found, hits={road: hits for road, hits in found.hits.items() if road != "fulltext"}
    )
    evidence = {e.segment_id: e for e in select(found, graph=graph, top_k=5).evidence}
    item = evidence[segment.id]
    assert item.via in {("entity", "graph"), ("graph",)}
    assert [s.text for s in item.sentences] == ["He smiled.", "Ann was born at sea."]
    assert item.before == ("It rains.",)
    assert (item.span.start_ms, item.span.end_ms) == (2_000, 5_900)
