"""The whole comparison: every pair in both orders, scores, and what length does to them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg_videorag.errors import EngineUnavailable, KgVideoRagError
from kg_videorag.evaluate.longer_videos.length import shortened, words_in
from kg_videorag.evaluate.longer_videos.outcome import Judged, combine
from kg_videorag.evaluate.longer_videos.report import report
from kg_videorag.model import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg_videorag.evaluate.longer_videos.answers import Pair, Pairs
    from kg_videorag.evaluate.longer_videos.judge import Judge
    from kg_videorag.evaluate.longer_videos.report import Report


@dataclass(frozen=True, slots=True)
class Options:
    """How answers are compared.

    Args:
        scores: Whether each answer is given points as well.
        equal_length: Whether pairs are judged again with the longer answer cut to the shorter.
        concurrency: How many pairs are judged at once.
        url: The judge's OpenAI-compatible server; "" for the language model of the settings.
        model: The judge's model; "" for that of the settings.
    """

    scores: bool = True
    equal_length: bool = True
    concurrency: int = 4
    url: str = field(default="", repr=False)
    model: str = ""


class Comparison:
    """Compares the answers of two systems.

    Args:
        judge: Who says which is better.
        options: How.
    """

    def __init__(self, judge: Judge, options: Options) -> None:
        self._judge = judge
        self._options = options

    def run(self, given: Pairs, on_pair: Callable[[int], None] = lambda _: None) -> Report:
        """Judge all pairs.

        Args:
            given: What is compared.
            on_pair: Told how many are done.

        Returns:
            What came out; pairs whose verdict could not be had are named in it.

        Raises:
            EngineUnavailable: If there is no judge; verdicts that were given are kept.
        """
        _ = self._judge.model  # asked once, before several ask at once
        judged: dict[str, Judged] = {}
        failed: list[tuple[str, Failure]] = []
        with ThreadPoolExecutor(max_workers=self._options.concurrency) as pool:
            futures = {pool.submit(self._judged, pair): pair for pair in given.pairs}
            try:
                for done, future in enumerate(as_completed(futures), start=1):
                    key = futures[future].key
                    try:
                        judged[key] = future.result()
                    except EngineUnavailable:
                        raise
                    except KgVideoRagError as error:
                        failed.append((key, Failure(error.code, error.message, error.hint)))
                    on_pair(done)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        in_order: Sequence[Judged] = [judged[p.key] for p in given.pairs if p.key in judged]
        return report(self._judge.model, given, in_order, sorted(failed, key=lambda f: f[0]))

    def _judged(self, pair: Pair) -> Judged:
        words_a, words_b = words_in(pair.a), words_in(pair.b)
        judge, options = self._judge, self._options
        outcome = combine(
            judge.compare(pair.question, pair.a, pair.b),
            judge.compare(pair.question, pair.b, pair.a),
        )
        equal = None
        if options.equal_length:
            words = min(words_a, words_b)
            a, b = shortened(pair.a, words), shortened(pair.b, words)
            equal = combine(judge.compare(pair.question, a, b), judge.compare(pair.question, b, a))
        scores = None
        if options.scores:
            scores = (judge.score(pair.question, pair.a), judge.score(pair.question, pair.b))
        return Judged(pair.key, words_a, words_b, outcome, equal, scores)
