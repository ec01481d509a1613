"""One measured part of benchmarks/ingest.py, in a process of its own.

    ingest_part.py JOB FILM HOME CORES

Prints one line of JSON: seconds, seconds of CPU time, and what the job tells beside them.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

JOB, FILM, HOME, CORES = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
POLL_S = 0.05
# Before numpy and the engines are imported, which count the cores then.
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
os.environ["OMP_NUM_THREADS"] = str(CORES)


def ingest(stage: str = "") -> dict[str, Any]:
    """A whole ingest, or one that does a stage and what takes its result again."""
    from kg_videorag import VideoRAG

    if CORES == 1:
        hold_onnxruntime()
    with VideoRAG(home=HOME, asr_threads=CORES) as rag:
        rag.connect()
        start = time.perf_counter()
        chosen = {"stages": (stage,)} if stage else {"force": True}
        report = rag.ingest(FILM, **chosen)
        return {"seconds": time.perf_counter() - start, "stages": dict(report.stages_s)}


def hold_onnxruntime() -> None:
    """Keep it to one thread: it binds those that it makes by itself to cores of its choice."""
    import onnxruntime

    class OneThread(onnxruntime.SessionOptions):
        def __init__(self) -> None:
            super().__init__()
            self.intra_op_num_threads = self.inter_op_num_threads = 1

    onnxruntime.SessionOptions = OneThread


def memory() -> dict[str, Any]:
    """A whole ingest, and the most memory that it and its decoders had."""
    from kg_videorag import VideoRAG

    peaks_kb: list[int] = [0]
    done = threading.Event()
    with VideoRAG(home=HOME) as rag:
        rag.connect()
        watcher = threading.Thread(target=watch, args=(peaks_kb, done))
        watcher.start()
        start = time.perf_counter()
        try:
            report = rag.ingest(FILM, force=True)
        finally:
            done.set()
            watcher.join()
        seconds = time.perf_counter() - start
    return {
        "seconds": seconds,
        "segments": report.segments,
        "own_kb": peak_kb(os.getpid()),
        "decoders_kb": max(peaks_kb),
    }


def watch(peaks_kb: list[int], done: threading.Event) -> None:
    """Note the peaks of all decoders of this process together, until it is done."""
    while not done.wait(POLL_S):
        pids: set[int] = set()
        for task in Path("/proc/self/task").iterdir():
            with suppress(OSError):  # a thread that has ended meanwhile
                pids.update(map(int, (task / "children").read_text().split()))
        peaks_kb.append(sum(peak_kb(pid) for pid in pids if is_decoder(pid)))


def is_decoder(pid: int) -> bool:
    """Whether a child is no other, such as Neo4j."""
    try:
        return b"media.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def peak_kb(pid: int) -> int:
    """VmHWM of a process; 0 if it is gone."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
        return next(int(line.split()[1]) for line in text.splitlines() if "VmHWM" in line)
    except (OSError, StopIteration):
        return 0


def plain_whisper(model: str) -> dict[str, Any]:
    """faster-whisper alone over the whole sound, with the options that an ingest uses."""
    from faster_whisper import WhisperModel, decode_audio

    from kg_videorag.config import load_settings
    from kg_videorag.engines.whisper_models import BASE, TINY_EN

    if CORES == 1:
        hold_onnxruntime()
    tiny = model == "tiny.en"
    folder = TINY_EN.verified() if tiny else BASE.verified(load_settings().cache_dir)
    start = time.perf_counter()
    samples = decode_audio(str(FILM))
    whisper = WhisperModel(str(folder), compute_type="int8", cpu_threads=CORES)
    segments, _ = whisper.transcribe(
        samples,
        language="en",
        beam_size=1,
        word_timestamps=True,
        vad_filter=True,
        condition_on_previous_text=False,
    )
    words = sum(len(segment.words or ()) for segment in segments)
    return {"seconds": time.perf_counter() - start, "words": words}


def plain_decode() -> dict[str, Any]:
    """PyAV alone: every picture decoded, all sound resampled, nothing done with either."""
    import av

    start = time.perf_counter()
    pictures = 0
    resampler = av.AudioResampler(format="s16", layout="mono", rate=16_000)
    with av.open(FILM) as film:
        for packet in film.demux(video=0, audio=0):
            for frame in packet.decode():
                if isinstance(frame, av.VideoFrame):
                    pictures += 1
                else:
                    resampler.resample(frame)
    return {"seconds": time.perf_counter() - start, "pictures": pictures}


def main() -> None:
    """Do the job."""
    jobs = {
        "whole": ingest,
        "speech": lambda: ingest("speech"),
        "screen": lambda: ingest("screen"),
        "memory": memory,
        "tiny.en": lambda: plain_whisper("tiny.en"),
        "base": lambda: plain_whisper("base"),
        "decode": plain_decode,
    }
    told = jobs[JOB]()
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    told["cpu_s"] = sum(usage.ru_utime + usage.ru_stime for usage in used)
    sys.stdout.write(f"{json.dumps(told)}\n")


if __name__ == "__main__":
    main()
