"""How often the extractive generator answers rightly, wrongly, or refuses.

    .venv/bin/python benchmarks/extractive.py                          # English
    .venv/bin/python benchmarks/extractive.py extractive_russian       # Russian, fitted
    .venv/bin/python benchmarks/extractive.py extractive_russian_mixed # Russian, looked at once
    .venv/bin/python benchmarks/extractive.py extractive_russian_new   # Russian, not looked at

Every question is asked of all texts at once, so retrieval is not measured here. The peer is
what one would do first: quote the sentence of highest cosine, refuse below the cosine that
does best on these very questions. The generator's thresholds were set on the same questions,
but for those of extractive_russian_new.toml: read both columns as fits, not as forecasts.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

from rich.console import Console
from rich.table import Table

from kg_videorag.config import load_settings
from kg_videorag.engines.extractive import ExtractiveGenerator
from kg_videorag.engines.minilm import MiniLMEmbedder
from kg_videorag.model import Evidence, Sentence, Span
from kg_videorag.ports import GeneratorOptions

NAME = sys.argv[1] if len(sys.argv) > 1 else "extractive"
DATA = tomllib.loads(Path(__file__).with_name(f"{NAME}.toml").read_text(encoding="utf-8"))
SENTENCES_PER_SEGMENT = 4


def evidence() -> list[Evidence]:
    """The texts, cut into segments as ingest would."""
    items = []
    for name, text in DATA["texts"].items():
        sentences = [Sentence(part, Span(0, 1)) for part in re.split(r"(?<=[.!?]) ", text)]
        for start in range(0, len(sentences), SENTENCES_PER_SEGMENT):
            part = tuple(sentences[start : start + SENTENCES_PER_SEGMENT])
            before = tuple(s.text for s in sentences[:start][-SENTENCES_PER_SEGMENT:])
            items.append(Evidence(f"{name}{start}", name, name, Span(0, 1), 1.0, (), part, before))
    return items


def tally(answers: list[str]) -> dict[str, int]:
    """Count outcomes of answers to all questions, in their order."""
    counts = dict.fromkeys(("right", "incomplete or wrong", "refused wrongly", "invented"), 0)
    counts["refused rightly"] = 0
    for item, answer in zip(DATA["questions"], answers, strict=True):
        if not item["answer"]:
            counts["invented" if answer else "refused rightly"] += 1
        elif not answer:
            counts["refused wrongly"] += 1
        else:
            right = all(words in answer for words in item["answer"])
            counts["right" if right else "incomplete or wrong"] += 1
    return counts


def main() -> None:
    """Print the table."""
    cache_dir = load_settings().cache_dir
    embedder = MiniLMEmbedder(cache_dir=cache_dir)
    items = evidence()
    questions = [item["question"] for item in DATA["questions"]]
    generator = ExtractiveGenerator(embedder, options=GeneratorOptions(cache_dir))
    ours = [generator.generate(question, items) for question in questions]
    sentences = [sentence.text for item in items for sentence in item.sentences]
    cosines = embedder.embed(questions) @ embedder.embed(sentences).T
    best = [(float(row.max()), sentences[int(row.argmax())]) for row in cosines]
    plain = max(
        (
            [text if cosine >= threshold / 100 else "" for cosine, text in best]
            for threshold in range(20, 90)
        ),
        key=lambda answers: tally(answers)["right"] + tally(answers)["refused rightly"],
    )
    table = Table("outcome", "extractive", "best cosine", title=f"{len(questions)} questions")
    for outcome, count in tally(ours).items():
        table.add_row(outcome, str(count), str(tally(plain)[outcome]))
    Console().print(table)


if __name__ == "__main__":
    main()
