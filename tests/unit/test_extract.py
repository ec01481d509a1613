"""Characters to milliseconds, and what is said twice to one id."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from kg_videorag.errors import EngineError
from kg_videorag.identity import entity_id, mention_id, relation_id
from kg_videorag.ingest.extract import extract_graph
from kg_videorag.model import (
    EngineState,
    EntityType,
    Extraction,
    Modality,
    Segment,
    Sentence,
    Span,
    TextEntity,
    TextRelation,
    Word,
)


@dataclass
class Scripted:
    """Gives prepared extractions; remembers what it was asked."""

    extractions: list[Extraction]
    name: str = "scripted"
    version: str = "1"
    asked: list[list[str]] = field(default_factory=list)

    def check(self):
        return EngineState(ready=True, model="none", weights="none", checksum="none needed")

    def extract(self, texts):
        self.asked.append(list(texts))
        return self.extractions


def sentence(text, start_ms, word_ms=100, *, words=True, modality=Modality.SPEECH):
    """A sentence whose words last `word_ms` each, one after another."""
    parts = text.split()
    spans = [Span(start_ms + i * word_ms, start_ms + (i + 1) * word_ms) for i in range(len(parts))]
    timed = tuple(Word(part, span, 1.0) for part, span in zip(parts, spans, strict=True))
    return Sentence(text, Span(start_ms, spans[-1].end_ms), timed if words else (), modality)


def segment(*sentences, identity="s1", span=None):
    covered = Span(sentences[0].span.start_ms, sentences[-1].span.end_ms)
    return Segment(identity, "v1", 0, span or covered, sentences)


def entity(text, name, entity_type=EntityType.PERSON, confidence=0.9):
    start = text.index(name)
    return TextEntity(name, entity_type, start, start + len(name), confidence)


LANDING = "Yesterday Neil Armstrong landed on the Moon."


def landing(confidence=0.7):
    entities = (entity(LANDING, "Neil Armstrong"), entity(LANDING, "Moon", EntityType.PLACE))
    relation = TextRelation(0, "land on", 1, entities[0].start_char, len(LANDING) - 1, confidence)
    return Extraction(entities, (relation,))


def test_a_mention_lasts_as_long_as_its_words():
    graph = extract_graph([segment(sentence(LANDING, 1000))], Scripted([landing()]))
    armstrong, moon = graph.mentions
    assert armstrong.span == Span(1100, 1300)
    assert moon.span == Span(1600, 1700), "the word is `Moon.`, the name is inside it"
    assert armstrong.surface == "Neil Armstrong"
    assert armstrong.modality is Modality.SPEECH
    assert armstrong.entity_id == entity_id(EntityType.PERSON, "Neil Armstrong")
    assert armstrong.id == mention_id("s1", armstrong.entity_id, Modality.SPEECH, Span(1100, 1300))


def test_a_relation_lasts_from_its_first_to_its_last_word():
    graph = extract_graph([segment(sentence(LANDING, 1000))], Scripted([landing()]))
    (relation,) = graph.relations
    assert relation.span == Span(1100, 1700)
    assert relation.surface == "Neil Armstrong landed on the Moon"
    assert (relation.predicate, relation.segment_id) == ("land on", "s1")
    assert relation.id == relation_id(
        relation.subject_id, "land on", relation.object_id, "s1", 1100, Modality.SPEECH
    )


def test_a_sentence_without_words_gives_its_own_time_and_modality():
    caption = sentence(LANDING, 1000, words=False, modality=Modality.CAPTION)
    graph = extract_graph([segment(caption)], Scripted([landing()]))
    assert {m.span for m in graph.mentions} == {caption.span}
    assert {m.modality for m in graph.mentions} == {Modality.CAPTION}
    assert graph.relations[0].span == caption.span


def test_a_word_said_twice_is_timed_by_its_own_place():
    text = "Moon and Moon"
    found = Extraction(
        tuple(TextEntity("Moon", EntityType.PLACE, start, start + 4, 0.5) for start in (0, 9))
    )
    graph = extract_graph([segment(sentence(text, 0))], Scripted([found]))
    assert [m.span for m in graph.mentions] == [Span(0, 100), Span(200, 300)]
    assert len(graph.entities) == 1


def test_nothing_lies_outside_its_segment():
    late = sentence(LANDING, 1000)
    graph = extract_graph([segment(late, span=Span(1150, 1250))], Scripted([landing()]))
    outer = Span(1150, 1250)
    for found in (*graph.mentions, *graph.relations):
        assert outer.start_ms <= found.span.start_ms < found.span.end_ms <= outer.end_ms


@pytest.mark.parametrize("word_ms", [0, 1])
def test_what_was_said_in_no_time_still_lasts_a_millisecond(word_ms):
    instant = sentence(LANDING, 1000, word_ms)
    graph = extract_graph([segment(instant, span=Span(900, 1000))], Scripted([landing()]))
    assert {m.span for m in graph.mentions} == {Span(999, 1000)}


def test_an_empty_segment_gives_what_it_has():
    graph = extract_graph([segment(sentence(LANDING, 5, 0))], Scripted([landing()]))
    assert {m.span for m in graph.mentions} == {Span(5, 5)}


def test_the_usual_spelling_names_the_entity():
    spellings = ["the Saturn V", "Saturn V", "SATURN V", "Saturn V"]
    found = [
        Extraction((TextEntity(name, EntityType.PRODUCT, 0, len(name), 0.5),)) for name in spellings
    ]
    sentences = [sentence(name, i * 1000) for i, name in enumerate(spellings)]
    graph = extract_graph([segment(*sentences)], Scripted(found))
    assert [e.name for e in graph.entities] == ["Saturn V"]
    assert [m.surface for m in graph.mentions] == spellings


def test_equal_spellings_are_settled_by_the_first():
    found = [Extraction((TextEntity(n, EntityType.PLACE, 0, 4, 0.5),)) for n in ("MOON", "Moon")]
    segments = [segment(sentence("MOON", 0), sentence("Moon", 1000))]
    assert extract_graph(segments, Scripted(found)).entities[0].name == "MOON"


def test_what_has_one_id_is_one_and_keeps_the_surer_confidence():
    caption = sentence(LANDING, 1000, words=False)
    graph = extract_graph(
        [segment(caption, caption)], Scripted([landing(confidence=0.4), landing(confidence=0.7)])
    )
    assert len(graph.mentions) == 2
    assert [r.confidence for r in graph.relations] == [0.7]
    assert len({m.id for m in graph.mentions}) == 2


def test_nothing_is_related_to_itself():
    text = "The Moon is the moon"
    names = (entity(text, "Moon", EntityType.PLACE), entity(text, "moon", EntityType.PLACE))
    found = Extraction(names, (TextRelation(0, "be", 1, 0, len(text), 0.7),))
    assert extract_graph([segment(sentence(text, 0))], Scripted([found])).relations == ()


def test_all_sentences_go_to_the_extractor_at_once_and_in_order():
    one, two = sentence("First.", 0), sentence("Second.", 1000)
    scripted = Scripted([Extraction(), Extraction()])
    segments = [segment(one), segment(two, identity="s2")]
    assert extract_graph(segments, scripted).mentions == ()
    assert scripted.asked == [["First.", "Second."]]


def test_an_extractor_that_loses_a_sentence_is_refused():
    with pytest.raises(EngineError, match="scripted gave 0 extractions for 1 sentences"):
        extract_graph([segment(sentence("First.", 0))], Scripted([]))


def test_no_segments_give_an_empty_graph():
    graph = extract_graph([], Scripted([]))
    assert (graph.entities, graph.mentions, graph.relations) == ((), (), ())


def line(text, heading="", start_ms=0):
    span = Span(start_ms, start_ms + 5_000)
    return Sentence(text, span, modality=Modality.SCREEN, heading=heading)


def on_screen(*lines, said=()):
    return Segment("s1", "v1", 0, Span(0, 20_000), tuple(said), lines)


TITLE, BORN = "Marie Curie", "Born in Warsaw"
UNDER = f"{TITLE}: {BORN}"


def birth(subject=TITLE, object_type=EntityType.PLACE):
    ends = (entity(UNDER, subject), entity(UNDER, "Warsaw", object_type))
    return Extraction(ends, (TextRelation(0, "be born in", 1, 0, len(UNDER), 0.8),))


def title():
    return Extraction((entity(TITLE, TITLE),))


def test_a_line_is_read_under_its_heading_and_mentions_what_stands_in_it():
    scripted = Scripted([title(), birth()])
    graph = extract_graph([on_screen(line(TITLE), line(BORN, TITLE, 2_000))], scripted)
    assert scripted.asked == [[TITLE, UNDER]]
    assert [(m.surface, m.modality, m.span) for m in graph.mentions] == [
        ("Marie Curie", Modality.SCREEN, Span(0, 5_000)),
        ("Warsaw", Modality.SCREEN, Span(2_000, 7_000)),
    ]
    (relation,) = graph.relations
    assert (relation.predicate, relation.modality) == ("be born in", Modality.SCREEN)
    assert relation.span == Span(2_000, 7_000)
    assert relation.surface == UNDER


def test_a_relation_of_something_that_is_mentioned_nowhere_is_left_out():
    graph = extract_graph([on_screen(line(BORN, TITLE))], Scripted([birth()]))
    assert [entity.name for entity in graph.entities] == ["Warsaw"]
    assert graph.relations == ()


def test_a_name_that_runs_on_from_the_heading_into_the_line_ends_with_it():
    scripted = Scripted([title(), birth(subject="Marie Curie: Born")])
    graph = extract_graph([on_screen(line(TITLE), line(BORN, TITLE))], scripted)
    assert [entity.name for entity in graph.entities] == ["Marie Curie", "Warsaw"]
    assert len(graph.relations) == 1


def test_what_a_heading_tells_is_told_where_it_stands():
    heading = "Ann met Bob"
    under = f"{heading}: Warsaw"
    ends = (entity(heading, "Ann"), entity(heading, "Bob"))
    told = TextRelation(0, "meet", 1, 0, len(heading), 0.8)
    place = entity(under, "Warsaw", EntityType.PLACE)
    scripted = Scripted([Extraction(ends, (told,)), Extraction((*ends, place), (told,))])
    graph = extract_graph([on_screen(line(heading), line("Warsaw", heading, 3_000))], scripted)
    assert [relation.span.start_ms for relation in graph.relations] == [0]
    assert len(graph.mentions) == 3


def test_a_bare_noun_on_the_screen_is_an_entity_where_something_is_told_of_it():
    def concept(text, *relations):
        return Extraction((entity(text, "radium", EntityType.CONCEPT),), relations)

    segments = [on_screen(line("Some radium"))]
    assert extract_graph(segments, Scripted([concept("Some radium")])).mentions == ()
    said = sentence("She found radium", 0)
    spoken = concept(said.text)
    both = extract_graph(
        [on_screen(line("Some radium"), said=[said])], Scripted([spoken, concept("Some radium")])
    )
    assert [m.modality for m in both.mentions] == [Modality.SPEECH, Modality.SCREEN]


CAPTION = "Ann holds a vial at a table."


def seen(*found, said=()):
    """A segment with a caption in which some names and things were found."""
    shown = Sentence(CAPTION, Span(2_000, 9_000), modality=Modality.CAPTION)
    made = Segment("s1", "v1", 0, Span(0, 20_000), tuple(said), captions=(shown,))
    ends = tuple(entity(CAPTION, name, kind) for name, kind in found)
    return made, ends


def test_a_name_in_a_caption_is_mentioned_as_long_as_it_is_seen():
    made, ends = seen(("Ann", EntityType.PERSON))
    scripted = Scripted([Extraction(ends)])
    (mention,) = extract_graph([made], scripted).mentions
    assert scripted.asked == [[CAPTION]]
    assert (mention.surface, mention.modality) == ("Ann", Modality.CAPTION)
    assert mention.span == Span(2_000, 9_000)


@pytest.mark.parametrize("kind", [EntityType.CONCEPT, EntityType.QUANTITY, EntityType.DATE])
def test_things_in_a_caption_are_no_entities_unless_somebody_speaks_of_them(kind):
    told = TextRelation(0, "hold", 1, 0, len(CAPTION), 0.8)
    made, ends = seen(("Ann", EntityType.PERSON), ("vial", kind), ("table", kind))
    alone = extract_graph([made], Scripted([Extraction(ends, (told,))]))
    assert [e.name for e in alone.entities] == ["Ann"]
    assert alone.relations == ()

    text = "She found a vial"
    made, ends = seen(
        ("Ann", EntityType.PERSON), ("vial", kind), ("table", kind), said=[sentence(text, 0)]
    )
    spoken = Extraction((entity(text, "vial", kind),))
    both = extract_graph([made], Scripted([spoken, Extraction(ends, (told,))]))
    assert [(m.surface, str(m.modality)) for m in both.mentions] == [
        ("vial", "speech"), ("Ann", "caption"), ("vial", "caption"),
    ]  # fmt: skip
    assert [(r.predicate, r.modality) for r in both.relations] == [("hold", Modality.CAPTION)]
