# ruff: noqa: RUF001 - half of the words are Russian
"""Makes a caption of what a model wrote of pictures: whole sentences, on one line, not many.

Models answer with thoughts, lists, bold letters, "The image shows", apologies, and small ones
say a word again and again. A caption stands in the graph and is quoted: none of that is in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex
import sentencex

from kg_videorag.engines.drafts import read_draft
from kg_videorag.model import one_line
from kg_videorag.words import content_stems, language_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MAX_SENTENCES = 4
_MAX_CHARS = 400  # about 100 tokens of the 2,000 that an answer's evidence may have

_LINE_MARK = regex.compile(r"^\s*(?:[>*•\-–—]+|\(?\d{1,2}[.)])\s+")
_NO_LINE = regex.compile(r"^\s*(?:#.*|[-*_=]{3,}|```.*)$", regex.MULTILINE)  # headings, rules
_EMPHASIS = regex.compile(r"(\*{1,3}|__|`+|~~)(?=\S)(.+?)(?<=\S)\1")
_LINK = regex.compile(r"!?\[([^\[\]\n]*)\]\([^()\s]*\)")
_MARK = regex.compile(r"\s*(?:\[[\d\s,;:–-]*\]|【[^】]*】)")  # what looks like a citation
_LABEL = regex.compile(
    r"\A\W*(?:caption|description|answer|assistant|(?:image|picture|frame)s?(?: \d+)?"
    r"|описание|подпись|ответ|кадры?(?: \d+)?|изображени[ея](?: \d+)?)\s*:\s*",
    regex.IGNORECASE,
)
_OPENER = regex.compile(
    r"\A(?:(?:the|this|these|in the|in this|in these)\s+"
    r"(?:\w+\s+)?(?:image|picture|photo|photograph|frame|screenshot|video|scene)s?,?\s+"
    r"(?:(?:shows?|depicts?|displays?|features?|captures?|presents?|contains?|consists? of"
    r"|(?:is|are) of)\s+|(?:we can see|you can see|we see|there (?:is|are))\s+)"
    r"|на (?:изображени[ия]х?|картинк(?:е|ах)|кадр(?:е|ах)|снимк(?:е|ах)|фото(?:графи[ия]х?)?"
    r"|видео)\s*[,:—–-]*\s*(?:мы видим\s+)?)",
    regex.IGNORECASE,
)
# Whole sentences in which a model speaks of itself or to its user.
_ASIDE = regex.compile(
    r"\b(?:i['’]?m (?:sorry|unable|not able|happy)|i am (?:sorry|unable|not able)|sorry,"
    r"|i apologi[sz]e|i (?:can['’]?t|cannot|can not|do not|don['’]t)\b|as an ai\b|language model"
    r"|unfortunately, i|(?:please )?(?:let me know|feel free)|please provide|how can i|i hope"
    r"|here (?:is|are) (?:a|the) (?:caption|description)|sure[,!]|certainly[,!]"
    r"|извините|простите|к сожалению, я|я не (?:могу|вижу|умею)|как (?:ии|языковая модель)"
    r"|если (?:у вас|вам)|дайте знать|вот описание|конечно[,!])",
    regex.IGNORECASE,
)
_STUTTER = regex.compile(r"\b(\p{L}[\p{L}\p{M}'’-]*(?: \p{L}[\p{L}\p{M}'’-]*){0,3}?)(?: \1\b)+")
_END = regex.compile(r"[.!?…][\"'”’»)]*\Z")
_QUOTED = regex.compile(r"\A[\"“«]([^\"“”«»]*)[\"”»]\Z")
_WORD = regex.compile(r"\p{L}{2}")


def read_caption(reply: str, *, cut: bool = False) -> str:
    """The caption in a model's reply.

    Args:
        reply: As the model wrote it.
        cut: Whether it had to stop before it was done.

    Returns:
        Whole sentences on one line; "" if it wrote none.
    """
    text = read_draft(reply, cut=cut)
    text = _NO_LINE.sub("", _LINK.sub(r"\1", text))
    text = _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", text))
    lines = [_MARK.sub("", _LINE_MARK.sub("", line)) for line in text.splitlines()]
    found = [sentence for line in lines for sentence in _sentences(_LABEL.sub("", one_line(line)))]
    return _limited(found)


def joined(captions: Iterable[str]) -> str:
    """Captions of single pictures as one, in their order; what one says already is not repeated.

    Args:
        captions: As `read_caption` made them.
    """
    return _limited([s for caption in captions for s in _sentences(caption)])


def _sentences(line: str) -> list[str]:
    """The sentences of a line that speak of pictures, each beginning and ending as one does."""
    split = sentencex.segment(language_of(line), line) if line else ()
    found = (one_line(sentence) for sentence in split)
    bare = (_STUTTER.sub(r"\1", _OPENER.sub("", s)) for s in found if not _ASIDE.search(s))
    return [_whole(sentence) for sentence in bare if _WORD.search(sentence)]


def _whole(sentence: str) -> str:
    text = _QUOTED.sub(r"\1", sentence.strip())
    ended = text if _END.search(text) else f"{text.rstrip(' ,;:–—-')}."
    return ended[:1].upper() + ended[1:]


def _limited(sentences: Sequence[str]) -> str:
    """The first sentences that say something of their own, and not too much of it.

    One says nothing of its own whose words that carry meaning are all in another: likeness of
    letters would take "a man in a red dress" for "a woman in a red dress".
    """
    stems = [content_stems(sentence) for sentence in sentences]
    kept: list[str] = []
    for place, sentence in enumerate(sentences):
        own, before, after = stems[place], stems[:place], stems[place + 1 :]
        if any(own <= other for other in before) or any(own < other for other in after):
            continue
        if len(kept) == _MAX_SENTENCES or len(" ".join([*kept, sentence])) > _MAX_CHARS:
            break
        kept.append(sentence)
    if not kept and sentences:  # the first is endless
        return sentences[0][: _MAX_CHARS - 1].rpartition(" ")[0].rstrip(" ,;:") + "…"
    return " ".join(kept)
