"""Tags and filters by name, on real Neo4j."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg_videorag.errors import ScopeError, TagError, VideoSelectionError
from kg_videorag.graph.read import find_video, list_videos
from kg_videorag.graph.retell import Retold, retell_video
from kg_videorag.graph.select_scope import filters, select_scope
from kg_videorag.graph.tags import change_tags, videos_tagged
from kg_videorag.graph.write import delete_video, move_videos, write_video
from kg_videorag.model import EVERYWHERE, Modality, Scope, Span


@pytest.fixture
def library(graph, video_graph):
    """Two videos, in the first of which Ann speaks and then Bob, in the second Ann alone."""
    one = video_graph("one", [("Ann met Bob.", []), ("Bob left.", [])])
    two = video_graph("two", [("Cy sang.", [])])
    for made, speakers in ((one, ("Ann", "Bob")), (two, ("Ann",))):
        spoken = tuple(
            replace(s, sentences=(replace(s.sentences[0], speaker=who),))
            for s, who in zip(made.segments, speakers, strict=True)
        )
        write_video(graph, replace(made, segments=spoken))
    return graph, one, two


def tags(graph, video):
    return find_video(graph, video.video.id).tags


def test_tags_are_put_on_and_taken_off(library) -> None:
    graph, one, two = library
    both = [one.video.id, two.video.id]
    change_tags(graph, both, add=["Course", "Весна"], remove=[])
    change_tags(graph, both[:1], add=["course"], remove=["весна"])
    assert (tags(graph, one), tags(graph, two)) == (("Course",), ("Course", "Весна"))
    assert videos_tagged(graph, ["ВЕСНА"]) == (two.video.id,)
    assert set(videos_tagged(graph, ["весна", "course"])) == set(both)  # any of them
    assert [v.video.id for v in list_videos(graph, videos_tagged(graph, ["весна"]))] == both[1:]
    change_tags(graph, both[:1], add=[], remove=["Весна"])  # it does not carry it
    change_tags(graph, both, add=[], remove=["course", "Весна"])
    with pytest.raises(TagError, match="no video carries the tag 'Course'") as told:
        videos_tagged(graph, ["Course"])
    assert "videos tag VIDEO --add" in told.value.hint


def test_a_tag_that_nobody_carries_names_those_that_are(library) -> None:
    graph, one, _ = library
    change_tags(graph, [one.video.id], add=["b", "A"], remove=[])
    with pytest.raises(TagError) as told:
        change_tags(graph, [one.video.id], add=["c"], remove=["d"])
    assert told.value.hint == "Tags: A, b."
    assert tags(graph, one) == ("A", "b")


def test_tags_outlive_what_is_written_anew(library, statement) -> None:
    graph, one, two = library
    change_tags(graph, [one.video.id, two.video.id], add=["x"], remove=[])
    write_video(graph, one)
    move_videos(graph, {one.video.id: "/elsewhere/one.mp4"})
    retold = Retold(
        one.video.id, one.segments, one.entities, one.mentions, one.relations, (), frozenset()
    )
    retell_video(graph, retold, lambda _: None)
    assert tags(graph, one) == ("x",)
    delete_video(graph, one.video.id)
    assert tags(graph, two) == ("x",)
    delete_video(graph, two.video.id)
    assert graph.read(statement("MATCH (t:Tag) RETURN t")) == []


def test_what_users_name_becomes_a_scope(library) -> None:
    graph, one, two = library
    change_tags(graph, [two.video.id], add=["x"], remove=[])
    every = {one.video.id, two.video.id}

    def chosen(**given):
        return select_scope(graph, filters(**given))

    assert chosen() == EVERYWHERE
    assert chosen(videos=["one.mp4", "one"]) == Scope((one.video.id,))
    assert chosen(tags="X") == Scope((two.video.id,))
    assert chosen(time="0:05-", modalities="screen") == Scope(
        window=Span(5_000, 2**53), modalities=frozenset({Modality.SCREEN})
    )
    found = chosen(speaker="ann ")
    assert (found.speaker, set(found.video_ids)) == ("Ann", every)
    assert chosen(speaker="Bob", videos="one") == Scope((one.video.id,), speaker="Bob")


@pytest.mark.parametrize(
    ("given", "error", "message", "hint"),
    [
        ({"speaker": "Dora"}, ScopeError, "nobody is named 'Dora'", "Speakers: Ann, Bob."),
        ({"speaker": "Bob", "tags": "x"}, ScopeError, "in the chosen videos", "Speakers: Ann."),
        ({"tags": "y"}, TagError, "no video carries the tag 'y'", "Tags: x."),
        ({"tags": "x", "videos": "one"}, ScopeError, "carries the tag 'x'", "videos list"),
        ({"videos": "three"}, VideoSelectionError, "no video is named 'three'", "Candidates"),
        ({"time": "1:00-"}, ScopeError, "nothing from 00:01:00 on", "one.mp4, ends at 00:00:20."),
        ({"time": "0:15-", "tags": "x"}, ScopeError, "from 00:00:15", "two.mp4 ends at 00:00:10."),
    ],
)
def test_a_name_of_nothing_tells_what_exists(library, given, error, message, hint) -> None:
    graph, _, two = library
    change_tags(graph, [two.video.id], add=["x"], remove=[])
    with pytest.raises(error, match=message) as told:
        select_scope(graph, filters(**given))
    assert hint in told.value.hint


def test_speakers_of_videos_that_were_ingested_before_are_known(library, statement) -> None:
    graph, *_ = library
    forget = statement("MATCH (v:Video) REMOVE v.speakers")
    graph.write(lambda tx: tx.run(forget))
    assert select_scope(graph, filters(speaker="Bob")).speaker == "Bob"
