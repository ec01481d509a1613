"""What `ask` tells of an answer whose citations were checked."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from kg_videorag.api import VideoRAG
from kg_videorag.cli import app
from kg_videorag.model import Answer, Citation, Modality, Span, Subgraph

WARNING = "a citation of evidence 9 was dropped: there are 5"


@pytest.fixture
def ask(monkeypatch, tmp_path):
    """Runs the command on an answer that a model gave."""
    citation = Citation(1, "v", "v.mp4", Span(1_000, 2_000), "s", Modality.SPEECH, "It landed.")
    answer = Answer(
        question="What landed?", text="It did. [1]", answered=True, generator="langchain",
        generator_model="m", citations=(citation,), evidence=(), graph=Subgraph(),
        timings_ms={"total": 1.0}, warnings=(f"{WARNING}\x1b[31m",),
    )  # fmt: skip
    monkeypatch.setenv("KGV_HOME", str(tmp_path))
    monkeypatch.setattr(VideoRAG, "query", lambda *_, **__: answer)

    def ask(*options):
        done = CliRunner().invoke(app, ["ask", "What landed?", *options])
        assert done.exit_code == 0
        return done

    return ask


def test_warnings_go_to_stderr(ask):
    done = ask()
    assert done.stderr == f"warning: {WARNING}[31m\n"
    assert WARNING not in done.stdout
    assert done.stdout.startswith("It did. [1]\n  [1] v.mp4 00:00:01-00:00:02")


def test_an_explanation_holds_them_too(ask):
    assert f"Warning: {WARNING}" in ask("--explain").stdout


def test_the_document_keeps_its_shape(ask):
    done = ask("--json")
    assert WARNING in done.stderr
    assert "warnings" not in json.loads(done.stdout)


@pytest.fixture
def stream(monkeypatch, tmp_path):
    """Runs `ask --stream` on pieces and the text that the answer has in the end."""
    monkeypatch.setenv("KGV_HOME", str(tmp_path))

    def stream(pieces, text, *options):
        citation = Citation(
            1, "v", "v.mp4", Span(1_000, 2_000), "s", Modality.SPEECH, "It landed.",
            link="file:///v.mp4#t=1",
        )  # fmt: skip
        answer = Answer(
            question="What landed?", text=text, answered=True, generator="langchain",
            generator_model="m", citations=(citation,), evidence=(), graph=Subgraph(),
            timings_ms={"total": 1.0},
        )  # fmt: skip
        monkeypatch.setattr(VideoRAG, "stream", lambda *_, **__: iter([*pieces, answer]))
        return CliRunner().invoke(app, ["ask", "What landed?", "--stream", *options])

    return stream


CITED = '  [1] v.mp4 00:00:01-00:00:02 "It landed."\n      file:///v.mp4#t=1\n'


@pytest.mark.parametrize(
    ("pieces", "text", "shown"),
    [
        (["It did. [1]", " So. [1]"], "It did. [1] So. [1]", "It did. [1] So. [1]\n"),
        ([], "Nothing answers.", "Nothing answers.\n"),
        (["It did. [1]"], "Nothing answers.", "It did. [1]\nNothing answers.\n"),
        (["It did.\x1b[31m [1]"], "It did.\x1b[31m [1]", "It did.[31m [1]\n"),
    ],
)
def test_a_stream_is_printed_once_and_then_its_citations(pieces, text, shown, stream):
    done = stream(pieces, text)
    assert (done.exit_code, done.stdout) == (0, shown + CITED)


def test_a_stream_is_for_people(stream):
    done = stream([], "", "--json")
    assert done.exit_code == 2
    assert "--json" in done.stderr
