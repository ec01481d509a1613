"""Chapters against what is known: slides of the samples, and passages joined at random.

    python benchmarks/chapters.py            # the joined passages
    python benchmarks/chapters.py --library  # the samples, ingested into KGV_HOME before

A border is right within 5 s of a true one: a slide that changes, or where two passages meet.
"""

from __future__ import annotations

import json
import random
import re
import statistics
import sys
import tomllib
from pathlib import Path
from typing import Any

from kg_videorag.ask.overview.borders import borders, chapter_lengths
from kg_videorag.ask.overview.units import compare
from kg_videorag.config import load_settings
from kg_videorag.engines.minilm import MiniLMEmbedder
from kg_videorag.graph.course import Line
from kg_videorag.model import Sentence, Span

FOLDER = Path(__file__).parent
NEAR_MS, MS_A_LETTER, PAUSE_MS = 5_000, 65, 400
ROUNDS = 40


def read(file: str) -> dict[str, Any]:
    """A file of this folder."""
    return tomllib.loads((FOLDER / f"{file}.toml").read_text("utf-8"))


def passages(language: str) -> list[list[str]]:
    """Texts of one subject each, as sentences."""
    if language == "en":
        subjects = read("similar")["subject"]
        texts = [" ".join(subject["passages"]) for subject in subjects]
    else:
        texts = [
            text
            for file in ("extractive_russian", "extractive_russian_new", "extractive_russian_mixed")
            for text in tomllib.loads((FOLDER / f"{file}.toml").read_text("utf-8"))[
                "texts"
            ].values()
        ]
    return [re.split(r"(?<=[.!?]) ", text) for text in texts]


def joined(chosen: list[list[str]]) -> tuple[list[Line], list[int], int]:
    """Passages one after another as a speaker says them, where they meet, and the length."""
    lines, meet, at_ms = [], [], 0
    for passage in chosen:
        meet.append(at_ms)
        for text in passage:
            end_ms = at_ms + len(text) * MS_A_LETTER
            lines.append(Line("s", Sentence(text, Span(at_ms, end_ms))))
            at_ms = end_ms + PAUSE_MS
    return lines, meet[1:], at_ms


def say(text: str) -> None:
    """Print a line."""
    sys.stdout.write(f"{text}\n")


def near(found: tuple[int, ...], true: list[int]) -> int:
    """How many borders are right."""
    return sum(any(abs(at - other) <= NEAR_MS for other in true) for at in found)


def measure(language: str, count: int) -> tuple[float, float, float]:
    """Precision, the precision of evenly spread borders, chapters; means over rounds."""
    texts = passages(language)
    embedder = MiniLMEmbedder(cache_dir=load_settings().cache_dir) if language == "en" else None
    rows = []
    for round_ in range(ROUNDS):
        chosen = random.Random(round_).sample(texts, min(count, len(texts)))  # noqa: S311 - repeatable
        lines, true, duration_ms = joined(chosen)
        meanings = embedder.embed([line.sentence.text for line in lines]) if embedder else None
        found = borders(compare(lines, meanings), (), duration_ms)
        even = tuple(duration_ms * n // (len(found) + 1) for n in range(1, len(found) + 1))
        rows.append(
            (
                near(found, true) / max(len(found), 1),
                near(even, true) / max(len(even), 1),
                len(found) + 1,
            )
        )
    precision, chance, chapters = (statistics.mean(column) for column in zip(*rows, strict=True))
    return precision, chance, chapters


def library() -> None:
    """Chapters of the samples against their slides."""
    from kg_videorag import VideoRAG

    root = FOLDER.parent / "samples" / "truth.json"
    truth = {video["file"]: video for video in json.loads(root.read_text("utf-8"))["videos"]}
    right = total = 0
    with VideoRAG() as rag:
        for stored in rag.videos():
            made = truth.get(Path(stored.video.path).name)
            if made is None:
                continue
            slides = [slide["start_ms"] for slide in made["slides"]][1:]
            found = tuple(c.span.start_ms for c in rag.chapters(stored.video.id).chapters[1:])
            right, total = right + near(found, slides), total + len(found)
            exact = sum(any(abs(at - s) <= 500 for s in slides) for at in found)
            say(
                f"{made['file']:22} {len(found) + 1} chapters, {near(found, slides)} of"
                f" {len(found)} borders within 5 s of a slide's change ({exact} within 0.5 s);"
                f" {len(slides)} slides change"
            )
    say(f"together {right} of {total}")


if __name__ == "__main__":
    if "--library" in sys.argv:
        library()
    else:
        for language in ("en", "ru"):
            for count in (6, 12):
                precision, chance, chapters = measure(language, count)
                say(
                    f"{language} {count:2} passages: {precision:.2f} of the borders are right"
                    f" (evenly spread {chance:.2f}); {chapters:.1f} chapters"
                )
        say(f"an hour: {chapter_lengths(3_600_000)}")
