"""What a question asks for: its kind, films, speaker, names, and how it was perceived."""

from __future__ import annotations

import time

import pytest

from kg_videorag.ask.analyse import MAX_QUESTION_CHARS
from kg_videorag.ask.question import Counted, Intent, Mentions, read_question
from kg_videorag.model import Modality

SEEN = {Modality.SCREEN, Modality.VISION, Modality.CAPTION}


def test_a_plain_question_is_searched_for_as_it_is() -> None:
    read = read_question("Where was Neil Armstrong born?")
    assert read.text == read.asked == read.topic == "Where was Neil Armstrong born?"
    assert (read.language, read.intent, read.phrases) == ("en", Intent.FACT, ("Neil Armstrong",))
    nothing = (read.moment, read.named, read.order, read.mentions, read.speaker, read.videos)
    assert nothing == (None, "", None, None, "", ())
    assert read.wishes == frozenset()


@pytest.mark.parametrize(
    ("question", "videos", "asked"),
    [
        ("Who was the commander in skylab.mp4?", ["skylab.mp4"], "Who was the commander?"),
        ("In the video about Skylab, who spoke?", ["Skylab"], "who spoke?"),
        ("In the film about Skylab who spoke?", ["Skylab"], "who spoke?"),
        ("Who spoke in the Skylab video?", ["Skylab"], "Who spoke?"),
        ('Who spoke in "The Flight of Apollo 11"?', ["The Flight of Apollo 11"], "Who spoke?"),
        ("Who spoke in the talk called “Radium”?", ["Radium"], "Who spoke?"),
        (
            "What does the film about Skylab say about spiders?",
            ["Skylab"],
            "What does the film say about spiders?",
        ),
        # what asks for nothing else asks for the film
        ("What is said in the video about Skylab?", ["Skylab"], None),
        ("Кто был командиром в фильме «Скайлэб»?", ["Скайлэб"], "Кто был командиром?"),
        ("В записи о Гагарине кто говорил?", ["Гагарине"], "кто говорил?"),
        ("Кто говорил в видео под названием «Космос»?", ["Космос"], "Кто говорил?"),
        ("What is in the first video?", [], None),
        ("Who made the movie?", [], None),
        ("Кто снял это видео?", [], None),
        ("Who built the ship “Vostok”?", [], None),
    ],
)
def test_films_that_a_question_says(question, videos, asked) -> None:
    read = read_question(question)
    assert list(read.videos) == videos
    assert read.asked == (asked or question)
    assert read_question(question, narrow_to_films=False).asked == question


def test_films_go_with_times_and_orders() -> None:
    read = read_question("What happens at 00:30 in the video about Skylab?")
    assert (read.videos, read.named, read.topic) == (("Skylab",), "at 00:30", "")
    read = read_question("What happens after the launch in skylab.mp4?")
    assert read.order
    assert (read.videos, read.order.anchors) == (("skylab.mp4",), ("the launch",))


@pytest.mark.parametrize(
    ("question", "of", "counted"),
    [
        ("How often is Neil Armstrong mentioned?", "Neil Armstrong", Counted.TIMES),
        ("How many times is the Moon mentioned in the library?", "Moon", Counted.TIMES),
        ("How many times do they mention NASA?", "NASA", Counted.TIMES),
        ("How many mentions of MIT are there?", "MIT", Counted.TIMES),
        ("How often does the dog appear in the videos?", "dog", Counted.TIMES),
        ("How many videos mention the Saturn V?", "Saturn V", Counted.VIDEOS),
        ("In how many videos is Skylab mentioned?", "Skylab", Counted.VIDEOS),
        ("Which videos are about Skylab?", "Skylab", Counted.VIDEOS),
        ("When is Skylab first mentioned?", "Skylab", Counted.FIRST),
        ("When do they first mention the Saturn V?", "Saturn V", Counted.FIRST),
        ("When is the computer mentioned for the first time?", "computer", Counted.FIRST),
        ("When does a dog first appear?", "dog", Counted.FIRST),
        ("Where is Houston last mentioned?", "Houston", Counted.LAST),
        ("When was the last mention of Houston?", "Houston", Counted.LAST),
        ("Сколько раз упоминается Гагарин?", "Гагарин", Counted.TIMES),
        ("Как часто говорится о Луне?", "Луне", Counted.TIMES),
        ("Сколько раз в видео появляется собака?", "собака", Counted.TIMES),
        ("В скольких видео упоминается Королёв?", "Королёв", Counted.VIDEOS),
        ("Сколько видео о Гагарине?", "Гагарине", Counted.VIDEOS),
        ("В каких фильмах упоминается Луна?", "Луна", Counted.VIDEOS),
        ("Когда впервые упоминается Гагарин?", "Гагарин", Counted.FIRST),
        ("Когда Гагарин упоминается впервые?", "Гагарин", Counted.FIRST),
        ("Когда в последний раз упоминается Москва?", "Москва", Counted.LAST),
    ],
)
def test_questions_about_the_library_itself(question, of, counted) -> None:
    mentions = read_question(question).mentions
    assert mentions
    assert (mentions.of, mentions.counted) == (of, counted)


def test_what_appears_may_be_seen_or_heard() -> None:
    assert read_question("When does a dog first appear?").mentions == Mentions(
        "dog", Counted.FIRST, sensed=True
    )
    assert read_question("Сколько раз в видео появляется собака?").mentions == Mentions(
        "собака", Counted.TIMES, sensed=True
    )
    assert read_question("When is the dog first mentioned?").mentions == Mentions(
        "dog", Counted.FIRST
    )
    assert read_question("В скольких видео упоминается собака?").mentions == Mentions(
        "собака", Counted.VIDEOS
    )


@pytest.mark.parametrize(
    "question",
    [
        "How many people flew on Apollo 11?",
        "How many times did Conrad fly?",
        "How often does the comet appear?",
        "How often is the comet seen from Earth?",
        "How many times was Nixon named in the report?",
        "How many videos did they make?",
        "Which film won the prize?",
        "When was oxygen first discovered?",
        "When was the comet first seen?",
        "When did Skylab first fly?",
        "Сколько человек было на Луне?",
        "Сколько раз Гагарин летал в космос?",
        "Когда Гагарин впервые полетел в космос?",
    ],
)
def test_questions_about_the_world(question) -> None:
    assert read_question(question).mentions is None


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("Where was he born?", Intent.FACT),
        ("What causes rain?", Intent.FACT),
        ("Who were the members of the crew?", Intent.LIST),
        ("Which rockets flew?", Intent.LIST),
        ("List all astronauts", Intent.LIST),
        ("What are the names of the astronauts?", Intent.LIST),
        ("In which videos is Gene Kranz mentioned?", Intent.LIST),
        ("How many people flew?", Intent.COUNT),
        ("How often is Skylab mentioned?", Intent.COUNT),
        ("What is the difference between the Saturn I and the Saturn V?", Intent.COMPARE),
        ("Who was older, Conrad or Carr?", Intent.COMPARE),
        ("Was Skylab heavier than Mir?", Intent.COMPARE),
        ("Compare Skylab and Mir", Intent.COMPARE),
        ("When did it land?", Intent.WHEN),
        ("In which year was he born?", Intent.WHEN),
        ("When is Skylab first mentioned?", Intent.WHEN),
        ("Где родился Гагарин?", Intent.FACT),
        ("Какие ракеты летали?", Intent.LIST),
        ("Перечисли космонавтов", Intent.LIST),
        ("Сколько человек было на Луне?", Intent.COUNT),
        ("Чем отличается Сатурн от Союза?", Intent.COMPARE),
        ("Что было раньше, Восток или Союз?", Intent.COMPARE),
        ("В каком году родился Гагарин?", Intent.WHEN),
        ("Когда он полетел?", Intent.WHEN),
    ],
)
def test_kinds_of_answers(question, intent) -> None:
    assert read_question(question).intent is intent


@pytest.mark.parametrize(
    ("question", "wishes", "topic"),
    [
        ("Show me the rocket", SEEN, "the rocket"),
        ("What can be seen on the slide?", SEEN, "What can be seen?"),
        ("What is written on the slide about the crew?", SEEN, "What is written about the crew?"),
        ("Which sounds can be heard?", {Modality.SOUND}, None),
        ("Покажи ракету", SEEN, "ракету"),
        ("Что видно на экране?", SEEN, "Что видно?"),
        ("Что слышно в начале видео?", {Modality.SOUND}, ""),
        ("Who built the rocket?", set(), None),
        ("Кто построил ракету?", set(), None),
    ],
)
def test_wishes_for_what_is_seen_or_heard(question, wishes, topic) -> None:
    read = read_question(question)
    assert read.wishes == wishes
    assert read.topic == (question if topic is None else topic)


@pytest.mark.parametrize(
    ("question", "speaker"),
    [
        ("What does Anna say about the trip?", "Anna"),
        ("what does anna say about the trip?", "anna"),
        ("What did Dr. Keller explain?", "Dr. Keller"),
        ("According to Gene Kranz, what failed?", "Gene Kranz"),
        ("What does she say?", ""),
        ("What does the speaker say?", ""),
        ("Who is Anna?", ""),
        ("Что говорит Анна о поездке?", "Анна"),
        ("Что сказал Сергей Королёв о запуске?", "Сергей Королёв"),
        ("По словам Анны, что случилось?", "Анны"),
        ("Что он говорит о поездке?", ""),
    ],
)
def test_whose_words_are_asked_for(question, speaker) -> None:
    assert read_question(question).speaker == speaker


@pytest.mark.parametrize(
    ("question", "phrases"),
    [
        ("Was Apollo 11 launched by the Saturn V?", ["Apollo 11", "Saturn V"]),
        ("What is the University of Oxford known for?", ["University of Oxford"]),
        ("Which is heavier, the Saturn I and the Saturn V?", ["Saturn I", "Saturn V"]),
        ('Who said "the Eagle has landed"?', ["the Eagle has landed"]),
        ("Кто построил корабль «Восток»?", ["Восток"]),
        ("Neil Armstrong flew when?", ["Neil Armstrong"]),
        ("what is it", []),
    ],
)
def test_what_may_be_names(question, phrases) -> None:
    assert list(read_question(question).phrases) == phrases


@pytest.mark.parametrize(
    "unit",
    [
        "a ",
        "A ",
        "in the ",
        "after the a, ",
        'in "a" ',
        "how often is ",
        "между и ",
        "what is said ",
    ],
)
def test_a_question_made_to_be_slow_is_read_at_once(unit) -> None:
    for start in ("", "What is said ", "How often is ", "Что говорят ", "In the film about "):
        question = (start + unit * MAX_QUESTION_CHARS)[:MAX_QUESTION_CHARS]
        began = time.process_time()
        read_question(question)
        assert time.process_time() - began < 1.0, question[:40]
