"""Films of any length for benchmarks, made from the samples."""

from __future__ import annotations

from fractions import Fraction
from itertools import cycle
from pathlib import Path

import av
import numpy as np

SAMPLES = sorted((Path(__file__).parents[1] / "samples").glob("*.mp4"))
SOUND_HZ = 16_000
GAP_S = 0.3  # sound begins before 0 in its file, by a packet or two: times must not go back
SPOKEN_S = 300  # of a quiet film: one whole block of sound, the most that is listened to at once


def talking_film(path: Path, minutes: float) -> float:
    """The samples one behind the other, over and over, copied without coding them anew.

    Returns:
        How long it is, in seconds: the last sample is not cut.
    """
    at_s = 0.0
    with av.open(path, "w") as film:
        outs: dict[str, av.stream.Stream] = {}
        for sample in cycle(SAMPLES):
            with av.open(sample) as source:
                for stream in source.streams:
                    if stream.type not in outs:
                        outs[stream.type] = film.add_stream_from_template(stream)
                for packet in source.demux():
                    if packet.dts is None or packet.pts is None or packet.time_base is None:
                        continue  # the empty packet that ends a stream
                    moved = round(at_s / packet.time_base)
                    packet.pts, packet.dts = packet.pts + moved, packet.dts + moved
                    packet.stream = outs[packet.stream.type]
                    film.mux(packet)
                at_s += (source.duration or 0) / av.time_base + GAP_S
            if at_s >= minutes * 60:
                break
    return at_s


def quiet_film(path: Path, minutes: float) -> float:
    """One slide a second long, over and over, and speech in the first five minutes alone.

    Returns:
        How long it is, in seconds.
    """
    length_s = round(minutes * 60)
    with av.open(path, "w") as film:
        shown = film.add_stream("libx264", rate=1, options={"preset": "ultrafast"})
        heard = film.add_stream("aac", rate=SOUND_HZ, layout="mono")
        with av.open(SAMPLES[0]) as source:
            slide = next(source.decode(video=0))
        shown.width, shown.height, shown.pix_fmt = slide.width, slide.height, "yuv420p"
        slide = slide.reformat(format="yuv420p")
        spoken = _spoken(min(SPOKEN_S, length_s))
        for second in range(length_s):
            slide.pts, slide.time_base = second, Fraction(1)
            film.mux(shown.encode(slide))
            samples = spoken[second * SOUND_HZ : (second + 1) * SOUND_HZ]
            if not len(samples):
                samples = np.zeros(SOUND_HZ, np.int16)
            frame = av.AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
            frame.sample_rate, frame.pts = SOUND_HZ, second * SOUND_HZ
            frame.time_base = Fraction(1, SOUND_HZ)
            film.mux(heard.encode(frame))
        film.mux(shown.encode())
        film.mux(heard.encode())
    return float(length_s)


def _spoken(seconds: int) -> np.ndarray:
    """The samples' sound, one behind the other: int16, shape (seconds x SOUND_HZ,)."""
    parts: list[np.ndarray] = []
    resampler = av.AudioResampler(format="s16", layout="mono", rate=SOUND_HZ)
    for sample in cycle(SAMPLES):
        with av.open(sample) as source:
            for frame in source.decode(audio=0):
                frame.pts = None
                parts += [made.to_ndarray()[0] for made in resampler.resample(frame)]
        if sum(map(len, parts)) >= seconds * SOUND_HZ:
            return np.concatenate(parts)[: seconds * SOUND_HZ]
    raise AssertionError  # the samples never end
