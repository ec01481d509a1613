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
        ("What is said at 1:02?", s(57, 67), ""),
        ("What happens at the 2:30 mark?", s(145, 155), ""),
        ("02:30, what happens?", s(145, 155), ""),
        ("What is this, 02:30?", s(145, 155), ""),
        ("What can be seen at 02:30?", s(145, 155), ""),
        ("What is visible on the screen at 2:30?", s(145, 155), ""),
        ("What does the slide at 2:30 show?", s(145, 155), ""),
        ("Who speaks about the Moon (at 2:30)?", s(145, 155), "Who speaks about the Moon ( )?"),
        ("What happens at 2m30s?", s(145, 155), ""),
        ("What happens at 2 min 30 s?", s(145, 155), ""),
        ("What happens 2 minutes and 30 seconds in?", s(145, 155), ""),
        ("What happens at 0h2m30s?", s(145, 155), ""),
        ("What happens at 150 s?", s(145, 155), ""),
        ("What happens at 150s?", s(145, 155), ""),
        ("What is shown at 150 seconds?", s(145, 155), ""),
        ("What is shown at the 150 second mark?", s(145, 155), ""),
        ("What is shown at the two-minute mark?", s(115, 125), ""),
        ("What happens at 5 minutes?", s(295, 305), ""),
        ("What happens 5 minutes into the lecture?", s(295, 305), ""),
        ("What happens forty-five seconds in?", s(40, 50), ""),
        ("90 seconds in, what is shown?", s(85, 95), ""),
        ("What happens half a minute in?", s(25, 35), ""),
        ("What happens after 3 minutes?", s(175, 185), ""),
        ("Which cars are seen after 3 minutes?", s(175, 185), "Which cars are seen ?"),
        ("What happens 30 seconds before the end?", s(565, 575), ""),
        ("Что происходит в 02:30?", s(145, 155), ""),
        ("Что показано на отметке 2:30?", s(145, 155), ""),
        ("Что написано на экране на 02:30?", s(145, 155), ""),
        ("Что говорят о радии на 02:30?", s(145, 155), "Что говорят о радии ?"),
        ("Что происходит на 2-й минуте 30-й секунде?", s(145, 155), ""),
        ("Что происходит через 2 минуты 30 секунд?", s(145, 155), ""),
        ("Что происходит через 90 секунд?", s(85, 95), ""),
        ("Что происходит через полторы минуты после начала?", s(85, 95), ""),
        ("Что происходит через полминуты?", s(25, 35), ""),
        ("Что происходит через минуту?", s(55, 65), ""),
        ("Какие машины видны через 90 секунд?", s(85, 95), "Какие машины видны ?"),
        ("Что происходит за 30 секунд до конца?", s(565, 575), ""),
        ("Что показано на отметке 90 секунд?", s(85, 95), ""),
        # minutes as players count them
        ("What happens, minute 5?", s(300, 360), ""),
        ("Minute 5?", s(300, 360), ""),
        ("What happens in minute five?", s(300, 360), ""),
        ("What happens during the 5th minute of the video?", s(300, 360), ""),
        ("What does the fifth minute show?", s(300, 360), ""),
        ("О чём речь на минуте 5?", s(300, 360), ""),
        ("Что происходит в пятую минуту?", s(300, 360), ""),
        ("Что происходит на 5 минуте видео?", s(300, 360), ""),
        ("Какие машины участвуют в гонке на 5-й минуте?", s(300, 360),
         "Какие машины участвуют в гонке ?"),
        ("На 5-й минуте о чём говорят?", s(300, 360), ""),
        ("Что там, пятая минута?", s(300, 360), ""),
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
        ("What is said in the first minute of this video?", s(0, 60), ""),
        ("What is said in the first couple of minutes?", s(0, 120), ""),
        ("What is shown in the opening 30 seconds?", s(0, 30), ""),
        ("Summarize the first two minutes of the video", s(0, 120), ""),
        ("What happens in the final minute?", s(540, 600), ""),
        ("Last 30 seconds of the video?", s(570, 600), ""),
        ("What is said 1:00-2:00?", s(60, 120), ""),
        ("What happens before 1:00?", s(0, 60), ""),
        ("What happens from 9:00 on?", s(540, 600), ""),
        ("What happens from 9:00 to the end?", s(540, 600), ""),
        ("What happens from 10 to 20 seconds?", s(10, 20), ""),
        ("What happens between 10 and 20 seconds?", s(10, 20), ""),
        ("What happens from 30 seconds to 2 minutes?", s(30, 120), ""),
        ("What happens between minute 1 and minute 2?", s(60, 120), ""),
        ("What happens in minutes 2 to 4?", s(120, 240), ""),
        ("What happens between the first and the second minute?", s(60, 120), ""),
        ("Что происходит между 1:00 и 2:00?", s(60, 120), ""),
        ("Что происходит до 1:00?", s(0, 60), ""),
        ("Что происходит с 9:00 до конца?", s(540, 600), ""),
        ("Что происходит с 10 по 20 секунду?", s(10, 20), ""),
        ("Что происходит с 10-й по 20-ю секунду?", s(10, 20), ""),
        ("Что показано от 10 до 20 секунд?", s(10, 20), ""),
        ("Что происходит между первой и второй минутой?", s(60, 120), ""),
        ("Что говорят в первую минуту?", s(0, 60), ""),
        ("Что говорят в первые две минуты о радии?", s(0, 120), "Что говорят о радии?"),
        ("Что показано за первые 30 секунд видео?", s(0, 30), ""),
        ("Что показано в первых двух минутах?", s(0, 120), ""),
        ("Что происходит в последнюю минуту?", s(540, 600), ""),
        ("Что происходит на последних двадцати пяти секундах?", s(575, 600), ""),
        # shares
        ("What happens in the middle?", s(240, 360), ""),
        ("What happens around the middle of the lecture?", s(240, 360), ""),
        ("What happens halfway through?", s(240, 360), ""),
        ("What happens halfway through the video?", s(240, 360), ""),
        ("What happens midway through the film?", s(240, 360), ""),
        ("At the beginning, who speaks?", s(0, 60), ", who speaks?"),
        ("What is at the start of the clip?", s(0, 60), ""),
        ("How does the video begin?", s(0, 60), ""),
        ("What happens towards the end?", s(540, 600), ""),
        ("What is said near the very end of the video?", s(540, 600), ""),
        ("How does the video end?", s(540, 600), ""),
        ("What happens in the second half of the video?", s(300, 600), ""),
        ("О чём говорят в самом начале ролика?", s(0, 60), ""),
        ("Что показано в начале этого видео?", s(0, 60), ""),
        ("Что происходит посередине?", s(240, 360), ""),
        ("Что происходит под конец?", s(540, 600), ""),
        ("Что происходит под конец видео?", s(540, 600), ""),
        ("Что говорят ближе к концу?", s(540, 600), ""),
        ("Что говорят к концу лекции?", s(540, 600), ""),
        ("О чём речь в первой половине видео?", s(0, 300), ""),
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
        "What does chapter 2:30 of the Bible say?",
        "What does Genesis 2:30 say?",
        "When did he arrive, at 5:30 pm?",
        "What begins at 17:30 UTC?",
        "Who landed at 9:32 on July 16?",
        "What is a 3:1 ratio?",
        "What is the 3:10 ratio of the mixture?",
        "What minute details are there?",
        "What happened at 2:30 of the countdown?",
        "What did the crew do after two minutes?",
        "What happens two minutes into the flight?",
        "Who stayed 90 seconds in the water?",
        "Who lived at the beginning of the century?",
        "Who won in the end?",
        "Who was halfway through the war?",
        "How deep is it at 5 m?",
        "What happened in minute 88 of the match?",
        "What does the second say?",
        "Is it a 5-minute break?",
        "What did 12 people do?",
        "What happened in 1969?",
        "How did the team win 2-1?",
        "Кто открыл радий?",
        "Что было в конце войны?",
        "Что было в начале войны?",
        "Кто стоял в середине реки?",
        "Кто упал в первую минуту атаки?",
        "Кто забил на 88-й минуте матча?",
        "Что было в последние два часа забастовки?",
        "Что экипаж сделал через две минуты?",
        "Что было через 2 минуты после взрыва?",
        "Во сколько открылся магазин, в 9:30 утра?",
        "Кто прибыл 12 апреля в 9:30?",
        "Сколько длится минута?",
        "Сколько часов работает музей?",
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


@pytest.mark.parametrize(
    ("question", "second"),
    [
        ("What happens at 02:30?", s(150, 151)),
        ("Что происходит на 02:30?", s(150, 151)),
        ("What happens at 0:00?", s(0, 1)),
        ("What happens 30 seconds before the end?", s(570, 571)),
        ("What happens in minute 5?", None),
        ("What happens in the first two minutes?", None),
    ],
)
def test_the_very_second_that_is_named(question, second):
    moment = read_moment(question).moment
    assert moment
    assert moment.second(TEN_MINUTES_MS) == second
