"""Decoding in a process of its own: the same results as without, and what happens when it dies."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import psutil
import pytest

from kg_videorag.errors import MediaError, MediaTruncatedError
from kg_videorag.ingest.media import MediaReader, decoded, probe
from kg_videorag.model import SAMPLE_RATE_HZ, AudioBlock, DecodeLimits, Picture

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "samples" / "skylab.mp4"
LENGTH_S = 60
MEMORY_BYTES = 256 << 20  # so that no more than some 8 s of the film are decoded ahead


def decoders(of_pid=None):
    """The decoders of a process that are there; dead ones that nobody buried are among them."""
    found = []
    for child in psutil.Process(of_pid).children():
        with contextlib.suppress(psutil.NoSuchProcess):
            dead = child.status() == psutil.STATUS_ZOMBIE
            if dead or "media.worker" in " ".join(child.cmdline()):
                found.append(child)
    return found


@pytest.fixture(autouse=True)
def _none_survives():
    yield
    assert decoders() == []


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    """A minute of pictures and sound, too long to be decoded ahead as a whole."""
    path = tmp_path_factory.mktemp("film") / "a film.mkv"
    with av.open(str(path), "w") as file:
        pictures = file.add_stream("mpeg4", rate=10)
        pictures.width, pictures.height, pictures.pix_fmt = 640, 360, "yuv420p"
        sound = file.add_stream("pcm_s16le", rate=SAMPLE_RATE_HZ, layout="mono")
        for index in range(LENGTH_S * 10):
            frame = av.VideoFrame.from_ndarray(
                np.full((540, 640), index * 7 % 250, np.uint8), "yuv420p"
            )
            frame.pts, frame.time_base = index, Fraction(1, 10)
            file.mux(pictures.encode(frame))
            tone = np.full((1, SAMPLE_RATE_HZ // 10), index + 1, np.int16)
            heard = av.AudioFrame.from_ndarray(tone, "s16", "mono")
            heard.sample_rate, heard.pts = SAMPLE_RATE_HZ, index * tone.size
            file.mux(sound.encode(heard))
        file.mux([*pictures.encode(None), *sound.encode(None)])
    return path


def reader(**limits):
    return MediaReader(DecodeLimits(**{"memory_bytes": MEMORY_BYTES, **limits}))


def until_error(parts):
    """What comes, and the error that ends it; each picture is let go as one would."""
    kept = []
    try:
        for part in parts:
            is_picture = isinstance(part, Picture)
            kept.append(Picture(part.at_ms, part.small, None) if is_picture else part)
    except MediaError as error:
        return kept, error
    return kept, None


def of_kind(kind, parts):
    return [part for part in parts if isinstance(part, kind)]


def eventually(so, within_s=5.0):
    until_s = time.monotonic() + within_s
    while not so() and time.monotonic() < until_s:
        time.sleep(0.01)
    return so()


@pytest.mark.parametrize("block_s", [10.0, 300.0])
def test_it_gives_what_the_functions_give(film, block_s):
    for path in (film, SAMPLE):
        assert reader().probe(path) == probe(path)
        ours, error = until_error(reader().decoded(path, block_s=block_s))
        assert error is None
        theirs, _ = until_error(decoded(path, block_s=block_s))
        pairs = zip(of_kind(AudioBlock, ours), of_kind(AudioBlock, theirs), strict=True)
        for ours_block, block in pairs:
            assert ours_block.start_ms == block.start_ms
            assert ours_block.samples.dtype == np.float32
            np.testing.assert_array_equal(ours_block.samples, block.samples)
        for ours_picture, picture in zip(
            of_kind(Picture, ours), of_kind(Picture, theirs), strict=True
        ):
            assert ours_picture.at_ms == picture.at_ms
            np.testing.assert_array_equal(ours_picture.small, picture.small)


def test_only_what_is_wanted_comes(film):
    assert of_kind(Picture, reader().decoded(film, pictures=False)) == []
    assert of_kind(AudioBlock, reader().decoded(film, sound=False)) == []


def test_a_block_shorter_than_a_second_is_refused_at_once(film):
    with pytest.raises(ValueError, match="at least 1"):
        reader().decoded(film, block_s=0.5)


def test_a_picture_is_had_whole_for_as_long_as_it_is_kept(film):
    parts = reader().decoded(film, sound=False)
    first = next(parts)
    np.testing.assert_array_equal(first.whole(), next(decoded(film, sound=False)).whole())
    last = deque(parts, maxlen=1)[0]  # the first is kept meanwhile
    assert last.whole().shape == first.whole().shape == (360, 640, 3)
    assert len(decoders()) == 1
    del first
    assert len(decoders()) == 1
    del last
    assert decoders() == []


def test_pictures_are_had_whole_from_many_threads_while_others_come(film):
    expected = {p.at_ms: p.whole().mean() for p in decoded(film, sound=False)}
    with ThreadPoolExecutor(4) as pool:
        asked = [
            (picture.at_ms, pool.submit(picture.whole))
            for picture in reader().decoded(film, sound=False)
            if picture.at_ms % 500 == 0
        ]
        means = {at_ms: asking.result().mean() for at_ms, asking in asked}
    assert len(means) == 2 * LENGTH_S
    assert means == {at_ms: expected[at_ms] for at_ms in means}
    asked.clear()


def test_who_keeps_all_pictures_gets_the_late_ones_and_is_told_of_the_early(film):
    kept = list(reader().decoded(film, sound=False))
    assert kept[-1].whole().shape == (360, 640, 3)
    with pytest.raises(MediaError, match="too many pictures were kept"):
        kept[0].whole()


def test_it_decodes_ahead_but_not_without_end(film):
    parts = reader().decoded(film)
    next(parts)
    (decoder,) = decoders()
    assert eventually(lambda: decoder.status() == psutil.STATUS_SLEEPING)
    time.sleep(0.2)
    used_s = decoder.cpu_times().user
    time.sleep(0.3)
    assert decoder.cpu_times().user - used_s < 0.05
    assert decoder.memory_info().rss < MEMORY_BYTES
    parts.close()


def test_who_stops_early_ends_it_at_once(film):
    parts = reader().decoded(film, sound=False)
    picture = next(parts)
    parts.close()
    assert decoders() == []
    with pytest.raises(MediaError, match=r"^a film.mkv: it is closed$"):
        picture.whole()


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (signal.SIGKILL, "its decoder was killed"),
        (signal.SIGSEGV, r"its decoder crashed \(SIGSEGV\)"),
        (signal.SIGXCPU, "decoding it stands still"),
    ],
)
def test_what_came_before_a_crash_is_kept(film, number, said):
    came, seen, heard = reader().decoded(film), [], []

    def watch():
        for part in came:
            (seen if isinstance(part, Picture) else heard).append(part)
            if seen[-1].at_ms == 20_000:
                decoders()[0].send_signal(number)

    with pytest.raises(MediaTruncatedError, match=f"^a film.mkv: {said} at 00:00:") as caught:
        watch()
    assert 200 <= len(seen) < LENGTH_S * 10
    assert heard[0].end_ms > 15_000
    assert caught.value.decoded_ms >= 20_000
    assert caught.value.hint
    with pytest.raises(MediaTruncatedError, match=said):  # the picture that was on its way
        seen.pop().whole()
    seen.clear()


@pytest.mark.parametrize("call", ["probe", "caption_streams"])
def test_a_decoder_that_dies_at_once_fails_that_call_alone(film, call, monkeypatch):
    monkeypatch.setattr(
        "kg_videorag.ingest.media.worker.process._BOOT", "import os; os.kill(os.getpid(), 11)"
    )
    with pytest.raises(MediaError, match=r"^a film.mkv: its decoder crashed \(SIGSEGV\)") as caught:
        getattr(reader(), call)(film)
    assert not isinstance(caught.value, MediaTruncatedError)


def test_a_decoder_that_fails_in_python_says_how(film, monkeypatch):
    monkeypatch.setattr(
        "kg_videorag.ingest.media.worker.process._BOOT", "raise RuntimeError('no such luck')"
    )
    with pytest.raises(MediaError, match=r"failed \(exit 1\).*: RuntimeError: no such luck"):
        reader().probe(film)


def test_a_decoder_that_stands_still_is_ended(film):
    parts = reader(stall_s=1.0).decoded(film)
    next(parts)
    decoders()[0].suspend()
    began_s = time.monotonic()
    _, error = until_error(parts)
    assert "stood still for 1 s at 00:00:" in error.message
    assert isinstance(error, MediaTruncatedError)
    assert time.monotonic() - began_s < 4


def test_the_clock_for_standing_still_runs_only_while_somebody_waits(film):
    parts = reader(stall_s=1.5).decoded(film, sound=False)
    next(parts)
    time.sleep(2.0)
    assert len(list(parts)) == LENGTH_S * 10 - 1


def test_it_ends_when_its_parent_is_killed(film):
    script = f"""
        import time
        from pathlib import Path
        from kg_videorag.ingest.media import MediaReader
        parts = MediaReader().decoded(Path({str(film)!r}))
        next(parts)
        print("begun", flush=True)
        time.sleep(60)
    """
    with run(script, stdout=subprocess.PIPE) as parent:
        assert parent.stdout.readline() == b"begun\n"
        (decoder,) = decoders(parent.pid)
        parent.kill()
        assert eventually(lambda: not decoder.is_running())


def run(script, **options):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)], env=environment, **options
    )


def test_a_script_that_guards_nothing_runs_once(film, tmp_path):
    path = tmp_path / "plain.py"
    path.write_text(
        "from pathlib import Path\n"
        "from kg_videorag.ingest.media import MediaReader\n"
        f"print(MediaReader().probe(Path({str(film)!r})).duration_ms)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    said = subprocess.run(
        [sys.executable, path], capture_output=True, env=environment, check=True, cwd=tmp_path
    )
    assert said.stdout == b"60000\n"
    assert said.stderr == b""


def test_ctrl_c_is_the_parents_alone(film):
    script = f"""
        import time
        from pathlib import Path
        from kg_videorag.ingest.media import MediaReader
        parts = MediaReader().decoded(Path({str(film)!r}))
        try:
            next(parts)
            print("begun", flush=True)
            time.sleep(60)
        except KeyboardInterrupt:
            print(sum(1 for _ in parts) > 500)
    """
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "process_group": 0}
    with run(script, **options) as parent:
        assert parent.stdout.readline() == b"begun\n"
        os.killpg(parent.pid, signal.SIGINT)
        said, complaints = parent.communicate(timeout=30)
    assert said == b"True\n"
    assert complaints == b""


def test_it_is_told_no_secrets_and_names_no_file(film, monkeypatch):
    monkeypatch.setenv("KGV_NEO4J_PASSWORD", "secret")
    monkeypatch.setenv("HF_TOKEN", "secret")
    parts = reader().decoded(film)
    next(parts)
    (decoder,) = decoders()
    assert "secret" not in str(decoder.environ())
    assert "a film" not in " ".join(decoder.cmdline())
    assert decoder.cwd() == "/"
    parts.close()


def test_what_it_may_not_do_it_cannot(film):
    parts = reader().decoded(film)
    next(parts)
    (decoder,) = decoders()
    limits = {which: decoder.rlimit(getattr(psutil, which)) for which in LIMITS}
    assert limits == {which: (value, value) for which, value in LIMITS.items()}
    assert 0 < decoder.rlimit(psutil.RLIMIT_CPU)[0] < 1_000
    parts.close()


LIMITS = {
    "RLIMIT_DATA": MEMORY_BYTES,
    "RLIMIT_CORE": 0,
    "RLIMIT_FSIZE": 0,
    "RLIMIT_NOFILE": 32,
}


def test_threads_may_read_files_side_by_side(film):
    def count():
        return sum(1 for _ in reader().decoded(film, sound=False))

    with ThreadPoolExecutor(2) as pool:
        assert [f.result() for f in [pool.submit(count) for _ in range(3)]] == [LENGTH_S * 10] * 3
    assert not [t for t in threading.enumerate() if t.name == "kgv-decoder" and t.is_alive()]
