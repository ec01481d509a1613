"""What other sensors recorded: found by name, cut to the video's time, broken parts told of."""

from __future__ import annotations

from dataclasses import dataclass, field

import av
import numpy as np
import pytest
from PIL import Image

from kg_videorag.ingest.media import MediaReader
from kg_videorag.ingest.sidecars import find_sidecars, sidecar_vectors
from kg_videorag.ingest.sidecars.motion import motions
from kg_videorag.ingest.sidecars.pictures import depths
from kg_videorag.model import EngineState

HEADER = "time_ms,ax,ay,az,gx,gy,gz\n"
DURATION_MS = 20_000


@dataclass
class Measuring:
    """A SidecarEmbedder whose vectors are what it was given: its mean and its size."""

    name: str = "measuring"
    version: str = "1"
    model: str = "measuring/1"
    languages: frozenset[str] = frozenset()
    dimension: int = 2
    given: list[np.ndarray] = field(default_factory=list)

    def check(self):
        return EngineState(ready=True, model="none", weights="none", checksum="none needed")

    def embed_depths(self, disparities):
        return self._rows(disparities)

    def embed_thermals(self, pictures):
        assert all(picture.dtype == np.uint8 for picture in pictures)
        return self._rows(pictures)

    def embed_motions(self, motions):
        assert all(motion.shape == (6, 2_000) for motion in motions)
        return self._rows(motions)

    def _rows(self, things):
        self.given += things
        return np.asarray([[thing.mean(), thing.size] for thing in things], dtype=np.float32)


@pytest.fixture
def video(tmp_path):
    path = tmp_path / "lecture.mp4"
    path.touch()
    return path


def vectors(video):
    return sidecar_vectors(
        find_sidecars(video), Measuring(), MediaReader(), duration_ms=DURATION_MS, batch=2
    )


def pictures(folder, **by_name):
    folder.mkdir(exist_ok=True)
    for name, array in by_name.items():
        Image.fromarray(array).save(folder / f"{name.lstrip('t')}.png")


def table(path, *, until_s=20, hertz=100, header=HEADER):
    rows = (f"{n * 1000 / hertz},{n % 7},0,9.81,0,0,{n % 3}\n" for n in range(until_s * hertz))
    path.write_text(header + "".join(rows), encoding="utf-8")


WALL = np.full((48, 64), 2_000, np.uint16)  # 2 m away
WARM = np.full((48, 64), 200, np.uint8)


# Which files


def test_sidecars_are_named_after_their_video(video):
    pictures(video.parent / "lecture.depth", t0=WALL)
    pictures(video.parent / "lecture.thermal", t0=WARM)
    table(video.parent / "lecture.imu.csv")
    for other in ("lecture2.imu.csv", "lecture.csv", "lecture.imu.txt", "other.thermal.mp4"):
        (video.parent / other).touch()
    found = find_sidecars(video)
    assert {sidecar.space: sidecar.name for sidecar in found.found} == {
        "depth": "lecture.depth",
        "thermal": "lecture.thermal",
        "imu": "lecture.imu.csv",
    }
    assert found.warnings == ()


def test_a_video_without_them_has_none(video):
    assert find_sidecars(video).found == ()
    assert vectors(video) == ((), ())


def test_of_two_for_one_space_one_is_used_and_the_other_told_of(video):
    pictures(video.parent / "lecture.thermal", t0=WARM)
    (video.parent / "lecture.thermal.mp4").touch()
    found = find_sidecars(video)
    assert [sidecar.name for sidecar in found.found] == ["lecture.thermal"]
    assert found.warnings == ("lecture.thermal.mp4 was not used: lecture.thermal was",)


def test_another_content_is_another_source(video):
    path = video.parent / "lecture.imu.csv"
    table(path)
    pictures(video.parent / "lecture.depth", t0=WALL)
    first = find_sidecars(video).sources
    assert find_sidecars(video).sources == first
    path.write_text(HEADER, encoding="utf-8")
    pictures(video.parent / "lecture.depth", t5000=WALL)
    assert not set(find_sidecars(video).sources) & set(first)


# Depth


def test_distances_become_disparities_at_the_pictures_moment(video):
    folder = video.parent / "lecture.depth"
    pictures(folder, t0=WALL, t000007500=WALL // 2)
    (folder / "camera.toml").write_text("focal_px = 500\nbaseline_m = 0.1\n", encoding="utf-8")
    made, told = vectors(video)
    assert told == ()
    assert [(v.space, v.at_ms) for v in made] == [("depth", 0), ("depth", 7_500)]
    assert [v.vector[0] for v in made] == pytest.approx([0.1 * 500 / 2, 0.1 * 500 / 1])


def test_without_a_camera_it_is_a_kinect_and_what_was_not_measured_is_far(video):
    half = WALL.copy()
    half[:, :32] = 0
    pictures(video.parent / "lecture.depth", t0=half)
    ((_, disparity),) = depths(video.parent / "lecture.depth", DURATION_MS, pytest.fail)
    assert disparity[0, -1] == pytest.approx(0.075 * 519 / 640 * 64 / 2)
    assert (disparity[:, :32] == 0).all()


def test_pictures_are_taken_every_five_seconds_until_the_video_ends(video):
    by_name = {f"t{at_ms}": WALL for at_ms in range(0, 40_000, 1_000)}
    pictures(video.parent / "lecture.depth", **by_name)
    made, told = vectors(video)
    assert [v.at_ms for v in made] == [0, 5_000, 10_000, 15_000]
    assert told == ()


@pytest.mark.parametrize(
    ("camera", "why"),
    [
        ("focal_px = ", "camera.toml"),
        ("lens = 3", "lens"),
        ("focal_px = -1", "above 0"),
        ("baseline_m = nan", "above 0"),
        ('focal_px = "wide"', "camera.toml"),
    ],
)
def test_a_broken_camera_leaves_the_folder_out(camera, why, video):
    pictures(video.parent / "lecture.depth", t0=WALL)
    (video.parent / "lecture.depth" / "camera.toml").write_text(camera, encoding="utf-8")
    made, (told,) = vectors(video)
    assert made == ()
    assert told.startswith("lecture.depth was not used: ")
    assert why in told


def test_broken_pictures_are_told_of_and_the_next_is_taken(video):
    folder = video.parent / "lecture.depth"
    pictures(folder, t0=WARM, t1000=WALL, t9000=WALL, tcover=WALL)
    (folder / "9000.png").write_bytes((folder / "9000.png").read_bytes()[:60])
    (folder / "notes.txt").touch()
    made, told = vectors(video)
    assert [v.at_ms for v in made] == [1_000]
    assert [line.partition(":")[0] for line in told] == [
        "lecture.depth/cover.png was not used",
        "lecture.depth/0.png is not grey with 16 bits",
        "lecture.depth/9000.png cannot be read",
    ]


def test_a_picture_of_too_many_pixels_is_not_read(video):
    """Its header says how many; nothing of it is unpacked."""
    folder = video.parent / "lecture.depth"
    folder.mkdir()
    Image.new("I;16", (12_000, 12_000)).save(folder / "0.png")
    made, (told,) = vectors(video)
    assert made == ()
    assert "lecture.depth/0.png" in told


def test_thousands_of_broken_pictures_are_told_of_in_few_lines(video):
    pictures(video.parent / "lecture.depth", **{f"t{n}": WARM for n in range(50)})
    _, told = vectors(video)
    assert len(told) == 4
    assert told[-1] == "lecture.depth: 47 more like these"


# Heat


def test_pictures_of_heat_are_taken_as_they_are(video):
    pictures(video.parent / "lecture.thermal", t0=WARM, t6000=WARM // 2)
    made, told = vectors(video)
    assert [(v.space, v.at_ms, v.vector[0]) for v in made] == [
        ("thermal", 0, 200),
        ("thermal", 6_000, 100),
    ]
    assert told == ()


def test_coloured_pictures_are_no_heat(video):
    pictures(video.parent / "lecture.thermal", t0=np.zeros((4, 4, 3), np.uint8))
    assert vectors(video) == ((), ("lecture.thermal/0.png is not grey with 8 bits",))


def test_a_film_of_heat_is_on_the_videos_clock(video):
    with av.open(str(video.parent / "lecture.thermal.mp4"), "w") as film:
        stream = film.add_stream("mpeg4", rate=2, width=64, height=48, pix_fmt="yuv420p")
        for number in range(60):
            grey = np.full((48, 64), 40 if number < 20 else 160, np.uint8)
            film.mux(
                stream.encode(av.VideoFrame.from_ndarray(grey, "gray").reformat(format="yuv420p"))
            )
        film.mux(stream.encode(None))
    made, told = vectors(video)
    assert told == ()
    assert [v.at_ms for v in made] == [0, 5_000, 10_000, 15_000]
    assert [v.vector[0] for v in made] == pytest.approx([40, 40, 160, 160], abs=3)


def test_a_film_that_is_none_is_told_of(video):
    (video.parent / "lecture.thermal.mp4").write_bytes(b"nothing")
    made, (told,) = vectors(video)
    assert made == ()
    assert told.startswith("lecture.thermal.mp4")


# Motion


def test_motion_is_cut_into_stretches_of_five_seconds_at_even_times(tmp_path):
    """Whatever the sensor's rate: acceleration here rises by 1 a second."""
    path = tmp_path / "lecture.imu.csv"
    times = [n * 12.5 for n in range(1_000)]
    rows = "".join(f"{at_ms},{at_ms / 1000},1,2,3,4,{at_ms}\n" for at_ms in times)
    path.write_text(HEADER + rows, encoding="utf-8")
    made = list(motions(path, DURATION_MS))
    assert [at_ms for at_ms, _ in made] == [2_500, 7_500]
    (_, motion) = made[1]
    assert (motion.shape, motion.dtype) == ((6, 2_000), np.float32)
    np.testing.assert_allclose(motion[0, :1_900], 5 + np.arange(1_900) * 0.0025, atol=1e-4)
    np.testing.assert_array_equal(motion[1:5, 0], [1, 2, 3, 4])


def test_stretches_with_a_gap_are_left_out(tmp_path):
    path = tmp_path / "lecture.imu.csv"
    times = [at_ms for at_ms in range(0, 15_000, 10) if not 6_000 < at_ms < 6_200]
    path.write_text(HEADER + "".join(f"{t},0,0,0,0,0,0\n" for t in times), encoding="utf-8")
    assert [at_ms for at_ms, _ in motions(path, DURATION_MS)] == [2_500, 12_500]


def test_what_is_after_the_videos_end_is_left_out(video):
    table(video.parent / "lecture.imu.csv", until_s=40)
    made, told = vectors(video)
    assert [(v.space, v.at_ms) for v in made] == [
        ("imu", at) for at in (2_500, 7_500, 12_500, 17_500)
    ]
    assert told == ()


def test_what_covers_none_of_the_video_is_told_of(video):
    table(video.parent / "lecture.imu.csv", hertz=5)
    assert vectors(video) == (
        (),
        ("lecture.imu.csv was not used: nothing of it covers the video's time",),
    )


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("6000,1,2,3", "it has 4 values, not 7"),
        ("6000,1,2,3,4,5,x", "could not convert string to float"),
        ("6000,1,2,3,4,5,nan", "a value is not finite"),
        ("5000,1,2,3,4,5,6", "its time is not after the one before"),
    ],
)
def test_a_broken_line_is_told_of_by_its_number(line, why, video):
    path = video.parent / "lecture.imu.csv"
    table(path, until_s=6)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{line}\n7000,0,0,0,0,0,0\n")
    made, (told,) = vectors(video)
    assert [v.at_ms for v in made] == [2_500]
    assert told.startswith(f"lecture.imu.csv, line 602: {why}")
    assert told.endswith("; what follows it was left out")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "line 1: the columns must be time_ms,ax"),
        (b"time,ax,ay,az,gx,gy,gz\n", "line 1: the columns must be time_ms,ax"),
        (b"\xff\xfe\x00", "cannot be read"),
        (b"9" * 10_000, "a line has 4096 characters and more"),
        (HEADER.encode() + b'0,"1,2\n' * 2_000, "lecture.imu.csv"),
    ],
)
def test_a_table_of_another_form_is_told_of(content, why, video):
    (video.parent / "lecture.imu.csv").write_bytes(content)
    made, (told,) = vectors(video)
    assert made == ()
    assert why in told
