"""A generator is given the best evidence that fits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg_videorag.ask.evidence import at_seconds, telling_of, within_budget, within_windows
from kg_videorag.model import Evidence, Modality, Sentence, Span


def evidence(tokens):
    sentence = Sentence("x" * (tokens * 4), Span(0, 1))  # four characters a token
    return Evidence("s", "v", "v.mp4", Span(0, 1), 1.0, ("text",), (sentence,))


@pytest.mark.parametrize(
    ("sizes", "max_tokens", "taken"),
    [
        ([], 100, 0),
        ([10], 100, 1),
        ([50, 50], 100, 2),  # exactly full
        ([50, 51], 100, 1),
        ([50, 60, 10], 100, 1),  # nothing is taken past what did not fit: rank decides
        ([500], 100, 1),  # at least one
        ([500, 1], 100, 1),
        ([0, 0, 100], 100, 3),
    ],
)
def test_the_best_that_fits(sizes, max_tokens, taken):
    items = [evidence(size) for size in sizes]
    assert within_budget(items, max_tokens) == tuple(items[:taken])


def test_only_what_is_said_in_the_stretch_that_is_asked_for():
    said = [Sentence(str(n), Span(n * 1000, n * 1000 + 900)) for n in range(4)]
    first = Evidence("a", "v", "v.mp4", Span(0, 2000), 1.0, ("time",), tuple(said[:2]))
    second = Evidence("b", "v", "v.mp4", Span(2000, 4000), 1.0, ("time",), tuple(said[2:]))
    window = Span(1500, 2500)
    both = within_windows([first, second], {"a": window, "b": window})
    assert [item.text for item in both] == ["1", "2"]
    # nothing is said just then, or no time is asked for: all as it is
    silence = Span(950, 990)
    assert within_windows([first], {"a": silence}) == (first,)
    assert within_windows([first, second], {}) == (first, second)


def test_what_is_of_the_very_second_comes_first_or_alone():
    def at(name, *spans, video="v"):
        said = tuple(Sentence(f"{name}{n}", Span(*span)) for n, span in enumerate(spans))
        return Evidence(name, video, "v.mp4", Span(0, 60_000), 1.0, ("time",), said)

    before = at("a", (38_000, 39_300), (39_300, 43_200))
    then = at("b", (43_900, 46_000), (44_000, 47_000))
    other = at("c", (10_000, 20_000), video="w")
    second = {"v": Span(43_000, 44_000)}
    alone = at_seconds([other, before, then], second, alone=True)
    assert [item.text for item in alone] == ["c0", "a1", "b0"]  # of another video all is kept
    rest = at_seconds([then, before], {"v": Span(40_000, 41_000)}, alone=False)
    assert [item.text for item in rest] == ["a0 a1", "b0 b1"]
    # nothing is there: what is nearest first
    silence = at_seconds([before, then], {"v": Span(50_000, 51_000)}, alone=True)
    assert silence == (then, before)
    assert at_seconds([then, before], {}, alone=True) == (then, before)


def test_a_line_on_the_screen_counts_for_a_moment():
    line = Sentence("Born in Ohio", Span(1000, 9000), modality=Modality.SCREEN, heading="Ann")
    item = Evidence("a", "v", "v.mp4", Span(0, 9000), 1.0, ("time",), (line,))
    assert within_windows([item], {"a": Span(8000, 8500)}) == (item,)


def test_a_caption_does_not_take_the_place_of_what_is_said_a_second_later():
    said = Sentence("The rocket rose.", Span(47_000, 49_000))
    seen = Sentence("A rocket on a pad.", Span(40_000, 50_000), modality=Modality.CAPTION)
    item = Evidence("a", "v", "v.mp4", Span(40_000, 50_000), 1.0, ("time",), (said, seen))
    assert at_seconds([item], {"v": Span(45_000, 46_000)}, alone=True) == (item,)
    (then,) = at_seconds([item], {"v": Span(48_000, 49_000)}, alone=True)
    assert then.sentences == (said, seen)
    silent = replace(item, sentences=(seen,))
    assert at_seconds([silent], {"v": Span(45_000, 46_000)}, alone=True) == (silent,)


def test_russian_takes_more_tokens():
    item = replace(evidence(0), sentences=(Sentence("я" * 1000, Span(0, 1)),))  # 400 tokens
    assert len(within_budget([item] * 5, 800)) == 2


@pytest.mark.parametrize(
    ("named", "said", "told"),
    [
        ("at 09:32", "At 9:32 the rocket rose.", True),
        ("at 9:32", "At 9:33 the rocket rose.", False),
        ("in the 88th minute", "He scored in the 88th minute.", True),
        ("на 88-й минуте", "Он забил на 88-й минуте.", True),
        ("at 02:30", "The rocket rose.", False),
    ],
)
def test_what_says_a_time_itself(named, said, told):
    item = replace(evidence(0), sentences=(Sentence(said, Span(0, 1)),))
    assert telling_of([item], named) == ((item,) if told else ())


def test_what_is_seen_and_heard_by_name_is_of_a_second_but_takes_nothings_place():
    music = Sentence("Heard: music.", Span(0, 30_000), modality=Modality.SOUND)
    said = Sentence("Rex barks.", Span(10_000, 12_000))
    item = Evidence("a", "v", "v.mp4", Span(0, 30_000), 1.0, ("time",), (said, music))
    (then,) = at_seconds([item], {"v": Span(11_000, 12_000)}, alone=True)
    assert then.sentences == (said, music)
    (near,) = at_seconds([item], {"v": Span(12_000, 13_000)}, alone=True)
    assert near.sentences == (said, music)  # nothing is said then: what is near
    later = Sentence("Rex sleeps.", Span(12_500, 14_000))
    both = Evidence("b", "v", "v.mp4", Span(0, 30_000), 1.0, ("time",), (said, later, music))
    (then,) = at_seconds([both], {"v": Span(12_500, 13_500)}, alone=True)
    assert then.sentences == (later, music)
