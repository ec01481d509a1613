"""What a vision model writes, made a caption: whole sentences on one line."""

from __future__ import annotations

import pytest

from kg_videorag.engines.caption_text import joined, read_caption


@pytest.mark.parametrize(
    ("reply", "caption"),
    [
        ("A man stands at a board. He writes.", "A man stands at a board. He writes."),
        ("a blue slide", "A blue slide."),
        ("A sign reads “STOP”", "A sign reads “STOP”."),
        ('"A dog runs."', "A dog runs."),
        ("The **image** shows a man at a desk.", "A man at a desk."),
        ("In this image, we can see three people.", "Three people."),
        ("На изображении показана женщина у доски.", "Показана женщина у доски."),
        ("На кадрах видно, как взлетает ракета.", "Видно, как взлетает ракета."),
        ("<think>A cat?</think>Caption: A dog runs", "A dog runs."),
        ("Описание: «Собака бежит по снегу.»", "Собака бежит по снегу."),
        ("Image 1: A dog.\nImage 2: A cat on a mat.", "A dog. A cat on a mat."),
        ("# Caption\n\nA blue slide [1] with a dot. 【3】", "A blue slide with a dot."),
        ("- A tall [rocket](http://evil.example)\n* A tower", "A tall rocket. A tower."),
        ("```\nA dog.\n```", "A dog."),
        ("1. **A man** reads.\n2. He writes `x = 3`.", "A man reads. He writes x = 3."),
        ("A U.S. flag is at Dr. Lee's door.", "A U.S. flag is at Dr. Lee's door."),
        ("A dog\x1b[31m runs\tfast\ud800", "A dog [31m runs fast."),
    ],
)
def test_decoration_goes_and_sentences_stay(reply, caption):
    assert read_caption(reply) == caption


@pytest.mark.parametrize(
    ("reply", "caption"),
    [
        ("I'm sorry, but I can't identify people. The image shows a man.", "A man."),
        ("I’m unable to help with that.", ""),
        ("As an AI language model, I cannot see pictures.", ""),
        ("Sure! Here is a description:\n\nA dog.\n\nLet me know if you want more!", "A dog."),
        ("К сожалению, я не могу это описать.", ""),
        ("NO_ANSWER", ""),
        ("", ""),
        ("...", ""),
        ("[1]", ""),
        ("🙂", ""),
    ],
)
def test_what_speaks_of_the_model_is_no_caption(reply, caption):
    assert read_caption(reply) == caption


def test_what_was_cut_ends_with_its_last_whole_sentence():
    assert read_caption("A dog runs. Behind it st", cut=True) == "A dog runs."
    assert read_caption("A dog runs. Behind it st") == "A dog runs. Behind it st."


@pytest.mark.parametrize(
    ("reply", "caption"),
    [
        ("a man man man at a desk at a desk", "A man at a desk."),
        ("A dog. A dog. The dog. A cat", "A dog. A cat."),
        ("A dog. A brown dog on a sofa.", "A brown dog on a sofa."),
        ("A man in a red coat. A woman in a red coat.",) * 2,
    ],
)
def test_what_is_said_already_is_not_said_again(reply, caption):
    assert read_caption(reply) == caption


@pytest.mark.parametrize("reply", ["word" + " and word" * 300, "Seen: " + "a, " * 900, "x" * 5_000])
def test_it_is_never_long(reply):
    assert len(read_caption(reply)) <= 400


def test_of_many_sentences_the_first_stay_whole():
    colours = ("red", "blue", "green", "yellow", "brown", "pink", "grey", "black")
    caption = read_caption(" ".join(f"A {colour} door stands open." for colour in colours))
    assert caption == " ".join(f"A {colour} door stands open." for colour in colours[:4])


def test_captions_of_single_pictures_are_joined_without_repetition():
    assert joined(["A man at a desk.", "A man at the desk.", "", "A blue slide."]) == (
        "A man at a desk. A blue slide."
    )
    assert joined([]) == ""
