"""How well the check of an answer's sentences tells true ones from false ones.

    .venv/bin/python benchmarks/support.py            # the table
    .venv/bin/python benchmarks/support.py --wrong    # and each claim that it gets wrong

A claim is what a model might write; it cites one passage, and the passage says it or not. The
peers are what one would do first: the share of the claim's words that the passage's best
sentence says, and the cosine of MiniLM to it (English only). Each takes the threshold that does
best on the very claims that it is measured on (F1), those that were held out included; ours is
set on the "tried" claims alone.
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from kg_videorag.ask.verify import support
from kg_videorag.ask.verify.support import supporting
from kg_videorag.config import load_settings
from kg_videorag.engines.minilm import MiniLMEmbedder
from kg_videorag.model import Evidence, Sentence, Span
from kg_videorag.words import RUSSIAN, content_stems, language_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CONSOLE = Console(width=150)
DATA = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence, its passage, and whether that says it: "true", or what is false of it."""

    text: str
    passage: str
    kind: str

    @property
    def is_true(self) -> bool:
        return self.kind == "true"


def passage(name: str) -> Evidence:
    """A passage as a segment."""
    parts = DATA["passages"][name]["text"].split(" | ")
    said = tuple(Sentence(part, Span(n * 1000, n * 1000 + 1000)) for n, part in enumerate(parts))
    return Evidence(name, name, f"{name}.mp4", Span(0, 60_000), 1.0, (), said)


def claims(which: str) -> list[Claim]:
    """Those of one set."""
    return [
        Claim(text, group["passage"], kind)
        for group in DATA["claims"]
        if DATA["passages"][group["passage"]]["set"] == which
        for kind, texts in group.items()
        if kind != "passage"
        for text in texts
    ]


def overlap(claim: Claim) -> float:
    """The share of a claim's words that the best sentence of its passage says."""
    stems = content_stems(claim.text)
    said = (content_stems(s.text) for s in passage(claim.passage).sentences)
    return max(len(stems & there) / max(1, len(stems)) for there in said)


def cosines(items: Sequence[Claim]) -> list[float]:
    """The cosine of each claim to the nearest sentence of its passage."""
    embedder = MiniLMEmbedder(cache_dir=load_settings().cache_dir)
    found = []
    for claim in items:
        said = embedder.embed([s.text for s in passage(claim.passage).sentences])
        found.append(float((said @ embedder.embed([claim.text])[0]).max()))
    return found


def scores(items: Sequence[Claim], said: Sequence[bool]) -> tuple[float, float, float]:
    """Precision, recall and F1 of those that are taken for true."""
    counts = Counter((claim.is_true, one) for claim, one in zip(items, said, strict=True))
    precision = counts[True, True] / max(1, counts[True, True] + counts[False, True])
    recall = counts[True, True] / max(1, counts[True, True] + counts[True, False])
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def best(items: Sequence[Claim], values: Sequence[float]) -> list[bool]:
    """What the threshold of highest F1 takes for true."""
    tried = ([value >= threshold for value in values] for threshold in sorted(set(values)))
    return max(tried, key=lambda said: scores(items, said)[2])


def by_kind(items: Sequence[Claim], said: Sequence[bool]) -> str:
    """Of each kind of falsehood, how many are taken for true."""
    passed = Counter(c.kind for c, one in zip(items, said, strict=True) if one and not c.is_true)
    total = Counter(claim.kind for claim in items if not claim.is_true)
    return ", ".join(f"{kind} {passed[kind]}/{total[kind]}" for kind in sorted(total))


def curve(items: Sequence[Claim], check: Callable[[Claim], bool]) -> None:
    """Our precision and recall at other shares of words that must be said."""
    chosen = support.SAID_SHARE
    for share in (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 1.0):
        support.SAID_SHARE = share
        precision, recall, _ = scores(items, [check(claim) for claim in items])
        CONSOLE.print(f"  share {share:.1f}: precision {precision:.2f}, recall {recall:.2f}")
    support.SAID_SHARE = chosen


def main() -> None:
    """Print the table."""

    def check(claim: Claim) -> bool:
        return supporting(claim.text, passage(claim.passage)) is not None

    table = Table("claims", "how", "precision", "recall", "F1", "falsehoods taken for true")
    for which in ("tried", "held", "new", "fresh"):
        everything = claims(which)
        for language in ("English", "Russian"):
            items = [
                c for c in everything if (language_of(c.text) == RUSSIAN) == (language == "Russian")
            ]
            hows = {
                "checked": [check(claim) for claim in items],
                "token overlap": best(items, [overlap(claim) for claim in items]),
            }
            if language == "English":
                hows["cosine"] = best(items, cosines(items))
            true = sum(claim.is_true for claim in items)
            name = f"{which}, {language}: {true} true, {len(items) - true} false"
            for how, said in hows.items():
                precision, recall, f1 = scores(items, said)
                shown = f"{precision:.2f}", f"{recall:.2f}", f"{f1:.2f}"
                table.add_row(name, how, *shown, by_kind(items, said))
                name = ""
            if "--wrong" in sys.argv:
                for claim, said in zip(items, hows["checked"], strict=True):
                    if claim.is_true != said:
                        CONSOLE.print(f"  {which} {claim.kind:9} {claim.passage:10} {claim.text}")
    CONSOLE.print(table)
    CONSOLE.print("Other shares of words, on the tried claims:")
    curve(claims("tried"), check)


if __name__ == "__main__":
    main()
