"""Makes a draft of what a language model wrote: its thoughts, refusals and broken ends go."""

from __future__ import annotations

import logging
import re
from collections import deque
from typing import TYPE_CHECKING

from kg_videorag.engines.prompting import NO_ANSWER
from kg_videorag.prompt_text import spoken

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg_videorag.model import Reply

_log = logging.getLogger(__name__)

_HALF_TAG = re.compile(r"<[/|\w]{0,40}\Z")
_LABEL = re.compile(r"\A\W*(?:answer|ответ)\s*:\W*", re.IGNORECASE)
_REFUSED = re.compile(r"no[_\s-]?answer|нет[_\s-]?ответа", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…](?:[ \t]*\[[^\[\]\n]{1,40}\])*|\[[^\[\]\n]{1,40}\][.!?…]?")


def read_draft(reply: str, *, cut: bool = False) -> str:
    """The answer in a model's reply.

    Args:
        reply: As the model wrote it.
        cut: Whether it had to stop before it was done.

    Returns:
        Text with `[n]` marks; empty if the model says that the evidence holds no answer, or wrote
        nothing but thoughts.
    """
    text = spoken(reply)
    if _refuses(text):
        return ""
    return _whole_sentences(text) if cut else text


def drafts(replies: Iterable[Reply], max_tokens: int) -> Iterator[str]:
    """The answer in a reply as it grows, each time all of it.

    Args:
        replies: Each as far as it is written; the last is whole.
        max_tokens: Where it was cut, if it was.
    """
    reply = None
    for reply in replies:
        yield draft_so_far(reply.text)
    if reply is not None:
        if reply.cut:
            _log.warning("the answer was cut at %d tokens", max_tokens)
        yield read_draft(reply.text, cut=reply.cut)


def last(growing: Iterable[str]) -> str:
    """What came last; nothing where nothing came."""
    return next(iter(deque(growing, maxlen=1)), "")


def draft_so_far(reply: str) -> str:
    """What of an unfinished reply is its answer; the last characters may be half a tag."""
    text = spoken(_HALF_TAG.sub("", reply))
    return "" if _refuses(text) else text


def _refuses(text: str) -> bool:
    """Whether it is the refusal, plain, decorated or explained."""
    bare = re.sub(r"[\W\d]+", " ", _LABEL.sub("", text)).strip()
    return bool(_REFUSED.fullmatch(bare)) or NO_ANSWER in text


def _whole_sentences(text: str) -> str:
    """Text up to its last whole sentence; all of it where there is none."""
    ends = [match.end() for match in _SENTENCE_END.finditer(text)]
    return text[: ends[-1]] if ends else text
