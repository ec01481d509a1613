"""Hours of slides in constant memory: sixty minutes take at most 1.2 times what ten take."""

from __future__ import annotations

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

SCRIPT = Path(__file__).with_name("watch_slides.py")
SLIDE_S = 10
RATE = 16_000


def slides(path, minutes):
    """A lecture: a slide every ten seconds, and a hum."""
    rng = np.random.default_rng(1)
    hum = (3000 * np.sin(np.arange(RATE) * 2 * np.pi * 200 / RATE)).astype(np.int16)[None]
    with av.open(str(path), "w") as file:
        picture = file.add_stream("mpeg4", rate=1)
        picture.width, picture.height, picture.pix_fmt = 320, 180, "yuv420p"
        sound = file.add_stream("flac", rate=RATE, layout="mono")
        for second in range(minutes * 60):
            if second % SLIDE_S == 0:
                # Coarse enough that it is compressed without a trace, and holds still.
                pixels = rng.integers(0, 255, (6, 10, 3), np.uint8).repeat(30, 0).repeat(32, 1)
                frame = av.VideoFrame.from_ndarray(pixels, "rgb24")
                frame.pts, frame.time_base = second, Fraction(1, 1)
                file.mux(picture.encode(frame))
            frame = av.AudioFrame.from_ndarray(hum, "s16", "mono")
            frame.sample_rate, frame.time_base = RATE, Fraction(1, RATE)
            frame.pts = second * RATE
            file.mux(sound.encode(frame))
        for stream in (picture, sound):
            file.mux(stream.encode(None))
    return path


def watched(path, what):
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(path), what], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


@pytest.mark.skipif(sys.platform == "win32", reason="it has no module resource")
@pytest.mark.parametrize("what", ["python", "resident"])
def test_sixty_minutes_take_what_ten_take(tmp_path, what):
    ten, sixty = (watched(slides(tmp_path / f"{m}.mkv", m), what) for m in (10, 60))
    assert (ten["pictures"], sixty["pictures"]) == (60, 360)
    assert sixty["heard_ms"] == 3_600_000
    assert sixty["lines"] > 5 * ten["lines"] > 0
    assert sixty["vectors"] > 5 * ten["vectors"] > 0
    assert sixty["peak_bytes"] <= 1.2 * ten["peak_bytes"], (ten, sixty)
