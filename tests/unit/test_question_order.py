"""Before and after: when a question asks for what lies near in the video, and beside what."""

from __future__ import annotations

import pytest

from kg_videorag.ask.question import OrderRelation, read_question

AFTER, BEFORE, BETWEEN = OrderRelation.AFTER, OrderRelation.BEFORE, OrderRelation.BETWEEN


@pytest.mark.parametrize(
    ("question", "relation", "anchors", "near"),
    [
        ("What happens right after the Eagle lands?", AFTER, ["the Eagle lands"], True),
        ("what happens after the eagle landed", AFTER, ["the eagle landed"], False),
        ("What happened after the Eagle landed?", AFTER, ["the Eagle landed"], False),
        ("What is said just before the alarms are mentioned?", BEFORE, ["the alarms"], True),
        ("What was said before they mention Gene Kranz?", BEFORE, ["Gene Kranz"], False),
        ("Right after the launch, what is said?", AFTER, ["the launch"], True),
        ("After the landing what is shown?", AFTER, ["the landing"], False),
        ("What does she say next after the story of the spiders?", AFTER, ["the spiders"], True),
        ("What comes after the slide about the crew?", AFTER, ["the crew"], False),
        ("Which slide comes before the alarms?", BEFORE, ["the alarms"], False),
        ("What follows the launch?", AFTER, ["the launch"], False),
        ("What immediately follows the mention of Skylab?", AFTER, ["Skylab"], True),
        ("Who speaks after Anna?", AFTER, ["Anna"], False),
        ("What is the next thing said after “we have landed”?", AFTER, ["we have landed"], True),
        ("Show me the part right after the splashdown", AFTER, ["the splashdown"], True),
        ("What do I add after the eggs?", AFTER, ["the eggs"], False),
        ("What is right after the launch?", AFTER, ["the launch"], True),
        ("What did Armstrong say right after the landing?", AFTER, ["the landing"], True),
        (
            "What is said between the launch and the landing?",
            BETWEEN,
            ["the launch", "the landing"],
            False,
        ),
        (
            "What is shown between the start of Apollo and Soyuz and the landing?",
            BETWEEN,
            ["the start of Apollo and Soyuz", "the landing"],
            False,
        ),
        ("Что происходит сразу после посадки?", AFTER, ["посадки"], True),
        ("Что говорят прямо перед упоминанием Королёва?", BEFORE, ["Королёва"], True),
        ("Что показано после того, как ракета взлетела?", AFTER, ["ракета взлетела"], False),
        ("Что говорится до того, как упоминается Луна?", BEFORE, ["Луна"], False),
        ("Что сказано между запуском и посадкой?", BETWEEN, ["запуском", "посадкой"], False),
        ("О чём говорят после запуска?", AFTER, ["запуска"], False),
        ("Сразу после полёта Гагарина, что говорят?", AFTER, ["полёта Гагарина"], True),
        ("Что следует за посадкой на Луну?", AFTER, ["посадкой на Луну"], False),
        ("Какой слайд идёт после слайда о команде?", AFTER, ["команде"], False),
        ("Что говорит Анна прежде, чем появляется собака?", BEFORE, ["появляется собака"], False),
        ("Что было сразу после взрыва?", AFTER, ["взрыва"], True),
        ("Что произошло после приземления?", AFTER, ["приземления"], False),
    ],
)
def test_what_lies_near_in_the_video(question, relation, anchors, near) -> None:
    read = read_question(question)
    assert read.order is not None
    assert (read.order.relation, list(read.order.anchors)) == (relation, anchors)
    assert read.order.near is near
    assert (read.asked, read.topic) == ("", "")


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What is said about the computer right after the landing?", "about the computer"),
        ("Что говорят о компьютере сразу после посадки?", "о компьютере"),
    ],
)
def test_something_may_be_asked_of_the_neighbour(question, topic) -> None:
    read = read_question(question)
    assert read.order
    assert (read.asked, read.topic) == (topic, topic)


@pytest.mark.parametrize(
    "question",
    [
        "Which rocket flew after the Saturn I?",
        "Who was president before Nixon?",
        "What did Armstrong do before he became an astronaut?",
        "After the war, who led the rocket team?",
        "Who led the team after the war?",
        "How long after the launch did the Eagle land?",
        "Was the module built before or after the landing?",
        "Where did he work after the flight?",
        "What was built after the fire?",
        "What is said about life before the war?",
        "What is the difference between the launch and the landing?",
        "What is between the Earth and the Moon?",
        # a date is a time of the world
        "What happened before 1969?",
        "What happens after July 20?",
        "What happened between 1961 and 1969?",
        # of which nobody knows what it is
        "What happens after that?",
        "What happens next?",
        "Что известно о расстоянии до Луны?",
        "Что говорится о расстоянии до Луны?",
        "Что было после войны?",
        "Кто был президентом до Никсона?",
        "Какая ракета летала после Сатурна?",
        "Что изменилось после полёта?",
        "Что произошло до 1969 года?",
        "Когда он работал до полёта?",
        "В чём разница между запуском и посадкой?",
    ],
)
def test_where_before_and_after_are_part_of_the_fact(question) -> None:
    read = read_question(question)
    assert read.order is None
    assert read.topic == question


@pytest.mark.parametrize(
    "question",
    ["What happens after 02:30?", "What is said just before the end?", "Что сразу после начала?"],
)
def test_a_time_of_the_clock_is_a_moment(question) -> None:
    read = read_question(question)
    assert read.order is None
    assert read.moment
    assert read.topic == ""
