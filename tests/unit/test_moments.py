"""When a question asks for, in English and Russian."""

from __future__ import annotations

import pytest

from kg_videorag.ask.moments import read_moment
from kg_videorag.model import Span

TEN_MINUTES_MS = 600_000


def s(start_s: float, end_s: float) -> Span:
    return Span(round(start_s * 1000), round(end_s * 1000))


@pytest.mark.parametrize(
    ("question", "span", "rest"),
    [
        # a place on the clock, and what is near it
        ("What happens at 02:30?", s(145, 155), ""),
        ("what is said around 2:30", s(145, 155), ""),
        ("What is said about radium at 02:30?", s(145, 155), "What is said about radium ?"),
        ("At 00:02:30, who speaks?", s(145, 155), ", who speaks?"),
        ("What happens at 0:05?", s(0, 10), ""),
        ("What do they say 90 seconds in?", s(85, 95), ""),
        ("What happens two minutes into the video?", s(115, 125), ""),
        ("What happens 1.5 minutes in?", s(85, 95), ""),
        ("Что происходит на 02:30?", s(145, 155), ""),
        ("О чём говорят через 90 секунд?", s(85, 95), ""),
        # minutes as players count them
        ("Which cars take part in the race in minute 5?", s(300, 360),
         "Which cars take part in the race ?"),
        ("What happens in the 5th minute?", s(300, 360), ""),
        ("What happens in the fifth minute?", s(300, 360), ""),
        ("What is shown at second 40?", s(35, 45), ""),
        ("Что происходит на 5-й минуте?", s(300, 360), ""),
        ("Что происходит на пятой минуте?", s(300, 360), ""),
        ("Что говорят на 40-й секунде?", s(35, 45), ""),
        # stretches
        ("What is said in the first minute of the video?", s(0, 60), ""),
        ("What is discussed in the first two minutes?", s(0, 120), ""),
        ("What happens in the first minute?", s(0, 60), ""),
        ("What happens in the last 30 seconds?", s(570, 600), ""),
        ("What is said between 1:00 and 2:00?", s(60, 120), ""),
        ("Who is spoken of between 1:00 and 2:00?", s(60, 120), ""),
        ("What is said from 1:00 to 1:30?", s(60, 90), ""),
        ("Что показано с 1:00 до 2:00?", s(60, 120), ""),
        ("О чём говорят в первые две минуты?", s(0, 120), ""),
        ("Что происходит в последние 30 секунд?", s(570, 600), ""),
        # shares
        ("What happens in the middle of the video?", s(240, 360), ""),
        ("What happens at the end?", s(540, 600), ""),
        ("What is said at the very beginning of the lecture?", s(0, 60), ""),
        ("Что происходит в середине видео?", s(240, 360), ""),
        ("Что происходит в начале?", s(0, 60), ""),
        ("Что в конце фильма?", s(540, 600), ""),
    ],
)  # fmt: skip
def test_a_moment_and_what_is_asked_of_it(question, span, rest):
    read = read_moment(question)
    assert read.moment is not None
    assert read.moment.span(TEN_MINUTES_MS) == span
    assert read.rest == rest


@pytest.mark.parametrize(
    "question",
    [
        "Who discovered radium?",
        "Who was the first woman in space?",
        "What happened at the end of the war?",
        "Who stood in the middle of the river?",
        "Who fell in the first minute of the attack?",
        "Who scored in the 12th minute of the match?",
        "What was said in the last two hours of the strike?",
        f"What happens {'9' * 400} seconds in?",
        "What begins at 9:30 in the morning?",
        "When did the shop open, at 9:30 am?",
        "How long is a minute?",
        "What did 12 people do?",
        "What happened in 1969?",
        "How did the team win 2-1?",
        "Кто открыл радий?",
        "Что было в конце войны?",
        "",
    ],
)
def test_no_moment(question):
    assert read_moment(question).moment is None
    assert read_moment(question).rest == question


@pytest.mark.parametrize("question", ["What happens at 1:02:03?", "What happens in minute 12?"])
def test_a_moment_after_the_end_is_not_there(question):
    moment = read_moment(question).moment
    assert moment is not None
    assert moment.span(TEN_MINUTES_MS) is None


def test_hours():
    moment = read_moment("What is said at 1:02:03?").moment
    assert moment is not None
    assert moment.span(7_200_000) == s(3718, 3728)


@pytest.mark.parametrize("question", ["at 00:00", "in the first 0 minutes", "at 999:59"])
@pytest.mark.parametrize("duration_ms", [1, 1_000, 10**9])
def test_spans_lie_in_the_video(question, duration_ms):
    moment = read_moment(question).moment
    assert moment is not None
    span = moment.span(duration_ms)
    assert span is None or (0 <= span.start_ms <= span.end_ms <= duration_ms)
