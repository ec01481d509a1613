"""What of a model's reply is its answer."""

from __future__ import annotations

import time

import pytest

from kg_videorag.engines.drafts import read_draft

SAID = "Neil Armstrong was born in Ohio. [1]"


@pytest.mark.parametrize(
    "reply",
    [
        SAID,
        f"\n  {SAID}\n",
        f"<think>Ohio? [2] Yes.</think>\n\n{SAID}",
        f"<THINK>\n{SAID}\n</THINK>{SAID}",
        f"the user wants [3] ...</think>{SAID}",  # the template wrote the first tag
        f"<reasoning>NO_ANSWER?</reasoning> {SAID}",
        f"{SAID}<|im_end|>",
        f"{SAID}</s>",
        f"<answer>{SAID}</answer>",
    ],
)
def test_what_is_no_answer_is_taken_off(reply):
    assert read_draft(reply) == SAID


@pytest.mark.parametrize(
    "reply",
    [
        "", "  \n", "NO_ANSWER", "NO_ANSWER.", "**NO_ANSWER**", "`NO_ANSWER`", "No answer.",
        "no_answer [1]", "Answer: NO_ANSWER", "Ответ: NO_ANSWER", "НЕТ ОТВЕТА", "нет ответа.",
        "NO_ANSWER. The evidence does not mention her. [1]", "The evidence holds none: NO_ANSWER",
        "<think>Ohio. [1]</think>NO_ANSWER", "<think>so many thoughts [1]",
    ],
)  # fmt: skip
def test_a_refusal_is_no_answer(reply):
    assert read_draft(reply) == ""


@pytest.mark.parametrize(
    "reply",
    ["No answer was given by the crew. [1]", "Нет ответа от экипажа. [2]", "He said: no. [1]"],
)
def test_an_answer_may_speak_of_answers(reply):
    assert read_draft(reply) == reply


@pytest.mark.parametrize(
    ("reply", "draft"),
    [
        ("He was born in Ohio. [1] His wi", "He was born in Ohio. [1]"),
        ("He was born in Ohio [1]. His wi", "He was born in Ohio [1]."),
        ("He was born in Ohio [1] and hi", "He was born in Ohio [1]"),
        ("He was bo", "He was bo"),
        ("A. [1] B [2", "A. [1]"),
    ],
)
def test_an_answer_that_was_cut_ends_with_a_whole_sentence(reply, draft):
    assert read_draft(reply, cut=True) == draft


@pytest.mark.parametrize(
    "reply", ["<think>" * 5_000, "</think>" * 5_000, "[" * 50_000, ". [" * 20_000, "<|" * 20_000]
)
def test_a_hostile_reply_takes_bounded_time(reply):
    begin = time.perf_counter()
    read_draft(reply, cut=True)
    assert time.perf_counter() - begin < 2
