"""Words become sentences with their own times; what was heard before a fault is kept."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field, replace

import numpy as np
import pytest

from kg_videorag.errors import EngineError, MediaTruncatedError
from kg_videorag.ingest.observe import listen, to_sentences
from kg_videorag.model import SAMPLE_RATE_HZ, AudioBlock, EngineState, Span, Transcript, Word

MAX_SENTENCE_MS = 20_000


def spoken(text, *, word_ms=300, gap_ms=50, start_ms=0, confidence=0.9):
    """Words said one after another; a `|` is a silence of three seconds."""
    words, at_ms = [], start_ms
    for token in text.split():
        if token == "|":
            at_ms += 3_000
            continue
        words.append(Word(token, Span(at_ms, at_ms + word_ms), confidence))
        at_ms += word_ms + gap_ms
    return words


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One two three.", ["One two three."]),
        ("no punctuation at all", ["no punctuation at all"]),
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("This is Dr. Smith. He is in.", ["This is Dr. Smith.", "He is in."]),
        ("He met Mr. Jones at 5 p.m. there.", ["He met Mr. Jones at 5 p.m. there."]),
        ("It weighs 3.5 tons. It flies.", ["It weighs 3.5 tons.", "It flies."]),
        ("The U.S. team won. Good.", ["The U.S. team won.", "Good."]),
        ("Then J. F. Kennedy spoke.", ["Then J. F. Kennedy spoke."]),
        ('"I am here." Then silence.', ['"I am here."', "Then silence."]),
        ("One two | three four", ["One two", "three four"]),  # nobody pauses inside a sentence
        ("end.Next word", ["end.Next", "word"]),  # a word is never cut
        ("Naïve café. 🚀 Done.", ["Naïve café.", "🚀 Done."]),
    ],
)
def test_speech_is_cut_at_sentence_ends_and_long_pauses(text, sentences):
    assert [s.text for s in to_sentences(spoken(text), "en")] == sentences


@pytest.mark.parametrize("language", ["ru", "en", "xx", ""])
def test_a_language_that_is_not_known_is_cut_all_the_same(language):
    found = to_sentences(spoken("Привет мир. Как дела?"), language)
    assert [s.text for s in found] == ["Привет мир.", "Как дела?"]


def test_no_words_are_no_sentences():
    assert list(to_sentences([], "en")) == []


def test_a_sentence_lasts_from_its_first_word_to_its_last():
    first, second = to_sentences(spoken("One two. Three four."), "en")
    assert (first.span, second.span) == (Span(0, 650), Span(700, 1_350))
    assert [word.text for word in second.words] == ["Three", "four."]


@pytest.mark.parametrize("gap_ms", [0, 50, 900])
def test_run_on_speech_is_cut_into_pieces_of_20_s(gap_ms):
    found = list(to_sentences(spoken("word " * 1_000, gap_ms=gap_ms), "en"))
    lengths_ms = [s.span.duration_ms for s in found]
    assert max(lengths_ms) <= MAX_SENTENCE_MS
    assert min(lengths_ms) > MAX_SENTENCE_MS / 4  # alike where the pauses are alike


def test_run_on_speech_is_cut_at_its_longest_pause():
    words = [*spoken("a " * 60), *spoken("b " * 30, start_ms=60 * 350 + 1_500)]
    first, *_, last = to_sentences(words, "en")
    assert set(first.text) == {"a", " "}
    assert last.text == " ".join(["b"] * 30)


def test_run_on_speech_with_ever_shorter_pauses_is_cut():
    words, at_ms = [], 0
    for gap_ms in range(1_999, 499, -1):
        words.append(Word("w", Span(at_ms, at_ms + 100), 0.9))
        at_ms += 100 + gap_ms
    found = list(to_sentences(words, "en"))
    assert [word for s in found for word in s.words] == words
    assert max(s.span.duration_ms for s in found) <= MAX_SENTENCE_MS


def test_a_single_very_long_word_is_one_sentence():
    (sentence,) = to_sentences([Word("Aaaah", Span(0, 45_000), 0.9)], "en")
    assert sentence.span == Span(0, 45_000)


def test_an_hour_of_run_on_speech_is_cut_quickly():
    begin = time.perf_counter()
    found = list(to_sentences(spoken("word " * 10_000), "en"))
    assert time.perf_counter() - begin < 5
    assert sum(len(s.words) for s in found) == 10_000


TOKENS = ("so", "Mr.", "end.", "what?", "3.5", "U.S.", "(x)", "...", "—", "A", "i.e.", "ok!", "No.")


@pytest.mark.parametrize("seed", range(50))
def test_every_word_is_in_one_sentence_and_in_order(seed):
    generator = random.Random(seed)
    words, at_ms = [], 0
    for _ in range(generator.randint(1, 200)):
        end_ms = at_ms + generator.choice([0, 20, 300, 900, 5_000])
        words.append(Word(generator.choice(TOKENS), Span(at_ms, end_ms), 0.9))
        at_ms = end_ms + generator.choice([0, 20, 500, 2_500])
    found = list(to_sentences(words, generator.choice(["en", "ru", "zh"])))
    assert [word for s in found for word in s.words] == words
    for s in found:
        assert s.text == " ".join(word.text for word in s.words)
        assert s.span == Span(s.words[0].span.start_ms, s.words[-1].span.end_ms)
        assert s.span.duration_ms <= MAX_SENTENCE_MS or len(s.words) == 1


@dataclass
class Scripted:
    """A Transcriber that hears what it is told to."""

    said: list[str]
    language: str = "en"
    confidence: float = 0.9
    name: str = "scripted"
    version: str = "1"
    heard_at_ms: list[int] = field(default_factory=list)

    def check(self):
        return EngineState(ready=True, model="none", weights="none", checksum="none needed")

    def transcribe(self, block):
        text = self.said[len(self.heard_at_ms)]
        self.heard_at_ms.append(block.start_ms)
        words = spoken(text, start_ms=block.start_ms, confidence=self.confidence)
        return Transcript(self.language, tuple(words))


def block(start_ms, length_ms=10_000):
    return AudioBlock(start_ms, np.zeros(length_ms * SAMPLE_RATE_HZ // 1_000, dtype=np.float32))


def test_blocks_are_heard_one_after_another():
    transcriber = Scripted(["One two.", "Three."])
    drawn, progress_ms = [], []

    def source():
        for start_ms in (0, 10_000):
            drawn.append((start_ms, list(transcriber.heard_at_ms)))
            yield block(start_ms)

    heard = listen(source(), transcriber, progress_ms.append)
    assert [s.text for s in heard.sentences] == ["One two.", "Three."]
    assert heard.sentences[1].span.start_ms == 10_000
    assert (heard.language, heard.warnings, heard.truncated) == ("en", (), False)
    assert drawn == [(0, []), (10_000, [0])]  # a block is heard before the next is decoded
    assert progress_ms == [10_000, 20_000]


def test_a_sentence_may_run_across_blocks():
    first = spoken("this sentence goes", start_ms=9_000)
    rest = spoken("on.", start_ms=10_050)
    (sentence,) = to_sentences([*first, *rest], "en")
    assert sentence.span == Span(9_000, 10_350)


def test_a_sentence_ends_where_another_speaks():
    words = [
        *(replace(word, speaker="Anna") for word in spoken("we went there")),
        *(replace(word, speaker="Bob") for word in spoken("really", start_ms=1_050)),
        *spoken("nobody knows", start_ms=1_400),
    ]
    found = [(s.text, s.speaker) for s in to_sentences(words, "en")]
    assert found == [("we went there", "Anna"), ("really", "Bob"), ("nobody knows", "")]


def test_a_truncated_source_keeps_what_was_heard():
    def source():
        yield block(0)
        raise MediaTruncatedError("the sound ends at 00:00:10", decoded_ms=10_000)

    heard = listen(source(), Scripted(["Still here."]))
    assert [s.text for s in heard.sentences] == ["Still here."]
    assert heard.truncated
    assert heard.warnings == ("the sound ends at 00:00:10",)


@pytest.mark.parametrize("blocks", [[], [block(0)], [block(0), block(10_000)]])
def test_a_video_without_words_has_no_language(blocks):
    heard = listen(blocks, Scripted(["", ""]))
    assert heard.sentences == ()
    assert heard.language is None
    assert heard.warnings == ("no speech was recognised",)


def test_a_source_that_breaks_at_once_says_both():
    def source():
        yield from ()
        raise MediaTruncatedError("the sound cannot be decoded", decoded_ms=0)

    heard = listen(source(), Scripted([]))
    assert heard.truncated
    assert heard.warnings == ("the sound cannot be decoded", "no speech was recognised")


@pytest.mark.parametrize(("confidence", "warned"), [(0.2, True), (0.39, True), (0.41, False)])
def test_poorly_recognised_speech_is_told(confidence, warned):
    heard = listen([block(0)], Scripted(["What was that?"], confidence=confidence))
    assert heard.sentences
    assert any("recognised poorly" in warning for warning in heard.warnings) is warned


def test_a_failing_engine_is_not_hushed_up():
    class Broken(Scripted):
        def transcribe(self, block):
            raise EngineError("it failed")

    with pytest.raises(EngineError, match="it failed"):
        listen([block(0)], Broken([]))
