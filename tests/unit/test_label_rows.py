"""Labels and the rows in which their vectors stand."""

from __future__ import annotations

import random

import numpy as np
import pytest

from kg_videorag.vectors.label_rows import NOWHERE, LabelRows, as_labels, best_of


def array(*labels):
    return np.asarray(labels, dtype=np.int64)


def test_no_labels_have_no_rows() -> None:
    rows = LabelRows()
    assert (len(rows), rows.rows) == (0, 0)
    assert rows.find(array(1, 2)).tolist() == [NOWHERE, NOWHERE]
    rows.drop(array(1))
    rows.append(array())
    assert rows.live().tolist() == []


def test_the_last_row_of_a_label_counts() -> None:
    rows = LabelRows(array(7, 5, 7))
    assert (len(rows), rows.rows) == (2, 3)
    assert rows.find(array(5, 7, 6)).tolist() == [1, 2, NOWHERE]
    rows.append(array(5))
    assert rows.find(array(5)).tolist() == [3]
    assert rows.live().tolist() == [2, 3]


def test_what_is_dropped_is_nowhere_until_it_comes_again() -> None:
    rows = LabelRows(array(7, 5))
    rows.drop(array(5, 5, 9))
    assert rows.among(array(7, 5)).tolist() == [0]
    rows.append(array(5))
    assert rows.among(array(5, 7, 5)).tolist() == [0, 2]


def test_it_agrees_with_a_dictionary() -> None:
    rng = random.Random(3)
    rows, expected, count = LabelRows(), {}, 0
    for _ in range(300):
        labels = [rng.randrange(60) * 2**56 for _ in range(rng.randrange(8))]
        if rng.random() < 0.6:
            rows.append(array(*labels))
            expected.update(zip(labels, range(count, count + len(labels)), strict=True))
            count += len(labels)
        else:
            rows.drop(array(*labels))
            for label in labels:
                expected.pop(label, None)
        assert len(rows) == len(expected)
        assert rows.live().tolist() == sorted(expected.values())
        asked = [n * 2**56 for n in range(60)]
        assert rows.find(array(*asked)).tolist() == [expected.get(n, NOWHERE) for n in asked]


@pytest.mark.parametrize(
    "labels", [[3, 1], {3, 1}, frozenset({3, 1}), range(1, 4, 2), array(3, 1), iter([3, 1])]
)
def test_labels_of_any_collection(labels) -> None:
    found = as_labels(labels)
    assert found.dtype == np.int64
    assert sorted(found.tolist()) == [1, 3]


@pytest.mark.parametrize("k", [1, 3, 10, 49, 50, 200])
def test_the_best_are_those_of_a_whole_sort(k) -> None:
    cosines = np.random.default_rng(1).random(200).astype(np.float32)
    assert best_of(cosines, k).tolist() == np.argsort(-cosines, kind="stable")[:k].tolist()
