"""What the grammar rules read out of English sentences, by spaCy's real small model."""

from __future__ import annotations

import pytest

from kg_videorag.engines.spacy import SpacyExtractor


@pytest.fixture(scope="module")
def extractor():
    return SpacyExtractor()


def relations(extractor, text):
    (found,) = extractor.extract([text])
    return {
        (found.entities[r.subject].name, r.predicate, found.entities[r.object].name)
        for r in found.relations
    }


def entities(extractor, *texts):
    return {(e.name, e.type.value) for found in extractor.extract(texts) for e in found.entities}


RELATIONS = {
    # voice
    "Marie Curie discovered polonium and radium.": {
        ("Marie Curie", "discover", "polonium"),
        ("Marie Curie", "discover", "radium"),
    },
    "Apollo 11 was launched by a Saturn V rocket.": {("Saturn V", "launch", "Apollo 11")},
    "Apollo 11 was launched by a Saturn V.": {("Saturn V", "launch", "Apollo 11")},
    "The rocket was built in Huntsville.": {("rocket", "build in", "Huntsville")},
    "The crew was picked up by the USS Hornet.": {("USS Hornet", "pick up", "crew")},
    "Neo4j was developed by Emil Eifrem in Sweden.": {
        ("Emil Eifrem", "develop", "Neo4j"),
        ("Neo4j", "develop in", "Sweden"),
    },
    "Python is a programming language created by Guido van Rossum.": {
        ("Python", "be", "programming language"),
        ("Guido van Rossum", "create", "Python"),
    },
    # prepositions, dates
    "Katherine Johnson worked at Langley.": {("Katherine Johnson", "work at", "Langley")},
    "Katherine Johnson was born in West Virginia.": {
        ("Katherine Johnson", "be born in", "West Virginia")
    },
    "Apollo 11 launched on July 16, 1969.": {("Apollo 11", "launch on", "July 16, 1969")},
    "Apollo 11 splashed down in the Pacific Ocean.": {
        ("Apollo 11", "splash down in", "Pacific Ocean")
    },
    "Gene Kranz worked as a flight director at Mission Control.": {
        ("Gene Kranz", "work as", "flight director"),
        ("Gene Kranz", "work at", "Mission Control"),
    },
    "Marie Curie shared the Nobel Prize in Physics with Henri Becquerel.": {
        ("Marie Curie", "share", "Nobel Prize in Physics"),
        ("Marie Curie", "share with", "Henri Becquerel"),
    },
    "Barack Obama gave Margaret Hamilton the Presidential Medal of Freedom.": {
        ("Barack Obama", "give to", "Margaret Hamilton"),
        ("Barack Obama", "give", "Presidential Medal of Freedom"),
    },
    # as a recogniser writes it
    "Neil Armstrong was the first to walk on the moon.": {("Neil Armstrong", "walk on", "moon")},
    # nouns that are no entity join the predicate
    "Katherine Johnson checked the orbit of John Glenn.": {
        ("Katherine Johnson", "check orbit of", "John Glenn")
    },
    "Steve Jobs founded Apple in a garage in Los Altos, California.": {
        ("Steve Jobs", "found", "Apple"),
        ("Steve Jobs", "found in garage in", "Los Altos"),
        ("Los Altos", "in", "California"),
    },
    # what somebody is
    "Margaret Hamilton was the director of the software team.": {
        ("Margaret Hamilton", "be director of", "software team")
    },
    "The capital of France is Paris.": {("Paris", "be capital of", "France")},
    "Gene Kranz, a flight director in Houston, led the mission.": {
        ("Gene Kranz", "be", "flight director"),
        ("Gene Kranz", "be flight director in", "Houston"),
        ("Gene Kranz", "lead", "mission"),
    },
    "Irene Joliot-Curie, the daughter of Marie Curie, won the Nobel Prize in Chemistry.": {
        ("Irene Joliot-Curie", "be daughter of", "Marie Curie"),
        ("Irene Joliot-Curie", "win", "Nobel Prize in Chemistry"),
    },
    "Google's CEO Sundar Pichai spoke at Stanford University.": {
        ("Sundar Pichai", "be ceo of", "Google"),
        ("Sundar Pichai", "speak at", "Stanford University"),
    },
    # shared subjects
    "Armstrong and Aldrin landed on the Moon.": {
        ("Armstrong", "land on", "Moon"),
        ("Aldrin", "land on", "Moon"),
    },
    "Margaret Hamilton worked at NASA and moved to Houston.": {
        ("Margaret Hamilton", "work at", "NASA"),
        ("Margaret Hamilton", "move to", "Houston"),
    },
    "After leaving NASA, Margaret Hamilton founded Hamilton Technologies.": {
        ("Margaret Hamilton", "leave", "NASA"),
        ("Margaret Hamilton", "found", "Hamilton Technologies"),
    },
    "Elon Musk wants to build a city on Mars.": {
        ("Elon Musk", "want to build", "city"),
        ("Elon Musk", "want to build city on", "Mars"),
    },
    # relative clauses
    "The Saturn V, which launched Apollo 11, was built by Boeing.": {
        ("Saturn V", "launch", "Apollo 11"),
        ("Boeing", "build", "Saturn V"),
    },
    "The rocket that Boeing built was launched in Florida.": {
        ("Boeing", "build", "rocket"),
        ("rocket", "launch in", "Florida"),
    },
    "Neil Armstrong was the first person to walk on the Moon.": {
        ("Neil Armstrong", "walk on", "Moon")
    },
    # nouns on nouns
    "Marie and Pierre visited NASA's Goddard Space Flight Center in Greenbelt, Maryland.": {
        ("Marie", "visit", "Goddard Space Flight Center"),
        ("Pierre", "visit", "Goddard Space Flight Center"),
        ("NASA", "have", "Goddard Space Flight Center"),
        ("Goddard Space Flight Center", "in", "Greenbelt"),
        ("Greenbelt", "in", "Maryland"),
    },
    "The guidance computer showed program alarms during the landing.": {
        ("guidance computer", "show", "program alarms")
    },
}


@pytest.mark.parametrize(("text", "expected"), RELATIONS.items(), ids=list(RELATIONS))
def test_reads_what_a_sentence_says(extractor, text, expected):
    assert relations(extractor, text) == expected


DENIALS = {
    "NASA did not land on Mars.": {("NASA", "not land on", "Mars")},
    "The European Space Agency never landed on Venus.": {
        ("European Space Agency", "not land on", "Venus")
    },
    "NASA decided not to land on Mars.": {("NASA", "decide not to land on", "Mars")},
    "NASA failed to launch Artemis.": {("NASA", "fail to launch", "Artemis")},
    "Neil Armstrong can't fly the X-15.": {("Neil Armstrong", "can not fly", "X-15")},
    "NASA has no rocket on Mars.": {
        ("NASA", "not have", "rocket"),
        ("NASA", "not have rocket on", "Mars"),
    },
    "No rocket reached Pluto.": {("rocket", "not reach", "Pluto")},
    "Neither Boeing nor Lockheed built the Eagle.": {
        ("Boeing", "not build", "Eagle"),
        ("Lockheed", "not build", "Eagle"),
    },
    "Boeing neither designed nor built the Eagle.": {("Boeing", "not build", "Eagle")},
    "Not Boeing but Grumman built the Eagle.": {("Boeing", "not build", "Eagle")},
    "Grumman, not Boeing, built the Eagle.": {("Grumman", "build", "Eagle")},
    "The Soviet Union never landed people on the Moon but launched Sputnik.": {
        ("Soviet Union", "not land people on", "Moon"),
        ("Soviet Union", "launch", "Sputnik"),
    },
    "Boeing almost lost Apollo 13.": {("Boeing", "almost lose", "Apollo 13")},
    "SpaceX could land on Mars.": {("SpaceX", "could land on", "Mars")},
}


@pytest.mark.parametrize(("text", "expected"), DENIALS.items(), ids=list(DENIALS))
def test_nothing_is_read_as_its_opposite(extractor, text, expected):
    assert relations(extractor, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Did Armstrong land on Mars?",
        "If Boeing builds the Saturn V, everybody will be glad.",
        "Critics deny that Armstrong landed on the Moon.",
        "NASA does not think that Boeing built the Eagle.",
        "Mr. Gorbachev, tear down this wall!",
        "She worked at the Massachusetts Institute of Technology.",
        "There are many people in the world who like apples.",
        "You can't just take it and put it into the thing.",
        "And so, my fellow Americans, ask not what your country can do for you.",
    ],
)
def test_what_is_asked_doubted_commanded_or_said_of_a_pronoun_is_no_relation(extractor, text):
    assert relations(extractor, text) == set()


def test_webb_telescope(extractor):
    text = (
        "This is the optical and science segment of the Webb Space Telescope in one of the largest "
        "clean rooms in the world at NASA's Goddard Space Flight Center in Greenbelt, Maryland."
    )
    assert entities(extractor, text) == {
        ("Webb Space Telescope", "Product"),
        ("NASA", "Organization"),
        ("Goddard Space Flight Center", "Organization"),
        ("Greenbelt", "Place"),
        ("Maryland", "Place"),
    }
    assert relations(extractor, text) == {
        ("NASA", "have", "Goddard Space Flight Center"),
        ("Goddard Space Flight Center", "in", "Greenbelt"),
        ("Greenbelt", "in", "Maryland"),
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Apollo 11 left.", {("Apollo 11", "Product")}),
        ("Saturn V rocket", {("Saturn V", "Product")}),
        ("He flew the X-15 rocket plane.", {("X-15", "Product")}),
        ("World War II ended in 1945.", {("World War II", "Event"), ("1945", "Date")}),
        ("Louis XIV came.", {("Louis XIV", "Person")}),
        ("The Moon is far away.", {("Moon", "Place")}),
        ("They talked about Mr. Gorbachev.", {("Gorbachev", "Person")}),
        ("Buzz Aldrin, lunar module Eagle", {("Buzz Aldrin", "Person"), ("Eagle", "Product")}),
        (
            "During the landing, the Apollo guidance computer raised several alarms.",
            {("Apollo guidance computer", "Product"), ("alarms", "Concept")},
        ),
        (
            "Google acquired YouTube for 1.65 billion dollars in 2006.",
            {
                ("Google", "Organization"),
                ("YouTube", "Organization"),
                ("1.65 billion dollars", "Quantity"),
                ("2006", "Date"),
            },
        ),
        ("Buzz Aldrin followed him about twenty minutes later.", {("Buzz Aldrin", "Person")}),
        ("This film is about five people.", set()),
        ("The first three of them went that way today, you know.", set()),
        ("Chapter 3", set()),
    ],
)
def test_entities_and_their_types(extractor, text, expected):
    assert entities(extractor, text) == expected


def test_a_name_has_one_type_in_a_video(extractor):
    found = entities(
        extractor,
        "Michael Collins was the pilot of the command module Columbia.",
        "Columbia is now kept by the National Air and Space Museum in Washington.",
        "Armstrong and Aldrin landed on the Moon.",
        "Neil Armstrong was born in Ohio.",
    )
    assert {t for name, t in found if name == "Columbia"} == {"Product"}
    assert {t for name, t in found if name == "Armstrong"} == {"Person"}


def test_a_noun_that_matters_somewhere_is_mentioned_everywhere(extractor):
    alone = "It is radium that glows here."
    assert entities(extractor, alone) == set()
    first, _ = extractor.extract([alone, "Marie Curie discovered radium."])
    assert [e.name for e in first.entities] == ["radium"]


def test_a_relation_spans_subject_verb_and_object(extractor):
    text = "On July 20, 1969, Neil Armstrong and Buzz Aldrin landed in the Sea of Tranquility."
    (found,) = extractor.extract([text])
    spans = {
        (found.entities[r.subject].name, r.predicate): text[r.start_char : r.end_char]
        for r in found.relations
    }
    assert spans["Buzz Aldrin", "land in"] == "Buzz Aldrin landed in the Sea of Tranquility"
    assert spans["Neil Armstrong", "land on"].startswith("July 20, 1969")
