# /// script
# requires-python = ">=3.11"
# dependencies = ["pillow==13.0.0"]
# ///
"""Makes the sample videos, `truth.json` and the table of facts in `README.md`.

Run it with `uv run samples/make_samples.py`, or with any Python 3.11 that has Pillow. It needs an
`ffmpeg` command built with libflite and libx264. Only who changes a sample needs all this: the made
files are committed. The same ffmpeg and Pillow make the same bytes again.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from narration import FRAME_MS, SAMPLE_RATE_HZ, SpokenSlide, Track, speak
from script import Line, Script, Slide, Source, read_script
from shown import Still, line_starts_ms, stills
from slides import draw_slide

HERE = Path(__file__).resolve().parent
FACTS_BEGIN = "<!-- facts: written by make_samples.py -->"
FACTS_END = "<!-- end of facts -->"


def main() -> None:
    """Makes everything."""
    parser = argparse.ArgumentParser(description="Make the sample videos.")
    parser.add_argument("names", nargs="*", help="videos to write, without .mp4; none: all")
    parser.add_argument("--out", type=Path, default=HERE, help="folder for the made files")
    arguments = parser.parse_args()
    out: Path = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    made = [(script, speak(script)) for script in map(read_script, sorted(HERE.glob("*.toml")))]
    for script, track in made:
        if not arguments.names or script.name in arguments.names:
            write_video(script, track, out / f"{script.name}.mp4")
    truth = {"videos": [truth_of(script, track) for script, track in made]}
    (out / "truth.json").write_text(json.dumps(truth, indent=2) + "\n", encoding="utf-8")
    write_facts(made, out / "README.md")


def write_video(script: Script, track: Track, path: Path) -> None:
    """Draws the slides and muxes them with the track.

    Args:
        script: the video's script.
        track: its narration.
        path: the mp4 file to write.

    """
    pictures = stills(track)
    with tempfile.TemporaryDirectory() as folder:
        for index, still in enumerate(pictures):
            image = draw_slide(still.slide, script.theme, still.lines)
            image.save(Path(folder, f"{index}.png"))
        Path(folder, "speech.raw").write_bytes(track.samples.tobytes())
        command = ffmpeg_command(script.title, pictures, path.resolve())
        subprocess.run(command, cwd=folder, check=True)


def ffmpeg_command(title: str, pictures: tuple[Still, ...], path: Path) -> list[str]:
    """The command that turns `0.png`, `1.png`, ... and `speech.raw` into an mp4."""
    inputs: list[str] = []
    for index, still in enumerate(pictures):
        shown_s = _seconds(still.end_ms - still.start_ms)
        rate = str(1000 // FRAME_MS)
        inputs += ["-loop", "1", "-framerate", rate, "-t", shown_s, "-i", f"{index}.png"]
    joined = (
        f"concat=n={len(pictures)},scale=out_color_matrix=bt709:out_range=tv,format=yuv420p[video]"
    )
    keyframes = ",".join(_seconds(still.start_ms) for still in pictures if still.begins_slide)
    return [
        *("ffmpeg", "-nostdin", "-loglevel", "error", "-y", *inputs),
        *("-f", "s16le", "-ar", str(SAMPLE_RATE_HZ), "-ac", "1", "-i", "speech.raw"),
        *("-filter_complex", joined, "-map", "[video]", "-map", f"{len(pictures)}:a"),
        # One thread, no B-frames, a keyframe at each slide and nowhere else.
        *(
            "-c:v",
            "libx264",
            "-preset",
            "slow",
            "-tune",
            "stillimage",
            "-crf",
            "23",
            "-threads",
            "1",
        ),
        *("-bf", "0", "-x264-params", "keyint=infinite:scenecut=0", "-force_key_frames", keyframes),
        *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"),
        *("-c:a", "aac", "-b:a", "40k", "-metadata:s:a:0", "language=eng"),
        *("-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"),
        *("-metadata", f"title={title}", "-movflags", "+faststart", str(path)),
    ]


def truth_of(script: Script, track: Track) -> dict[str, Any]:
    """What is shown and said when in one video, for `truth.json`; times in integer milliseconds."""
    return {
        "file": f"{script.name}.mp4",
        "title": script.title,
        "duration_ms": track.duration_ms,
        "slides": [_truth_of_slide(shown) for shown in track.slides],
    }


def _truth_of_slide(shown: SpokenSlide) -> dict[str, Any]:
    return {
        "title": shown.slide.title,
        "lines": [line.text for line in shown.slide.lines],
        "start_ms": shown.start_ms,
        "end_ms": shown.end_ms,
        "sentences": [vars(sentence) for sentence in shown.sentences],
        "shown": [
            {
                "text": line.text,
                "start_ms": start_ms,
                "end_ms": shown.end_ms,
                "said": line.said,
                **({"cells": list(line.cells)} if len(line.cells) > 1 else {}),
            }
            for line, start_ms in zip(shown.slide.lines, line_starts_ms(shown), strict=True)
        ],
    }


def write_facts(made: list[tuple[Script, Track]], readme: Path) -> None:
    """Replaces the table of facts between its marks in `readme`, where that file exists."""
    if not readme.exists():
        return
    text = readme.read_text(encoding="utf-8")
    before, rest = text.split(FACTS_BEGIN)
    after = rest.split(FACTS_END)[1]
    tables = "\n".join(_facts_table(script, track) for script, track in made)
    readme.write_text(f"{before}{FACTS_BEGIN}\n\n{tables}\n{FACTS_END}{after}", encoding="utf-8")


def _facts_table(script: Script, track: Track) -> str:
    rows = [row for shown in track.slides for row in _facts_rows(shown)]
    head = (
        f"`{script.name}.mp4`",
        "",
        "| from (ms) | to (ms) | said, or shown only | source |",
        "| ---: | ---: | --- | --- |",
    )
    return "\n".join((*head, *rows, ""))


def _facts_rows(shown: SpokenSlide) -> list[str]:
    """What is said while a slide is shown, then what only the slide says."""
    sentences = zip(shown.slide.sentences, shown.sentences, strict=True)
    lines = zip(shown.slide.lines, line_starts_ms(shown), strict=True)
    return [
        _facts_row(spoken.start_ms, spoken.end_ms, sentence.narration, sentence.sources)
        for sentence, spoken in sentences
        if sentence.sources
    ] + [
        _facts_row(start_ms, shown.end_ms, _on_slide(shown.slide, line), line.sources)
        for line, start_ms in lines
        if line.sources
    ]


def _on_slide(slide: Slide, line: Line) -> str:
    return f"*shown:* **{slide.title}:** {' / '.join(line.cells)}"


def _facts_row(start_ms: int, end_ms: int, fact: str, given: tuple[Source, ...]) -> str:
    sources = "; ".join(f"[{source.title}]({source.url})" for source in given)
    return f"| {start_ms} | {end_ms} | {fact} | {sources} |"


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.3f}"


if __name__ == "__main__":
    main()
