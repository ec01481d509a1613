"""What each stage depends on: which results a change of engines makes stale."""

from __future__ import annotations

import pytest

from kg_videorag.ingest.clock import StageClock
from kg_videorag.ingest.stages import STAGES, stage_keys, stages_again

ENGINES = {
    kind: f"{kind}/1" for stage in STAGES for kind in stage.engines
}  # as if all were configured
PASS = {"decode", "speech", "screen", "vectors", "frames", "labels"}
AFTER_SEGMENT = {"segment", "caption", "extract", "embed"}
END = {"write", "index"}


def changed(**engines: str) -> set[str]:
    """Which stages have another key where some engines are others."""
    before, after = stage_keys("film", ENGINES, {}), stage_keys("film", ENGINES | engines, {})
    return {stage for stage, key in before.items() if after.get(stage) != key}


@pytest.mark.parametrize(
    ("kind", "stale"),
    [
        ("transcriber", {"speech"} | AFTER_SEGMENT | END),
        ("text_reader", {"screen"} | AFTER_SEGMENT | END),
        ("media_embedder", {"vectors", "sidecars"} | END),
        ("detector", {"labels"} | END),
        ("sound_tagger", {"labels"} | END),
        ("captioner", {"caption", "extract", "embed"} | END),  # of the pictures that are kept
        ("segmenter", AFTER_SEGMENT | END),
        ("extractor", {"extract"} | END),
        ("embedder", {"embed"} | END),
    ],
)
def test_another_engine_makes_stale_what_depends_on_it_and_nothing_else(kind, stale) -> None:
    assert changed(**{kind: "another/1"}) == stale
    assert changed(**{kind: f"{kind}/2"}) == stale


def test_another_file_makes_everything_stale() -> None:
    before, after = stage_keys("film", ENGINES, {}), stage_keys("another", ENGINES, {})
    assert not set(before.values()) & set(after.values())


def test_a_setting_of_a_stage_is_in_its_key() -> None:
    before = stage_keys("film", ENGINES, {"frames": "3"})
    after = stage_keys("film", ENGINES, {"frames": "4"})
    stale = {stage for stage, key in before.items() if after[stage] != key}
    assert stale == {"frames", "caption", "extract", "embed"} | END


def test_a_stage_without_its_engine_is_left_out() -> None:
    bare = {kind: ENGINES[kind] for kind in ("transcriber", "segmenter", "extractor", "embedder")}
    assert list(stage_keys("film", bare, {})) == [
        "read", "decode", "speech", "screen", "segment", "extract", "embed", "write", "index",
    ]  # fmt: skip
    tagged = stage_keys("film", bare | {"sound_tagger": "yamnet/1"}, {})
    assert set(tagged) - set(stage_keys("film", bare, {})) == {"labels"}


def test_every_stage_stands_after_what_it_needs() -> None:
    names = [stage.name for stage in STAGES]
    for place, stage in enumerate(STAGES):
        assert set(stage.needs) <= set(names[:place])


@pytest.mark.parametrize(
    ("chosen", "redone"),
    [
        ({"embed"}, {"embed"} | END),
        ({"extract"}, {"extract"} | END),
        ({"vectors", "extract"}, {"vectors", "extract"} | END),
        ({"decode"}, PASS | AFTER_SEGMENT | END),
    ],
)
def test_what_takes_a_stage_result_is_done_again_with_it(chosen, redone) -> None:
    assert stages_again(chosen) == redone


def test_time_is_told_of_the_stage_that_it_was_spent_on(monkeypatch) -> None:
    now = [0.0]
    monkeypatch.setattr("kg_videorag.ingest.clock.time.perf_counter", lambda: now[0])
    told: list[tuple[str, float]] = []
    clock = StageClock(lambda step: told.append((step.stage, step.share)))
    with clock.stage("speech"):
        now[0] += 5
        with clock.ahead("screen", 0.5):
            now[0] += 2
    with clock.stage("screen"):
        with clock.ahead("screen"):  # of itself: it counts once
            now[0] += 1
        with clock.ahead("vectors"):
            now[0] += 3
        now[0] += 4
    with clock.stage("vectors"):
        pass
    assert clock.seconds == {"speech": 5, "screen": 7, "vectors": 3}
    assert told == [
        ("speech", 0.0), ("screen", 0.5), ("speech", 1.0), ("screen", 1.0), ("vectors", 1.0),
    ]  # fmt: skip
