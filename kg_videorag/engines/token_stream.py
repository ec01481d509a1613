"""Reads what a model of transformers writes while it writes."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from kg_videorag.model import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def written(tokenizer: Any, complete: Callable[..., Reply]) -> Iterator[Reply]:  # noqa: ANN401
    """The reply as far as it is written; the last is whole.

    A reader who stops reading stops the model at its next token.

    Args:
        tokenizer: Of transformers.
        complete: Writes the whole reply, given what `generate` of transformers is to be given
            besides; what it raises is raised here.
    """
    from transformers import StoppingCriteriaList, TextIteratorStreamer

    streamer = TextIteratorStreamer(tokenizer, skip_prompt=True, skip_special_tokens=True)
    left = threading.Event()
    outcome: list[Reply | BaseException] = []

    def run() -> None:
        try:
            stop = StoppingCriteriaList([lambda *_, **__: left.is_set()])
            outcome.append(complete(streamer=streamer, stopping_criteria=stop))
        except BaseException as error:  # noqa: BLE001 - raised again where it is read
            outcome.append(error)
        finally:
            streamer.end()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    text = ""
    try:
        for piece in streamer:
            text += piece
            yield Reply(text, cut=False)
    finally:
        left.set()
        thread.join()
    done = outcome[0]
    if isinstance(done, BaseException):
        raise done
    yield done
