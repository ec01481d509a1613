"""Talks that share the library's names, topics and questions' words, and answer nothing.

A question of one thing is easy where nothing else is spoken of. In an archive of one house, of
one league, the same names fall in hundreds of films: these are such films.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from library.script import Talk, talk_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SEED = 20_260
_SENTENCES = (9, 16)
_NAMING = 120  # talks that drop names; later ones ask
_ECHOES_EACH = 5
_SHARES = (0.3, 0.75)  # gossip below the first, lookalikes below the second, else filler

# The library's names in places where nothing is told of them.
GOSSIP = (
    "Somebody in the corridor asked whether {name} would come to the party.",
    "There is a street that is named after {name}, but it is not a long one.",
    "A poster of {name} hung in the kitchen until the wall was painted.",
    "We spoke about {name} for half an hour, and nobody knew anything new.",
    "My uncle had a photograph of {name}, and he showed it to every guest.",
    "People who ask about {name} are sent to the archive, and the archive is closed on Mondays.",
    "In the choir they sang a song about {name} and about the weather.",
    "The quiz had a question on {name}, and our table got it wrong.",
    "Nobody at the meeting had read the book about {name}.",
    "I would rather talk about {other} today than about {name}.",
    "First {name} was on the list for the speech, then {other}, and in the end nobody spoke.",
    "The children drew {name} and {other} with chalk on the pavement.",
    "A calendar with {name} for March and {other} for April was sold for charity.",
)
# The questions' words about others: the same relations, invented people, places and things.
LOOKALIKES: Mapping[str, Sequence[str]] = {
    "hospital": (
        "{person} was born in {place} and came to the hospital as a cook.",
        "The first operation of an eye in the clinic of {place} was done by {person}.",
        "{person} grew up in {place}, where the family kept a mill.",
        "The machine for the lungs was designed by {person} in a garage in {place}.",
        "{person} wrote the manual of the new lamp, and it has ninety pages.",
        "The nurse {person} studied at the university of {place} before the war.",
        "The pump was given to a museum in {place} by {person}.",
        "Before the flood in {place}, the ward of {person} had no telephone.",
        "The surgeon {person} left the hospital of {place} and taught chemistry.",
        "After the operation, {person} went home to {place} by bus.",
    ),
    "football": (
        "{person} scored twice in the cup final of the juniors in {place}.",
        "The referee of that match was {person}, who was born in {place}.",
        "The ground in {place} was designed by {person}, who liked red bricks.",
        "{person} began at the club of {place} and never left it.",
        "The captain, {person}, was sold to a club in {place} for a new fence.",
        "{person} coached the women of {place} for two winters.",
        "Rovers of {place} lost the final, and {person} threw a boot into the river.",
        "The club of {place} was founded by {person} in a tea house.",
        "After the last match, {person} opened a bakery in {place}.",
        "The second goal was scored by {person}, and the corner came from the left.",
    ),
    "court": (
        "Judge {person} was born in {place} and collects stamps.",
        "The lawyer {person} studied in {place} and speaks for farmers.",
        "The laboratory in {place} tested the paint, and {person} signed the report.",
        "{person} represented the builders of the tunnel at {place}.",
        "The witness {person} heard a noise in {place} before the lights went out.",
        "The judgment on the mill of {place} was read by {person}.",
        "{person} became a judge in {place} after a long illness.",
        "The report of {person} was sent to the engineer of {place}.",
        "A diver named {person} found a bicycle in the river at {place}.",
        "The bridge of {place} was drawn by {person} and painted twice.",
    ),
    "engineering": (
        "{person} founded a company for lamps in {place} and sold it soon.",
        "The first engineer of the brick works in {place} was {person}.",
        "{person} invented a quiet door, and a firm in {place} bought it.",
        "The project at {place} was led by {person}, who came from a bank.",
        "The largest crane of the harbour in {place} is named after {person}.",
        "The program for the trams of {place} was written by {person}.",
        "{person} was born in {place} and learned engineering by post.",
        "The turbine at the dam of {place} was launched by {person}.",
        "After the retirement, {person} lived in {place} and built model ships.",
        "{person} drew the blades of a windmill near {place}.",
    ),
    "space": (
        "{person} was the commander of a weather balloon over {place}.",
        "The rocket club of {place} was founded by {person}.",
        "{person} studied at the university of {place} and became a pilot of freight.",
        "The computer of the airport in {place} was built by {person}.",
        "{person} was born in {place} and wanted to walk on the Moon.",
        "The museum of flight in {place} was opened by {person} on a Sunday.",
        "The laboratory in {place} was founded by {person} to study bats.",
        "The flight director of the air show at {place} was {person}.",
        "{person} helped to calculate the path of a comet from {place}.",
        "The software of the telescope in {place} was written by {person}.",
    ),
}
# What people ask of the library, in a film where nobody knows.
ASKED = (
    "A listener wants to know {echo}, but we have no answer.",
    "Then a child asked {echo}, and everybody looked at the floor.",
    "In the quiz they asked {echo}, and no team got the point.",
    "I was asked twice {echo}, and I had to say that I forgot it.",
)
ECHOES: Mapping[str, Sequence[str]] = {
    "hospital": (
        "in which town the designer of the heart lung machine grew up",
        "where the nurse was born who wrote the manual of the machine",
        "where the surgeon of the first open heart operation at Brannoc Hospital was born",
        "at which university the surgeon studied",
        "who made the steel pump of the Tern, and in which town that firm is",
        "how many beds and lifts the hospital has today",
        "to which museum the machine of the operating table was given",
        "when the surgeon retired and who is the head of the pharmacy",
    ),
    "football": (
        "who designed the ground of the cup final of 1974",
        "from which town the architect of the ground came",
        "what the first club of the player was who scored twice in the final",
        "who coached the club that got floodlights for its player",
        "where the referee of the cup final was born",
        "what the name of the ground of the club is, and next to which building it lies",
        "how many goals the man scored in the season who took the corner",
        "in which year the club by the sea was founded",
    ),
    "court": (
        "where the judge was born who heard the case of the fallen bridge",
        "in which town the laboratory is that tested the bolts",
        "where the lawyer studied who spoke for the builders",
        "which firm the lawyer of the builders spoke for at the hearing",
        "in which town the lawyer of the town became a judge",
        "to whom the report of the laboratory was sent, and what he grows today",
        "whose stamp the diver found on the bolt in the river",
        "in which year the laboratory was founded, and who leads it",
    ),
    "engineering": (
        "in which village the first engineer of Hallin Works was born",
        "at which polytechnic the inventor of the silent valve learned his trade",
        "at which lake the first engineer of the company lived in old age",
        "where the leader of the project of the largest turbine was born",
        "who wrote the program that controls the largest turbine of the company",
        "at which cape the largest turbine stands, and when it was launched",
        "at which institute the woman studied who led the building of the turbine",
        "who founded the company that made the pump of steel",
    ),
    "space": (
        "who was the chief architect of the rocket that launched Skylab",
        "where the flight director of the landing with the alarms was born",
        "at which university the commander of Apollo 11 studied",
        "which company built the computer whose software the team wrote",
        "where the mathematician was born who helped to calculate the path of Apollo 11",
        "when the museum was opened that keeps the command module",
        "who founded the laboratory in which the software was written",
        "which president gave a medal to the woman of the software",
    ),
}
FILLER = (
    "That was a long time ago, and the house looks different now.",
    "We had soup, and then somebody told a joke.",
    "It rained for the rest of the week.",
    "The microphone did not work, so we began late.",
    "I have to look at my notes for the next point.",
    "Some of you will remember it better than I do.",
    "The bus was late, as it always is on Fridays.",
    "We will come to the details in another session.",
    "There is tea in the room behind you.",
    "Nobody wrote the numbers down.",
)
FIRST = tuple(
    "Ada Bertil Clara Dirk Edith Fergus Gwen Harald Irma Jonas Kitty Lorenz Mabel Niels Olive Piers"
    " Quentin Rosa Sven Thea Ulrich Vera Wanda Xaver Yvonne Zeno".split()
)
LAST = tuple(
    "Ashdown Birk Coulter Drummond Eklund Farrow Gantry Holloway Iversen Jessop Kettle Lomax Mundy"
    " Nordby Oakes Pargeter Quill Renshaw Stroud Tansley Upward Varley Wickham Yarrow".split()
)
PLACES = tuple(
    "Alderfoot,Birchwick,Cold Harrow,Dunsby,Elmstead,Foxley,Grimsand,Hartlow,Ingleby,Jarrowmere,"
    "Kingsford,Little Sorrow,Marshgate,Netherby,Oakhanger,Penwick,Quarrydale,Ravensea,Silverton,"
    "Thornholm,Upper Lea,Vale Cross,Westmarsh,Yarnfield".split(",")
)
# Whom and what the talks and the samples speak of, by world.
NAMES: Mapping[str, Sequence[str]] = {
    "hospital": tuple(
        "Brannoc Hospital,Agnes Whitlock,the Tern,Edmund Sayle,Ruth Calloway,Joan Perrin,Ida Marsh,"
        "Father Dunne,Peter Lowe,Nora Ebbing,Leonard Pask,Denby College,the Museum of Medicine,"
        "the heart room,the new wing,Corran Bay,Port Ansel,Stowbridge".split(",")
    ),
    "football": tuple(
        "Danny Croft,Eastgate Rovers,Tarn City,Kilmory Athletic,Wexcombe Town,Stefan Oriel,"
        "Hugh Bellis,Walter Finch,Doris Keane,Mick Tolland,Frieda Nass,Pellam Park,the Saltings,"
        "Mill Lane,Gerald Munt,Paul Venn,Arthur Speke,Maria Oriel,the cup final of 1974".split(",")
    ),
    "court": tuple(
        "Sennet Bridge,Philippa Rourke,Miriam Stagg,Oliver Quaid,Helga Brandt,the Orrin Laboratory,"
        "Ralph Dacre,Colin Abbey,Garrow and Sons,Yusuf Amari,Simon Thrale,Wester Vale,Lanmore,"
        "Fenwick,Tarrant College".split(",")
    ),
    "engineering": tuple(
        "Hallin Works,Greta Hallin,Anton Hallin,Josef Tamm,the silent valve,Morning Star,"
        "Ingrid Solberg,Tariq Osman,Petra Lind,Bruno Keller,Castle Mere,Cape Dorran,Velin,"
        "Haraldsvik,Lake Ostra,the Polytechnic of Sorrel".split(",")
    ),
    "space": tuple(
        "Apollo 11,Skylab,Neil Armstrong,Gene Kranz,Katherine Johnson,Margaret Hamilton,"
        "the Saturn V rocket,the Apollo guidance computer,Charles Draper,Wernher von Braun,"
        "Purdue University,Charles Conrad,the National Air and Space Museum,Raytheon".split(",")
    ),
}
TITLES: Mapping[str, Sequence[str]] = {
    "hospital": ("Voices of the wards", "Hospital evening", "Nurses remember", "The archive talks"),
    "football": ("Terrace talk", "The league show", "Supporters' evening", "Boots and scarves"),
    "court": ("Court corridor", "Law for everyone", "The hearing podcast", "Letters to the judge"),
    "engineering": ("Workshop hour", "Engineers' table", "Machines and people", "The tool shed"),
    "space": ("Space club", "Stars over town", "Rocket evening", "The Moon hour"),
}


def distractors(count: int, seed: int = SEED) -> Iterator[Talk]:
    """Talks that answer nothing, the same ones every time.

    Args:
        count: How many; those after the first 120 ask what the library tells, and tell nothing.
        seed: Of the choice.
    """
    yield from _crowd(min(count, _NAMING), seed)
    yield from _askers(max(count - _NAMING, 0), seed)


def _askers(count: int, seed: int) -> Iterator[Talk]:
    rng = random.Random(seed)  # noqa: S311 - the same talks every time
    worlds = tuple(ECHOES)
    for number in range(count):
        world = worlds[number % len(worlds)]
        sentences = []
        for echo in rng.sample(ECHOES[world], _ECHOES_EACH):
            sentences += [rng.choice(ASKED).format(echo=echo), rng.choice(FILLER)]
        title = f"{rng.choice(TITLES[world])}, questions {number // len(worlds) + 1}"
        yield talk_of(f"asked_{world}_{number:03d}.mp4", title, [((), sentences)])


def _crowd(count: int, seed: int) -> Iterator[Talk]:
    rng = random.Random(seed)  # noqa: S311 - the same talks every time
    worlds = tuple(NAMES)
    for number in range(count):
        world = worlds[number % len(worlds)]
        title = f"{rng.choice(TITLES[world])}, part {number // len(worlds) + 1}"
        sentences = [_sentence(world, rng) for _ in range(rng.randint(*_SENTENCES))]
        yield talk_of(f"crowd_{world}_{number:03d}.mp4", title, [((), sentences)])


def _sentence(world: str, rng: random.Random) -> str:
    drawn = rng.random()
    if drawn < _SHARES[0]:
        name, other = rng.sample(NAMES[world], 2)
        return rng.choice(GOSSIP).format(name=name, other=other)
    if drawn < _SHARES[1]:
        person = f"{rng.choice(FIRST)} {rng.choice(LAST)}"
        return rng.choice(LOOKALIKES[world]).format(person=person, place=rng.choice(PLACES))
    return rng.choice(FILLER)
