"""A conversation: each question is understood by those before it."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kg_videorag.ask.analyse import check_question
from kg_videorag.ask.session.follow_up import stand_alone
from kg_videorag.ask.session.reworded import keeps_names
from kg_videorag.ask.session.store import check_name
from kg_videorag.ask.session.turn import Understood, turn_of
from kg_videorag.errors import AskError, EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg_videorag.ask.session.store import SessionStore
    from kg_videorag.ask.session.turn import Turn
    from kg_videorag.model import Answer
    from kg_videorag.ports import Rewriter

_log = logging.getLogger(__name__)
_KEPT = 10  # turns of a conversation without a name


class Session:
    """A conversation; `VideoRAG.session()` makes it.

    Example:
        talk = rag.session()
        talk.query("Where was Neil Armstrong born?")
        talk.query("and where did he study?").understood_as  # "Where did Neil Armstrong study?"

    Args:
        query: `VideoRAG.query`: answers a question that stands alone.
        videos: The ids of all videos, for "in the other video".
        name: Under which it is kept; None for in memory alone.
        store: Where it is kept.
        rewriter: A language model that may say a follow-up in its own words.
    """

    def __init__(
        self,
        query: Callable[..., Answer],
        videos: Callable[[], Sequence[str]],
        *,
        name: str | None = None,
        store: SessionStore | None = None,
        rewriter: Rewriter | None = None,
    ) -> None:
        self.name = None if name is None else check_name(name)
        self._query, self._videos, self._rewriter = query, videos, rewriter
        self._store = store if self.name is not None else None
        self._turns: tuple[Turn, ...] = ()

    @property
    def history(self) -> tuple[Turn, ...]:
        """The last turns, the last at the end; those of other processes among them.

        Raises:
            AskError: If what is kept cannot be read.
        """
        if self._store and self.name:
            return self._store.recent(self.name)
        return self._turns

    def understand(self, question: str) -> Understood:
        """What a question asks, without asking it.

        Raises:
            AskError: If the question is empty or too long.
        """
        history, asked = self.history, check_question(question)
        understood = stand_alone(asked, history)
        if self._rewriter is None or understood.question == asked or understood.video_id:
            return understood
        try:
            words = self._rewriter.rewrite(asked, [(t.understood, t.answer) for t in history])
        except EngineError as error:
            _log.warning("the language model did not reword the question: %s", error)
            return understood
        if not keeps_names(words, understood.question, history):
            return understood
        return replace(understood, question=words)

    def query(
        self, question: str, *, videos: str | Sequence[str] = (), **options: object
    ) -> Answer:
        """Answer a question, or a follow-up, and remember it.

        Args:
            question: In words.
            videos: As `VideoRAG.query` takes them; they win over what the question says.
            **options: Passed on to `VideoRAG.query`.

        Raises:
            AskError: If the question is empty or too long, or a video is not found.
        """
        understood = self.understand(question)
        where = videos or self._where(understood)
        answer = self._query(understood.question, videos=where, **options)
        asked_at = datetime.now(UTC).isoformat(timespec="seconds")
        asked = check_question(question)
        self._remember(turn_of(answer, question=asked, asked_at=asked_at))
        return replace(answer, question=asked, understood_as=understood.question)

    def _where(self, understood: Understood) -> Sequence[str]:
        if understood.video_id:
            return (understood.video_id,)
        if not understood.elsewhere:
            return ()
        cited = {c.video_id for c in self.history[-1].cited}
        others = tuple(id_ for id_ in self._videos() if id_ not in cited)
        if not others:  # no scope would mean everywhere
            raise AskError("there is no other video", hint="See `kg-videorag videos list`.")
        return others

    def _remember(self, turn: Turn) -> None:
        self._turns = (*self._turns, turn)[-_KEPT:]
        if self._store and self.name:
            try:
                self._store.add(self.name, turn)
            except AskError as error:  # the answer is there, and worth more than its memory
                _log.warning("%s", error.message)
