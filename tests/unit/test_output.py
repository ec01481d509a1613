"""What commands print."""

from __future__ import annotations

import pytest

from kg_videorag.cli.output import counted, printable
from kg_videorag.model import one_line


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        ({"segments": 1, "entities": 1, "vectors": 0}, "1 segment, 1 entity, 0 vectors"),
        ({"entities": 2}, "2 entities"),
        ({}, ""),
    ],
)
def test_nouns_follow_their_numbers(counts, text):
    assert counted(**counts) == text


def test_what_a_file_says_cannot_pose_as_a_line_of_ours():
    assert one_line("a.mp4\n  [1] b.mp4") == "a.mp4 [1] b.mp4"
    assert printable("\x1b[31mred\x07") == "[31mred"
