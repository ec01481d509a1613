"""Ids come from content alone: a changed value here breaks every library that exists."""

from __future__ import annotations

import random

import pytest

from kg_videorag.identity import (
    embedding_id,
    embedding_label,
    entity_id,
    mention_id,
    normalise_name,
    relation_id,
    segment_id,
    video_id,
)
from kg_videorag.model import EntityType, Modality, Span

ARMSTRONG = "35304b348730485b40ac22f52dc1b57c"


@pytest.mark.parametrize(
    ("spelling", "normal"),
    [
        ("Neil Armstrong", "neil armstrong"),
        ("  Neil \t Armstrong\n", "neil armstrong"),
        ("NEIL ARMSTRONG", "neil armstrong"),
        # articles
        ("The Saturn V", "saturn v"),
        ("the  Saturn V", "saturn v"),
        ("A Tiger", "tiger"),
        ("an Eagle", "eagle"),
        ("Theodore", "theodore"),
        ("Apollo the Great", "apollo the great"),
        ("the", "the"),
        ("A", "a"),
        # possessives
        ("The Saturn V's", "saturn v"),
        ("The Saturn V’s", "saturn v"),
        ("James'", "james"),
        ("James's", "james"),
        ("O’Brien", "o'brien"),
        ("O'Brien's", "o'brien"),
        ("Saturn V's.", "saturn v"),
        # quotes and punctuation
        ("“The Eagle”", "eagle"),
        ('"The Eagle"', "eagle"),
        ("\u2018Eagle\u2019", "eagle"),
        ("'The Eagle'", "eagle"),
        ("the 'Eagle'", "eagle"),
        ("Eagle,", "eagle"),
        ("Washington (D.C.)", "washington d.c"),
        ("U.S.", "u.s"),
        ("U.S", "u.s"),
        ("St. Louis", "st. louis"),
        # what tells names apart stays
        ("AT&T", "at&t"),
        ("C++", "c++"),
        ("C#", "c#"),
        ("Apollo 11", "apollo 11"),
        ("Apollo-Soyuz", "apollo-soyuz"),
        # Unicode
        ("Straße", "strasse"),
        ("\uff2e\uff21\uff33\uff21", "nasa"),  # full width
        ("Ångström", "ångström"),
        ("Angstro\u0308m", "angström"),
        ("ﬁnland", "finland"),
        ("Юрий Гагарин", "юрий гагарин"),
        ("阿波罗", "阿波罗"),
        ("राम", "राम"),
        ("İstanbul", "i\u0307stanbul"),
        ("x\x1fy", "x y"),  # the separator of digests
    ],
)
def test_spellings_of_one_name_are_equal(spelling, normal):
    assert normalise_name(spelling) == normal


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Apollo 11", "Apollo 13"),
        ("C", "C++"),
        ("Collins", "Michael Collins"),
        ("мир", "мор"),
        ("राम", "रोम"),  # they differ in a mark
        ("!!!", "???"),
    ],
)
def test_other_names_stay_apart(first, second):
    assert normalise_name(first) != normalise_name(second)


@pytest.mark.parametrize(
    ("identity", "expected"),
    [
        (
            segment_id("a" * 64, Span(0, 12_340), "1/10000-30000"),
            "15a204b399656bbf892d6a4cd4711bc2",
        ),
        (entity_id(EntityType.PERSON, "Neil Armstrong"), ARMSTRONG),
        (entity_id(EntityType.PLACE, "Neil Armstrong"), "dd7165083af5358e044f6b18dd853655"),
        (
            mention_id("seg", ARMSTRONG, Modality.SPEECH, Span(10, 20)),
            "6e9d83ea2f00a5fc91cca48206fe433b",
        ),
        (
            relation_id(ARMSTRONG, "walk on", "obj", "seg", 10, Modality.SPEECH),
            "4aa2d740d7ad8acdc49cdd2ecc69a793",
        ),
        (
            embedding_id("seg", "text", "all-MiniLM-L6-v2/ct2-int8", 10, "c0ffee"),
            "f5c74bcf31d4a678e574ba20315647fc",
        ),
    ],
    ids=["segment", "entity", "entity of another type", "mention", "relation", "embedding"],
)
def test_ids_are_what_they_always_were(identity, expected):
    assert identity == expected


def test_a_video_is_its_content(tmp_path):
    original, copy = tmp_path / "a.mp4", tmp_path / "b.mkv"
    original.write_bytes(b"hello")
    copy.write_bytes(b"hello")
    assert video_id(original) == video_id(copy)
    assert video_id(original) == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"


def test_one_entity_however_its_name_is_spelled():
    assert entity_id(EntityType.PERSON, "the  NEIL Armstrong’s") == ARMSTRONG


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("ab", "c"), ("a", "bc")),  # parts do not run together
        (("ab", ""), ("a", "b")),
        (("1", "11"), ("11", "1")),
    ],
)
def test_parts_of_an_id_do_not_run_together(first, second):
    ids = [relation_id(a, b, "object", "segment", 0, Modality.SPEECH) for a, b in (first, second)]
    assert ids[0] != ids[1]


def test_every_part_counts():
    ids = {
        relation_id(subject, predicate, object_, segment, start_ms, modality)
        for subject in ("a", "b")
        for predicate in ("is", "was")
        for object_ in ("c", "d")
        for segment in ("s1", "s2")
        for start_ms in (0, 1)
        for modality in (Modality.SPEECH, Modality.SCREEN)
    }
    assert len(ids) == 2**6


def test_a_label_is_the_top_63_bits():
    assert embedding_label("f5c74bcf31d4a678e574ba20315647fc") == 8855103706462049084
    assert embedding_label("f" * 32) == 2**63 - 1
    assert embedding_label("0" * 32) == 0


def test_labels_fit_a_signed_64_bit_integer():
    generator = random.Random(0)
    labels = [embedding_label(f"{generator.getrandbits(128):032x}") for _ in range(2_000)]
    assert all(0 <= label < 2**63 for label in labels)
    assert len(set(labels)) == len(labels)
