"""An answer told while it is written is never told unchecked."""

from __future__ import annotations

import pytest

from kg_videorag.ask.cite import Terms, cite
from kg_videorag.ask.live import drafts_of, finished, tell
from kg_videorag.model import Evidence, Sentence, Span

SAID = ("The Eagle landed.", "Armstrong walked first.", "Aldrin followed him.")
EVIDENCE = (
    Evidence(
        "s", "v", "v.mp4", Span(0, 9_000), 1.0, ("text",),
        tuple(Sentence(text, Span(n * 1_000, n * 1_000 + 900)) for n, text in enumerate(SAID)),
    ),
)  # fmt: skip


def growing(text):
    return [text[:end] for end in range(1, len(text) + 1)]


def told(drafts):
    pieces = []
    telling = tell(drafts, EVIDENCE, Terms())
    while True:
        try:
            pieces.append(next(telling))
        except StopIteration as done:
            return pieces, done.value


@pytest.mark.parametrize(
    ("draft", "pieces"),
    [
        (
            "The Eagle landed. [1] Armstrong walked first. [1] Aldrin followed him. [1]",
            ["The Eagle landed. [1]", " Armstrong walked first. [2]", " Aldrin followed him. [3]"],
        ),
        # what is not said is never told, wherever it stands
        ("The Eagle landed. [1] It exploded. [1] Armstrong walked first. [1]",
         ["The Eagle landed. [1]", " Armstrong walked first. [2]"]),
        ("It exploded. [1] The Eagle landed. [1]", ["The Eagle landed. [1]"]),
        # without a mark a sentence waits for the next one, or the end
        ("The Eagle landed. Armstrong walked first. [1]",
         ["The Eagle landed. [1] Armstrong walked first. [2]"]),
        ("[1] The Eagle landed. [1] Armstrong walked first.",
         ["[1] The Eagle landed.", " [2] Armstrong walked first."]),
        ("The Eagle landed [1]. Aldrin followed him [1].",
         ["The Eagle landed [1].", " Aldrin followed him [2]."]),
        ("- The Eagle landed. [1]\n- Aldrin followed him. [1]\n",
         ["- The Eagle landed. [1]", "\n- Aldrin followed him. [2]"]),
        ("It exploded. [1]", []),
        ("", []),
    ],
)  # fmt: skip
def test_sentences_are_told_when_they_are_checked(draft, pieces):
    found, answer = told(growing(draft))
    assert found == pieces
    assert answer == cite(draft, EVIDENCE)
    assert "".join(found) == answer.text


def test_of_a_text_that_comes_at_once_all_is_told():
    draft = "The Eagle landed. [1] Armstrong walked first. [1]"
    assert told([draft])[0] == ["The Eagle landed. [1]", " Armstrong walked first. [2]"]


def test_an_answer_that_is_taken_back_is_none():
    drafts = [*growing("The Eagle landed. [1] Arm"), ""]
    pieces, answer = told(drafts)
    assert pieces == ["The Eagle landed. [1]"]
    assert (answer.text, answer.citations) == ("", ())


def test_who_does_not_listen_gets_the_same():
    draft = "The Eagle landed. [1] It exploded. [1]"
    assert finished(tell([draft], EVIDENCE, Terms())) == cite(draft, EVIDENCE)


class _Writer:
    name = version = model = "writer"

    def generate(self, question, evidence, *, language=""):
        return f"{question} {language}"


def test_of_a_generator_that_cannot_be_read_the_whole_is_awaited():
    assert list(drafts_of(_Writer(), "Who?", EVIDENCE, language="ru", live=True)) == ["Who? ru"]
    assert list(drafts_of(_Writer(), "Who?", (), language="en", live=True)) == []
