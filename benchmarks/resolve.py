"""Which thresholds resolution needs, and how long it takes.

    .venv/bin/python benchmarks/resolve.py

First the labelled pairs of resolve.toml: precision and recall of the rules, and of words that are
taken for one at other likenesses, with and without their sound. Then how much company one entity
shares with itself (one segment with all its others) and with others, in the narrations of the
samples and the texts of similar.toml and extractive.toml. Then libraries of made names, in memory.
"""

from __future__ import annotations

import random
import sys
import time
import tomllib
from collections import defaultdict
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.table import Table

from kg_videorag.engines.spacy import SpacyExtractor
from kg_videorag.identity import entity_id
from kg_videorag.ingest.resolve import spelling
from kg_videorag.ingest.resolve.context import shared
from kg_videorag.ingest.resolve.library import Known, Library
from kg_videorag.ingest.resolve.match import Agreement
from kg_videorag.ingest.resolve.names import Name, read_name
from kg_videorag.ingest.resolve.plan import plan
from kg_videorag.ingest.resolve.rules import contradict, match
from kg_videorag.model import EntityType

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
TYPES = {
    "P": EntityType.PERSON, "O": EntityType.ORGANIZATION, "L": EntityType.PLACE,
    "X": EntityType.PRODUCT, "E": EntityType.EVENT, "W": EntityType.WORK,
    "G": EntityType.GROUP, "C": EntityType.CONCEPT, "D": EntityType.DATE,
}  # fmt: skip
LIKENESSES = (70, 75, 80, 85, 90)
SHARES = (0.10, 0.20, 0.25, 0.30, 0.40, 0.50, 0.60, 0.70)
SIZES = (10_000, 100_000)
SENTENCES = 3  # a made segment, since these texts have no times
LEAST_SEGMENTS = 2  # of an entity whose company is split in two


def labelled() -> Iterator[tuple[Agreement, bool, Name, Name]]:
    """How far the company agrees, whether it is one thing, and its two names."""
    for group in tomllib.loads((HERE / "resolve.toml").read_text(encoding="utf-8"))["group"]:
        company = Agreement[group["company"].upper()]
        for kind in ("same", "different"):
            for row in group[kind].strip().splitlines():
                sides = (side.strip() for side in row.split("|"))
                names = [read_name(side[2:], TYPES[side[0]]) for side in sides]
                yield company, kind == "same", names[0], names[1]


def joins(company: Agreement, first: Name, second: Name) -> bool:
    """Whether two names in such company are joined."""
    found = match(first, second)
    return found is not None and found.needs <= company and not contradict(first, second)


def scored(console: Console, title: str) -> None:
    """Precision and recall of the rules as they stand."""
    rows = [(same, joins(company, a, b), a.text, b.text) for company, same, a, b in labelled()]
    right = sum(same and joined for same, joined, _, _ in rows)
    joined, same = sum(row[1] for row in rows), sum(row[0] for row in rows)
    wrong = [f"{a} ~ {b}" for one, found, a, b in rows if one != found]
    console.print(
        f"{title}: precision {right / joined:.3f}, recall {right / same:.3f}"
        f" of {same} same and {len(rows) - same} different; wrong: {', '.join(wrong) or 'none'}"
    )


def sweep(console: Console) -> None:
    """The same with other likenesses of words, and without comparing their sound."""
    stands, heard = spelling.SAME_WORD, spelling.misheard
    for likeness in LIKENESSES:
        spelling.SAME_WORD = float(likeness)
        scored(console, f"likeness {likeness}")
    spelling.SAME_WORD = stands
    spelling.misheard = lambda spelt, _, *, is_given: heard(spelt, ("", ""), is_given=is_given)
    read_name.cache_clear()
    scored(console, f"likeness {stands:.0f}, whatever the sound")
    spelling.misheard = heard


def segments() -> list[tuple[int, set[str]]]:
    """The entities of every made segment, and which text it is of."""
    texts: list[list[str]] = []
    for sample in sorted((HERE.parent / "samples").glob("*.toml")):
        slides = tomllib.loads(sample.read_text(encoding="utf-8"))["slides"]
        texts.append([s["narration"] for slide in slides for s in slide.get("sentences", ())])
    for subject in tomllib.loads((HERE / "similar.toml").read_text(encoding="utf-8"))["subject"]:
        texts += [passage.split(". ") for passage in subject["passages"]]
    other = tomllib.loads((HERE / "extractive.toml").read_text(encoding="utf-8"))["texts"]
    texts += [text.split(". ") for text in other.values()]
    found = []
    for number, sentences in enumerate(texts):
        extracted = SpacyExtractor().extract(sentences)
        for start in range(0, len(sentences), SENTENCES):
            part = extracted[start : start + SENTENCES]
            found.append((number, {entity_id(e.type, e.name) for x in part for e in x.entities}))
    return found


def company(console: Console) -> None:
    """How much company one segment of an entity shares with its others, and with other entities."""
    places: defaultdict[str, list[set[str]]] = defaultdict(list)
    texts: defaultdict[str, set[int]] = defaultdict(set)
    for number, found in segments():
        for identity in found:
            places[identity].append(found)
            texts[identity].add(number)
    often = {i: sets for i, sets in places.items() if len(sets) >= LEAST_SEGMENTS}
    whole = {i: frozenset(set().union(*sets) - {i}) for i, sets in often.items()}
    same = [
        shared(frozenset(sets[n] - {i}), frozenset(set().union(*sets[:n], *sets[n + 1 :]) - {i}))
        for i, sets in often.items()
        for n in range(len(sets))
    ]
    others: dict[bool, list[float]] = {True: [], False: []}
    for i, j in permutations(sorted(often), 2):
        share = shared(frozenset(often[i][0] - {i, j}), whole[j] - {i})
        others[texts[i].isdisjoint(texts[j])].append(share)
    kinds = (same, others[False], others[True])
    table = Table("share of company at least", "one entity", "others of its texts", "of others")
    for least in SHARES:
        shares = [float((np.asarray(kind) >= least).mean()) for kind in kinds]
        table.add_row(f"{least:.2f}", *(f"{share:.1%}" for share in shares))
    counts = ", ".join(str(len(kind)) for kind in kinds)
    console.print(f"pairs of each kind, of entities in {LEAST_SEGMENTS} segments: {counts}", table)


def made(size: int) -> Library:
    """A library of made persons, places and concepts, some of them misspelt."""
    rng = random.Random(7)  # noqa: S311 - the same library each time
    syllables = [c + v for c in "bcdfghklmnprstvz" for v in "aeiou"]

    def word(least: int = 2, most: int = 4) -> str:
        return "".join(rng.choices(syllables, k=rng.randint(least, most))).title()

    surnames, given = [word() for _ in range(size // 5)], [word(1, 3) for _ in range(300)]
    entities: dict[str, Known] = {}
    while len(entities) < size:
        kind = rng.random()
        if kind < 0.4:
            name, of = f"{rng.choice(given)} {rng.choice(surnames)}", EntityType.PERSON
        elif kind < 0.6:
            name, of = f"{word()} {word()}", EntityType.ORGANIZATION
        else:
            name, of = word(), rng.choice((EntityType.PLACE, EntityType.PRODUCT))
        identity = entity_id(of, name)
        entities[identity] = Known(identity, read_name(name, of), rng.randint(1, 20))
    return Library(entities)


def timed(console: Console) -> None:
    """How long a library takes as a whole, and a video's 200 entities of it."""
    for size in SIZES:
        read_name.cache_clear()
        start = time.perf_counter()
        library = made(size)
        read_s = time.perf_counter() - start
        due = sorted(library.entities)[:200]
        seconds = []
        for wanted in (due, due, library.entities):
            start = time.perf_counter()
            plan(library, wanted, lambda _: {})
            seconds.append(time.perf_counter() - start)
        console.print(
            f"{size} entities: made in {read_s:.1f} s; 200 due: {seconds[0]:.2f} s, again"
            f" {seconds[1]:.2f} s; all due: {seconds[2]:.1f} s"
        )


def main() -> None:
    """Measure and print."""
    console = Console(width=160)
    scored(console, "rules")
    sweep(console)
    if "--rules" not in sys.argv[1:]:
        company(console)
        timed(console)


if __name__ == "__main__":
    main()
