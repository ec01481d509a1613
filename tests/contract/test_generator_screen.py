"""Answers from what stands on the screen: a heading says of whom a line tells."""

from __future__ import annotations

import re

import pytest

from kg_videorag.ask.cite import cite
from kg_videorag.config import load_settings
from kg_videorag.engines.extractive import ExtractiveGenerator
from kg_videorag.engines.minilm import MiniLMEmbedder
from kg_videorag.model import Evidence, Modality, Sentence, Span
from kg_videorag.ports import GeneratorOptions

SCREEN, SPEECH = Modality.SCREEN, Modality.SPEECH


def slide(heading, *lines, said=()):
    """A slide that stands for ten seconds, and what is said meanwhile."""
    spoken = [Sentence(text, Span(n * 2_000, n * 2_000 + 1_900)) for n, text in enumerate(said)]
    title = Sentence(heading, Span(0, 10_000), modality=SCREEN)
    shown = [Sentence(text, Span(0, 10_000), modality=SCREEN, heading=heading) for text in lines]
    sentences = (*spoken, title, *shown)
    return Evidence(heading, "v", "v.mp4", Span(0, 10_000), 1.0, ("fulltext",), sentences)


SLIDES = (
    slide("The People of Apollo", "Who they were", "Where they worked"),
    slide(
        "Neil Armstrong",
        "Test pilot and astronaut",
        "Born in Wapakoneta, Ohio",
        "Studied at Purdue University",
        said=["Neil Armstrong was the first person on the moon."],
    ),
    slide("Gene Kranz", "Flight director", "Born in Toledo, Ohio"),
    slide(
        "Festival of Light",
        "Date: 12 May 2024",
        "Place: Town Hall, Oslo",
        "Price: 30 EUR",
        "Director | Anna Berg",
        "Opening: 18:30",
    ),
    slide("The Silent Sea", "Written by Karl Lund", "Director | Maria Ek", "Duration: 108 minutes"),
    slide("The crew of Apollo 11", "Neil Armstrong, commander", "Michael Collins, pilot"),
    slide("Moon landings", "1969 | Apollo 11 | Neil Armstrong", "1971 | Apollo 14 | Alan Shepard"),
    slide("The Falcon probe", "Mass: 47 kg", "Span | 3.5 m", "Ticket: $30"),
    slide("Спутник", "Масса: 84 кг"),
    slide("Anna Berg", "Born: 1970, Bergen", "Age: 54"),
    slide("Музей космонавтики", "Билет: 300 рублей", "Адрес: проспект Мира", "Открытие: 1981 год"),
    slide("Юрий Гагарин", "Родился в деревне Клушино", "Лётчик-космонавт", "Погиб: 1968"),
)


@pytest.fixture(scope="module")
def generator():
    cache_dir = load_settings().cache_dir
    return ExtractiveGenerator(
        MiniLMEmbedder(cache_dir=cache_dir), options=GeneratorOptions(cache_dir)
    )


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("In which town was Neil Armstrong born?", "Neil Armstrong: Born in Wapakoneta, Ohio"),
        ("Where was Gene Kranz born?", "Gene Kranz: Born in Toledo, Ohio"),
        ("Where did Armstrong study?", "Neil Armstrong: Studied at Purdue University"),
        # labels stand for the words by which one asks for them
        ("When is the Festival of Light?", "Festival of Light: Date: 12 May 2024"),
        ("Where is the Festival of Light?", "Festival of Light: Place: Town Hall, Oslo"),
        ("How much does the Festival of Light cost?", "Festival of Light: Price: 30 EUR"),
        ("When does the Festival of Light open?", "Festival of Light: Opening: 18:30"),
        ("Who directed The Silent Sea?", "The Silent Sea: Director | Maria Ek"),
        ("Who wrote The Silent Sea?", "The Silent Sea: Written by Karl Lund"),
        ("How long is The Silent Sea?", "The Silent Sea: Duration: 108 minutes"),
        ("Where was Anna Berg born?", "Anna Berg: Born: 1970, Bergen"),
        ("When was Anna Berg born?", "Anna Berg: Born: 1970, Bergen"),
        ("How old is Anna Berg?", "Anna Berg: Age: 54"),
        # signs stand for words
        ("How many kilograms does the Falcon probe weigh?", "The Falcon probe: Mass: 47 kg"),
        ("Сколько килограммов весит Спутник?", "Спутник: Масса: 84 кг"),
        # a heading that says all of the question, a row that does
        ("Who was the crew of Apollo 11?", "The crew of Apollo 11: Michael Collins, pilot"),
        ("When did Apollo 14 land?", "Moon landings: 1971 | Apollo 14 | Alan Shepard"),
        # Russian
        ("Сколько стоит билет в Музей космонавтики?", "Музей космонавтики: Билет: 300 рублей"),
        ("Где находится Музей космонавтики?", "Музей космонавтики: Адрес: проспект Мира"),
        ("Когда открылся Музей космонавтики?", "Музей космонавтики: Открытие: 1981 год"),
        ("Где родился Гагарин?", "Юрий Гагарин: Родился в деревне Клушино"),
        ("Когда погиб Гагарин?", "Юрий Гагарин: Погиб: 1968"),
    ],
)
def test_a_line_is_quoted_with_its_heading_and_cited_alone(generator, question, quote):
    draft = generator.generate(question, SLIDES)
    claims = [claim.strip() for claim in re.findall(r"([^\[\]]+) \[\d+\]", draft)]
    assert quote in claims
    citations = cite(draft, SLIDES).citations
    line = next(c for c in citations if quote.endswith(f": {c.quote}"))
    assert line.modality is SCREEN
    assert line.span == Span(0, 10_000)


@pytest.mark.parametrize(
    "question",
    [
        "When was Neil Armstrong born?",
        "Where was Michael Collins born?",
        "Who was the commander of Apollo 13?",
        "Where was The Silent Sea shot?",
        "Who directed the Festival of Darkness?",
        "Who is the producer of The Silent Sea?",
        "How much does The Silent Sea cost?",
        "When was Maria Ek born?",
        "How tall is Anna Berg?",
        "Who is the husband of Anna Berg?",
        "When did Anna Berg die?",
        "Where was Alan Shepard born?",
        "When was the crew born?",
        "How many people visited the Festival of Light?",
        "Сколько стоит экскурсия в Музее космонавтики?",
        "Где родился Титов?",
        "Сколько лет было Гагарину?",
        "Когда закрылся Музей космонавтики?",
    ],
)
def test_what_no_slide_says_is_not_answered(generator, question):
    assert generator.generate(question, SLIDES) == ""


def test_a_heading_alone_says_nothing_of_what_it_names(generator):
    title = slide("Katherine Johnson")
    assert generator.generate("Who was Katherine Johnson?", [title]) == ""


def test_what_stands_there_at_a_time_is_told_after_what_is_said(generator):
    item = SLIDES[1]
    then = Evidence(
        item.segment_id, "v", "v.mp4", item.span, 1.0, ("time",), item.sentences, item.before
    )
    draft = generator.generate("", [then])
    assert draft == (
        "Neil Armstrong was the first person on the moon. [1] "
        "Neil Armstrong: Test pilot and astronaut [1] Born in Wapakoneta, Ohio [1] "
        "Studied at Purdue University [1]"
    )


def test_a_title_with_nothing_below_it_is_told(generator):
    title = Sentence("Intermission", Span(0, 9_000), modality=SCREEN)
    then = Evidence("s", "v", "v.mp4", Span(0, 9_000), 1.0, ("time",), (title,))
    assert generator.generate("", [then]) == "Intermission [1]"


def test_a_line_is_no_context_of_what_is_said(generator):
    shown = Sentence("Maria Ek, director", Span(0, 9_000), modality=SCREEN, heading="Guests")
    said = Sentence("She was born in Leeds.", Span(0, 2_000))
    item = Evidence("s", "v", "v.mp4", Span(0, 9_000), 1.0, ("text",), (shown, said))
    assert generator.generate("Where was Maria Ek born?", [item]) == ""
