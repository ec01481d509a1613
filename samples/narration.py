"""Speaks a script sentence by sentence, so that the time of every sentence is known exactly."""

from __future__ import annotations

import subprocess
import tempfile
from array import array
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from script import Script, Slide

SAMPLE_RATE_HZ = 16_000  # the rate of flite's own voices: nothing is resampled
SAMPLES_PER_MS = SAMPLE_RATE_HZ // 1000
FRAME_MS = 100  # one picture of the video: slides change on this grid
AAC_FRAME_MS = 64  # 1024 samples at 16 kHz
# A whole number of pictures and of AAC frames: both streams, and so the container, end together.
TOTAL_GRID_MS = 1600
SLIDE_MARGIN_MS = 400  # silence before the first and after the last sentence of a slide
SENTENCE_PAUSE_MS = 400
SILENCE_LEVEL = 0.01  # of the sentence's peak; what is softer before and after it is cut
PEAK_LEVEL = 26_000  # of 32767, about -2 dBFS


@dataclass(frozen=True)
class SpokenSentence:
    """One sentence of the narration and its place in the video, `[start_ms, end_ms)`."""

    narration: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class SpokenSlide:
    """The time a slide is on screen, `[start_ms, end_ms)`, and what is said meanwhile.

    Where the next slide comes early, the last sentence ends after the slide.
    """

    slide: Slide
    start_ms: int
    end_ms: int
    sentences: tuple[SpokenSentence, ...]


@dataclass(frozen=True)
class Track:
    """The whole narration: mono 16-bit samples at 16 kHz, and the slides it belongs to."""

    samples: array[int]
    slides: tuple[SpokenSlide, ...]

    @property
    def duration_ms(self) -> int:
        """Length of the track, and of the video."""
        return len(self.samples) // SAMPLES_PER_MS


def speak(script: Script) -> Track:
    """Speaks all slides of a script into one track.

    Args:
        script: the script; each sentence is synthesised on its own.

    Returns:
        The track; its length is a multiple of `TOTAL_GRID_MS`.

    """
    samples: array[int] = array("h")
    slides: list[SpokenSlide] = []
    for slide in script.slides:
        start_ms = len(samples) // SAMPLES_PER_MS
        samples.extend(_silence(SLIDE_MARGIN_MS))
        sentences = _append_sentences(samples, slide, script.voice)
        samples.extend(_silence(SLIDE_MARGIN_MS))
        is_last = slide is script.slides[-1]
        _pad_to_grid(samples, TOTAL_GRID_MS if is_last else FRAME_MS)
        end_ms = len(samples) // SAMPLES_PER_MS
        slides.append(SpokenSlide(slide, start_ms, end_ms, sentences))
    return Track(_normalised(samples), _come_early(slides))


def _come_early(slides: list[SpokenSlide]) -> tuple[SpokenSlide, ...]:
    """Moves the changes to slides that are shown before their own narration."""
    starts_ms = [spoken.start_ms - spoken.slide.early_ms for spoken in slides]
    ends_ms = [*starts_ms[1:], slides[-1].end_ms]
    return tuple(
        replace(spoken, start_ms=start_ms, end_ms=end_ms)
        for spoken, start_ms, end_ms in zip(slides, starts_ms, ends_ms, strict=True)
    )


def _append_sentences(samples: array[int], slide: Slide, voice: str) -> tuple[SpokenSentence, ...]:
    """Appends a slide's sentences to `samples` with a pause between them."""
    spoken: list[SpokenSentence] = []
    for sentence in slide.sentences:
        if spoken:
            samples.extend(_silence(SENTENCE_PAUSE_MS))
        start_ms = len(samples) // SAMPLES_PER_MS
        samples.extend(_trimmed(_synthesise(sentence.spoken, voice)))
        end_ms = len(samples) // SAMPLES_PER_MS
        spoken.append(SpokenSentence(sentence.narration, start_ms, end_ms))
    return tuple(spoken)


def _synthesise(text: str, voice: str) -> array[int]:
    """Has ffmpeg's flite source say `text`."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "text.txt").write_text(text, encoding="utf-8")
        command = [
            *("ffmpeg", "-nostdin", "-loglevel", "error"),
            *("-f", "lavfi", "-i", f"flite=textfile=text.txt:voice={voice}"),
            *("-f", "s16le", "-ac", "1", "-ar", str(SAMPLE_RATE_HZ), "-"),
        ]
        spoken = subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE)
    return array("h", spoken.stdout)


def _trimmed(samples: array[int]) -> array[int]:
    """Cuts the silence at both ends, leaving a whole number of milliseconds."""
    threshold = SILENCE_LEVEL * _peak(samples)
    loud = [index for index, sample in enumerate(samples) if abs(sample) > threshold]
    start = loud[0] // SAMPLES_PER_MS * SAMPLES_PER_MS
    kept = samples[start : loud[-1] + 1]
    _pad_to_grid(kept, 1)
    return kept


def _normalised(samples: array[int]) -> array[int]:
    gain = PEAK_LEVEL / _peak(samples)
    return array("h", (round(sample * gain) for sample in samples))


def _peak(samples: Sequence[int]) -> int:
    return max(abs(sample) for sample in samples)


def _silence(duration_ms: int) -> array[int]:
    return array("h", bytes(2 * SAMPLES_PER_MS * duration_ms))


def _pad_to_grid(samples: array[int], grid_ms: int) -> None:
    """Appends silence up to the next multiple of `grid_ms`."""
    missing = -len(samples) % (grid_ms * SAMPLES_PER_MS)
    samples.extend(array("h", bytes(2 * missing)))
