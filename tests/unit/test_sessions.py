"""Conversations that are kept: by name, for two processes at once, within bounds."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from kg_videorag.ask.session import Session, Turn
from kg_videorag.ask.session import store as stores
from kg_videorag.ask.session.store import SessionStore
from kg_videorag.ask.session.turn import Cited
from kg_videorag.errors import AskError, EngineError
from kg_videorag.model import (
    Answer,
    Citation,
    Entity,
    EntityType,
    Modality,
    Span,
    Subgraph,
)

NEIL = Entity("n", "Neil Armstrong", EntityType.PERSON)
TURN = Turn(
    "and he?", "Where was Neil Armstrong born?", "In Ohio.", True, (NEIL,),
    (Cited("v1", "v.mp4", Span(1_000, 2_000), "He was born in “Ohio”."),), "2026-01-01T00:00:00",
)  # fmt: skip


@pytest.fixture
def store(tmp_path):
    return SessionStore(tmp_path / "deep" / "sessions.sqlite3")


def test_what_is_kept_comes_back(store):
    assert store.list() == ()
    assert store.recent("a") == ()
    store.add("a", TURN)
    store.add("a", Turn("б?", "б?"))
    store.add("тема-1", TURN)
    assert store.recent("a") == store.all("a") == (TURN, Turn("б?", "б?"))
    assert [(s.name, s.turns) for s in store.list()] == [("тема-1", 1), ("a", 2)]
    assert store.delete("a") == 2
    assert [s.name for s in store.list()] == ["тема-1"]


def test_what_was_asked_is_nobody_elses_business(store, tmp_path):
    store.add("a", TURN)
    mode = (tmp_path / "deep" / "sessions.sqlite3").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_looking_makes_no_file(store, tmp_path):
    store.list()
    store.recent("a")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", " ", "../a", "a/b", "-a", "a b", "a\n", "a" * 65, "\x1b[2J"])
def test_what_is_no_name_is_refused(store, name):
    for use in (store.recent, store.all, lambda n: store.add(n, TURN)):
        with pytest.raises(AskError, match="no name of a session"):
            use(name)


@pytest.mark.parametrize("use", ["all", "delete"])
def test_an_unknown_session_is_told(store, use):
    with pytest.raises(AskError, match="no session 'nobody'"):
        getattr(store, use)("nobody")


def test_a_long_session_loses_its_beginning(store, monkeypatch):
    monkeypatch.setattr(stores, "MAX_TURNS", 5)
    for n in range(12):
        store.add("a", Turn(f"{n}", f"{n}"))
    assert [turn.question for turn in store.all("a")] == ["7", "8", "9", "10", "11"]


def test_the_sessions_longest_unused_go(store, monkeypatch):
    monkeypatch.setattr(stores, "MAX_SESSIONS", 3)
    for name in ("a", "b", "c", "a", "d"):
        store.add(name, TURN)
    assert [s.name for s in store.list()] == ["d", "a", "c"]
    with pytest.raises(AskError):
        store.all("b")


def test_two_processes_write_one_session(store, tmp_path):
    program = (
        "import sys; from pathlib import Path\n"
        "from kg_videorag.ask.session.store import SessionStore\n"
        "from kg_videorag.ask.session import Turn\n"
        "store = SessionStore(Path(sys.argv[1]))\n"
        "for n in range(20): store.add('a', Turn(sys.argv[2], str(n)))\n"
    )
    path = str(tmp_path / "deep" / "sessions.sqlite3")

    def write(who):
        command = [sys.executable, "-c", program, path, who]
        return subprocess.run(command, check=False, capture_output=True, text=True)

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(write, "xy"))
    assert [d.returncode for d in done] == [0, 0], done
    kept = store.all("a")
    assert len(kept) == 40
    for who in "xy":
        assert [t.understood for t in kept if t.question == who] == [str(n) for n in range(20)]


def test_a_file_that_is_no_history_is_told_and_left_alone(tmp_path):
    path = tmp_path / "sessions.sqlite3"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(AskError, match="history of conversations") as caught:
        SessionStore(path).recent("a")
    assert "begin anew" in caught.value.hint
    assert path.read_bytes().startswith(b"not a database")


def test_a_later_format_is_refused(store, tmp_path):
    store.add("a", TURN)
    with sqlite3.connect(tmp_path / "deep" / "sessions.sqlite3") as file:
        file.execute("PRAGMA user_version = 9")
    with pytest.raises(AskError, match="its format is 9"):
        store.list()


class Library:
    """Answers that Ohio is where it is, from the video it is asked in."""

    def __init__(self):
        self.asked = []

    def query(self, question, *, videos=(), **options):
        self.asked.append((question, videos, options))
        citation = Citation(
            1, "v1", "v1.mp4", Span(1_000, 2_500), "s", Modality.SPEECH,
            "Neil Armstrong was born in Ohio.",
        )  # fmt: skip
        return Answer(
            question, "Neil Armstrong was born in Ohio. [1]", True, "extractive", "none",
            (citation,), (), Subgraph((NEIL,)), {},
        )  # fmt: skip


def session(library, **given):
    return Session(library.query, lambda: ["v1", "v2", "v3"], **given)


def test_a_conversation_in_memory():
    library = Library()
    talk = session(library)
    first = talk.query("Where was Neil Armstrong born?")
    second = talk.query("and where did he study?", top=3)
    assert (first.understood_as, first.question) == (first.question, first.question)
    assert second.question == "and where did he study?"
    assert second.understood_as == "Where did Neil Armstrong study?"
    talk.query("and in the other video?")
    talk.query("what comes after that?")
    talk.query("and then?", videos=["v3"])
    assert library.asked == [
        ("Where was Neil Armstrong born?", (), {}),
        ("Where did Neil Armstrong study?", (), {"top": 3}),
        ("Where did Neil Armstrong study?", ("v2", "v3"), {}),
        ("What is said from 00:00:03 to 00:00:33?", ("v1",), {}),
        ("What is said from 00:00:03 to 00:00:33?", ["v3"], {}),  # what is said wins
    ]
    assert session(library).history == ()


def test_where_there_is_no_other_video_it_is_said():
    library = Library()
    talk = Session(library.query, lambda: ["v1"])
    talk.query("Where was Neil Armstrong born?")
    with pytest.raises(AskError, match="no other video"):
        talk.query("and in the other video?")
    assert len(library.asked) == 1


def test_a_named_conversation_goes_on_elsewhere(store):
    library = Library()
    session(library, name="a", store=store).query("Where was Neil Armstrong born?")
    session(library, name="a", store=store).query("and when?")
    assert library.asked[-1][0] == "When was Neil Armstrong born?"
    session(library, name="b", store=store).query("and when?")
    assert library.asked[-1][0] == "and when?"


def test_a_history_that_cannot_be_kept_costs_no_answer(store, caplog):
    class Full(SessionStore):
        def add(self, name, turn):
            raise AskError("the disk is full")

    talk = Session(Library().query, list, name="a", store=Full(store._path))
    assert talk.query("Where was Neil Armstrong born?").answered
    assert "the disk is full" in caplog.text


class Model:
    def __init__(self, words):
        self.words, self.given = words, []

    def rewrite(self, question, history):
        self.given.append((question, history))
        if isinstance(self.words, Exception):
            raise self.words
        return self.words


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("At what place did Neil Armstrong study?", "At what place did Neil Armstrong study?"),
        ("Where did he study?", "Where did Neil Armstrong study?"),
        ("", "Where did Neil Armstrong study?"),
        (EngineError("no model"), "Where did Neil Armstrong study?"),
    ],
)
def test_a_model_may_reword_a_follow_up_and_nothing_else(words, asked):
    library, model = Library(), Model(words)
    talk = session(library, rewriter=model)
    talk.query("Where was Neil Armstrong born?")
    talk.query("Where was Buzz Aldrin born?")
    assert model.given == []  # they stand alone
    talk = session(library, rewriter=model)
    talk.query("Where was Neil Armstrong born?")
    talk.query("and where did he study?")
    assert library.asked[-1][0] == asked
    assert model.given[0][0] == "and where did he study?"
