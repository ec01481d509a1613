"""Files under every name, and files that move: through the real command line."""

from __future__ import annotations

import json
import shutil
import unicodedata
import wave
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

from kg_videorag import VideoRAG
from kg_videorag.cli import app
from kg_videorag.errors import MediaError, VideoSelectionError

SCHEMAS = Path(__file__).parents[2] / "docs" / "json"
SRT = "1\n00:00:01,000 --> 00:00:03,500\n{}\n"
LONG = "ы" * 125 + ".wav"  # 254 bytes
NAMES = [
    "two words.wav", "лекция о радии.wav", "📻 радио.wav", "v1.2.final.wav", "-i.wav",
    "a\nb.wav", LONG, "[a]*?.wav", "100%.wav", "http:x.wav", "no ending",
    unicodedata.normalize("NFD", "йога.wav"), "'quoted'.wav", "$HOME.wav", " .wav",
]  # fmt: skip


@pytest.fixture(scope="module")
def library(home):
    with VideoRAG(home=str(home), text_reader="none") as rag:
        yield rag


@pytest.fixture
def cli(home, graph, monkeypatch):
    """The command line, in this process: (exit code, JSON document or text)."""
    monkeypatch.setenv("KGV_HOME", str(home))

    def run(*arguments, schema=None):
        command = [*arguments[:2], *(["--json"] if schema else []), "--", *arguments[2:]]
        result = CliRunner().invoke(app, command)
        if not schema:
            return result.exit_code, result.output
        document = json.loads(result.stdout)
        jsonschema.validate(document, json.loads((SCHEMAS / f"{schema}.json").read_text()))
        return result.exit_code, document

    return run


def recording(path, says, seconds=5):
    """Silence, and a subtitle beside it: two are of equal size and of different content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as sound:
        sound.setparams((1, 2, 16_000, 0, "NONE", ""))
        sound.writeframes(bytes(32_000 * seconds - 8) + says.encode()[:8].ljust(8))
    stem = path.name.removesuffix(".wav")
    if len(stem.encode()) < 250:
        (path.parent / f"{stem}.srt").write_text(SRT.format(says), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_any_name_is_ingested_listed_shown_and_deleted(library, cli, tmp_path, name):
    path = recording(tmp_path / name, "Marie Curie discovered radium.")
    report = library.ingest(path)
    assert (report.error, report.title.isprintable()) == (None, True)
    assert library.videos()[0].video.path == str(path)
    code, listed = cli("videos", "list", schema="videos_list")
    assert (code, [video["path"] for video in listed["videos"]]) == (0, [str(path)])
    for selector in (name, str(path)):
        code, shown = cli("videos", "show", selector, schema="videos_show")
        assert (code, shown["video"]["video_id"]) == (0, report.video_id)
    code, text = cli("videos", "list")
    assert (code, len(text.strip().splitlines())) == (0, 1)
    code, deleted = cli("videos", "delete", name, schema="videos_delete")
    assert (code, deleted["deleted"]) == (0, True)
    assert library.videos() == []


def test_two_files_of_one_name_are_two_videos_and_one_content_is_one(library, graph, tmp_path):
    first = library.ingest(recording(tmp_path / "a" / "talk.wav", "Radium glows in the dark."))
    second = library.ingest(recording(tmp_path / "b" / "talk.wav", "Polonium does not glow."))
    assert first.video_id != second.video_id
    assert len(library.videos()) == 2
    with pytest.raises(VideoSelectionError) as caught:
        library.video("talk.wav")
    assert caught.value.message == "'talk.wav' names 2 videos; use the id"
    for report, folder in ((first, "a"), (second, "b")):
        path = str(tmp_path / folder / "talk.wav")
        assert f"{report.video_id[:12]} {path}" in caught.value.hint
        assert library.video(path)[0].video.id == report.video_id
        assert library.video(report.video_id[:8])[0].video.id == report.video_id
    (hit, *_) = library.search("Does polonium glow?", videos=str(tmp_path / "b" / "talk.wav"))
    assert hit.video_id == second.video_id
    copy = tmp_path / "c" / "talk.wav"
    shutil.copytree(tmp_path / "a", tmp_path / "c")
    again = library.ingest(copy)
    assert (again.status, again.video_id) == ("unchanged", first.video_id)
    assert again.warnings[-1] == f"a copy: the library holds the same file as {tmp_path}/a/talk.wav"
    link = tmp_path / "link.wav"
    link.symlink_to(tmp_path / "b" / "talk.wav")
    shutil.copy(tmp_path / "b" / "talk.srt", tmp_path / "link.srt")
    assert library.ingest(link).video_id == second.video_id
    assert len(library.videos()) == 2


def test_a_name_is_found_in_either_form_of_its_letters(library, graph, tmp_path):
    report = library.ingest(recording(tmp_path / unicodedata.normalize("NFD", "йод.wav"), "Iodine"))
    for form in ("NFC", "NFD"):
        assert library.video(unicodedata.normalize(form, "йод.wav"))[0].video.id == report.video_id
    twin = tmp_path / unicodedata.normalize("NFC", "йод.wav")
    if not twin.exists():  # on macOS it is the same file
        other = library.ingest(recording(twin, "Bromine"))
        with pytest.raises(VideoSelectionError, match="names 2 videos"):
            library.video("йод.wav")
        assert library.video(str(twin))[0].video.id == other.video_id


@pytest.fixture
def archive(library, graph, tmp_path):
    """Three videos in one folder."""
    names = ("radium.wav", "полоний.wav", "moon landing.wav")
    return {name: library.ingest(recording(tmp_path / "old" / name, name)) for name in names}


def test_an_archive_that_moved_is_found_again(library, cli, archive, tmp_path):
    new = tmp_path / "new"
    new.mkdir()
    (tmp_path / "old").rename(new / "deep")
    (new / "deep" / "radium.wav").rename(new / "renamed.wav")
    recording(new / "radium.wav", "another")  # of the same name and size
    (new / "deep" / "moon landing.wav").unlink()
    code, output = cli("videos", "relink", str(new))
    assert code == 1
    assert "still missing: moon landing" in output
    paths = {stored.video.id: stored.video.path for stored in library.videos()}
    assert paths[archive["radium.wav"].video_id] == str(new / "renamed.wav")
    assert paths[archive["полоний.wav"].video_id] == str(new / "deep" / "полоний.wav")
    assert paths[archive["moon landing.wav"].video_id] == f"{tmp_path}/old/moon landing.wav"


def test_what_is_told_of_it(library, cli, archive, tmp_path):
    new = tmp_path / "new"
    shutil.copytree(tmp_path / "old", new)
    (tmp_path / "old").rename(new / "and again")
    (new / "note.txt").write_text("no sound")
    before = library.videos()
    assert library.relink(new, dry_run=True).read == 6  # the text has another size
    assert library.videos() == before
    code, told = cli("videos", "relink", str(new), schema="videos_relink")
    assert (code, told["missing"], told["unreadable"], told["dry_run"]) == (0, [], [], False)
    for one in told["relinked"]:
        name = Path(one["former_path"]).name
        assert archive[name].video_id == one["video_id"]
        assert Path(one["path"]).name == name
        assert one["copies"] == [str(new / name)]
        assert one["path"] == str(new / "and again" / name)
    code, told = cli("videos", "relink", str(new), schema="videos_relink")
    assert (code, told["relinked"], told["files_read"]) == (0, [], 0)
    assert library.ingest(new / "and again" / "radium.wav").status == "unchanged"


def test_a_copy_that_kept_its_name_comes_first(library, archive, tmp_path):
    new = tmp_path / "new"
    shutil.copytree(tmp_path / "old", new / "a")
    (new / "a" / "radium.wav").rename(new / "a" / "other.wav")
    shutil.move(tmp_path / "old", new / "z")
    found = {one.video_id: one for one in library.relink(new).relinked}
    radium = found[archive["radium.wav"].video_id]
    assert (radium.path, radium.copies) == (f"{new}/z/radium.wav", (f"{new}/a/other.wav",))


def test_videos_whose_size_nobody_kept_are_found_too(library, graph, statement, archive, tmp_path):
    graph.write(lambda tx: tx.run(statement("MATCH (v:Video) REMOVE v.size_bytes")))
    new = tmp_path / "new"
    (tmp_path / "old").rename(new)
    (new / "radium.wav").rename(new / "no ending")
    (new / "moon landing.wav").rename(new / "film.mp3")
    (new / "notes.pdf").write_bytes(b"%PDF")
    report = library.relink(new)
    assert report.missing == ()
    assert {Path(one.path).name for one in report.relinked} == {
        "no ending", "film.mp3", "полоний.wav",
    }  # fmt: skip


def test_one_video_is_given_its_new_place(library, cli, archive, tmp_path):
    (tmp_path / "old" / "radium.wav").rename(tmp_path / "here.wav")
    code, text = cli("videos", "relink", "radium.wav", str(tmp_path / "here.wav"))
    assert (code, f"  to   {tmp_path}/here.wav" in text) == (0, True)
    other = tmp_path / "old" / "полоний.wav"
    with pytest.raises(MediaError, match="not the file that the library holds"):
        library.relink_video("here.wav", other)
    code, told = cli("videos", "relink", "here.wav", str(tmp_path / "nowhere.wav"), schema="error")
    assert (code, "no such file" in told["error"]["message"].lower()) == (1, True)
    code, told = cli("videos", "relink", str(tmp_path), str(tmp_path / "no"), schema="error")
    assert (code, told["error"]["message"].endswith("this is no folder")) == (1, True)
