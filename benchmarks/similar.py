"""From which cosine on two segments are of one subject: the threshold of SIMILAR_TO.

    .venv/bin/python benchmarks/similar.py

Passages of similar.toml and the narrations of the samples, as segments of other videos: two of
one subject should be joined, two of different subjects should not.
"""

from __future__ import annotations

import tomllib
from itertools import combinations
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from kg_videorag.compose import Composition
from kg_videorag.config import load_settings

HERE = Path(__file__).parent
THRESHOLDS = (0.30, 0.35, 0.40, 0.45, 0.50, 0.55, 0.60)


def passages() -> list[tuple[str, str, str]]:
    """Subject, video, text of each segment."""
    subjects = tomllib.loads((HERE / "similar.toml").read_text(encoding="utf-8"))["subject"]
    found = [
        (subject["name"], f"{subject['name']} {number}", text)
        for subject in subjects
        for number, text in enumerate(subject["passages"])
    ]
    for sample in sorted((HERE.parent / "samples").glob("apollo_*.toml")):
        slides = tomllib.loads(sample.read_text(encoding="utf-8"))["slides"]
        found += [
            ("apollo", sample.stem, " ".join(s["narration"] for s in slide["sentences"]))
            for slide in slides
        ]
    return found


def main() -> None:
    """Measure and print."""
    texts = passages()
    embedder = Composition(load_settings()).embedder
    vectors = embedder.embed([text for _, _, text in texts])
    cosines = vectors @ vectors.T
    related, unrelated = [], []
    for i, j in combinations(range(len(texts)), 2):
        if texts[i][1] != texts[j][1]:  # of two videos
            (related if texts[i][0] == texts[j][0] else unrelated).append(float(cosines[i, j]))
    table = Table("cosine at least", "of one subject", "of others")
    for least in THRESHOLDS:
        shares = [float((np.asarray(kind) >= least).mean()) for kind in (related, unrelated)]
        table.add_row(f"{least:.2f}", *(f"{share:.1%}" for share in shares))
    console = Console()
    console.print(f"{embedder.model}: {len(related)} related pairs, {len(unrelated)} unrelated")
    for name, kind in (("related", related), ("unrelated", unrelated)):
        quantiles = np.quantile(kind, [0, 0.1, 0.5, 0.9, 0.99, 1]).round(3).tolist()
        console.print(f"{name}: least, 10 %, median, 90 %, 99 %, most: {quantiles}")
    console.print(table)


if __name__ == "__main__":
    main()
