"""A prompt as the text that a model was trained to read, by its tokenizer's own chat template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg_videorag.model import Prompt


def prompt_text(tokenizer: Any, prompt: Prompt) -> str:  # noqa: ANN401 - transformers' class
    """The text to be tokenized, special tokens written out where the template has them.

    Args:
        tokenizer: Of transformers. Without a chat template the prompt is plain text.
        prompt: Task, evidence and question.
    """
    if not has_template(tokenizer):
        return f"{prompt.system}\n\n{prompt.user}\n\nAnswer:"
    from jinja2 import TemplateError

    try:
        return _rendered(tokenizer, prompt.messages)
    except TemplateError:  # Gemma's refuses a system message
        joined = f"{prompt.system}\n\n{prompt.user}"
        return _rendered(tokenizer, [{"role": "user", "content": joined}])


def has_template(tokenizer: Any) -> bool:  # noqa: ANN401
    """Whether it has one; then its text holds the special tokens already."""
    return bool(getattr(tokenizer, "chat_template", None))


def _rendered(tokenizer: Any, messages: list[dict[str, str]]) -> str:  # noqa: ANN401
    return str(tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True))
