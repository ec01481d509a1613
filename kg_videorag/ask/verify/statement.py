# ruff: noqa: RUF001 - half of the words are Russian
"""What a sentence says, as far as it can be compared with another: names, numbers, denials ..."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import regex

from kg_videorag.ask.verify.vocabulary import is_denial, is_hedge, number_of
from kg_videorag.words import content_stems, is_russian

_TOKEN = regex.compile(
    r"(?P<number>\p{N}[\p{N}.,:]*(?<=\p{N}))(?:st|nd|rd|th|s|-?(?:й|е|я|го|м|му|х))?(?!\p{L})"
    r"|(?P<word>\p{L}+n['’]t\b|[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:['’](?:s|S)\b)?)"
    r"|(?P<stop>[,;:.!?…()—–-]+)"
)
_QUOTED = regex.compile(r"[“\"«„]([^“”\"«»„]{2,200})[”\"»“]")
# What can be opened; a model that was told to may write one that nobody said.
_ADDRESS = regex.compile(
    r"\w+://[^\s)>\]]+|\bwww\.[^\s)>\]]+|\b[\w-]+\.(?:com|org|net|ru|io|example|mp4|mkv|webm|mov"
    r"|avi|exe|sh|html?)\b",
    regex.IGNORECASE,
)
_CLOCK = regex.compile(r"\d{1,2}:\d{2}(?::\d{2})?")
_PREPOSITIONS = frozenset(
    """of in on at by to from with without for into onto over under after before during between
    through about against near around behind above below per via since until toward towards than
    в во на с со из от до по к ко у о об обо над под за перед при про через для без после между
    против около вокруг""".split()
)
# Words after which a preposition no longer governs.
_VERBAL = frozenset(
    """is are was were be been being am has have had do does did will would can could might
    must shall should who which that when while and but or because if then был была было были будет
    есть и а но или что который которая которое которые когда если потому""".split()
)
_JOINING = frozenset({"and", "и"})  # what governs one name governs the next: by A and B
_PRONOUNS = frozenset(
    """he she it they him her his hers its their them this that these those there here who which
    i we my our me us you your он она оно они его её ее ему ей им их него неё нее нему ней ним них
    этот эта это эти тот та те там здесь свой своя своё свое свои я мы мой наш который которая
    которое которые""".split()
)
# Words that say nothing of what is claimed, at the beginning.
_DISCOURSE = frozenset(
    """yes no well so indeed also however according additionally finally then later next evidence
    video speaker да нет так итак согласно также затем потом наконец видео диктор""".split()
)
# Capital at the beginning of an answer, and no names.
_OPENERS = frozenset(
    """astronaut president engineer director doctor professor commander pilot
    scientist captain general people someone nobody one two three four five six seven eight nine
    ten both first сначала кроме космонавт астронавт президент инженер директор доктор
    профессор командир учёный ученый
    человек люди корабль ракета""".split()
)
_PASSIVE = regex.compile(
    r"\b(?:is|are|was|were|be|been|being|got)\b(?:\s+\w+){0,2}?\s+(?:\w+(?:ed|en|wn|lt|ght|nt|un|ut)"
    r"|made|led|held|built|won|set|put|told|sold|said|found)\b"
    r"|\b\w+(?:ан|ян|ен|ён|ят|ыт|ит|от|ут)(?:а|о|ы)?\b(?=.*\w(?:ом|ем|ым|им|ой|ей|ами|ями)\b)"
)
_PLACING = frozenset("in on at from into near since until в во на из около до после".split())
_KINDS = frozenset(
    """city town state province country river city город городе города городу штат штате штата
    страна стране реке""".split()
)
_NOBODY = frozenset({"nothing", "nobody", "none"})
_MOST = frozenset("most самый самая самое самые самого самой самую самых самым".split())
_EMPTY = frozenset({"able", "possible", "allowed", "в", "смог", "смогла", "смогли", "удалось"})
_ROMAN = regex.compile(r"I{1,3}|I?V|VI{1,3}|I?X|XI{1,3}")
_CYRILLIC = regex.compile(r"\p{Cyrillic}")


@dataclass(frozen=True, slots=True)
class Word:
    """A word in its place.

    Args:
        form: As it is written, in lower case.
        stem: Of it; "" for a function word.
        governor: The preposition that governs it; "" where none does.
        is_name: Whether it is written as a name.
    """

    form: str
    stem: str
    governor: str
    is_name: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """What can be compared of a text.

    Args:
        text: The text.
        words: Its words, numbers left out, in order.
        names: Of those written as names: the words, in lower case.
        numbers: As digits; thousands without commas.
        stems: Of words with a meaning.
        every: Stems of all words, function words as they are.
        denied: Stems of what is denied.
        hedged: Stems of what is planned, tried or not sure.
        quotes: What it puts in quotation marks, in lower case.
        addresses: Web addresses and files that it names, in lower case.
    """

    text: str
    words: tuple[Word, ...]
    names: frozenset[str]
    numbers: frozenset[str]
    stems: frozenset[str]
    every: frozenset[str]
    denied: frozenset[str]
    hedged: frozenset[str]
    quotes: tuple[str, ...]
    addresses: tuple[str, ...]

    @property
    def superlatives(self) -> frozenset[str]:
        """Stems of what something is the most of: the most famous."""
        return frozenset(b.stem for a, b in pairwise(self.words) if a.form in _MOST and b.stem)

    @property
    def placed(self) -> frozenset[str]:
        """Names that stand where something is, or when: a sentence says those itself."""
        return frozenset(w.form for w in self.words if w.is_name and w.governor in _PLACING)

    @property
    def kinds(self) -> frozenset[str]:
        """Stems that only say what kind of thing the next name is of: the city of Houston."""
        return frozenset(
            word.stem
            for word, after in pairwise(self.words)
            if word.form in _KINDS and (after.is_name or after.form == "of")
        )

    @property
    def lower(self) -> str:
        return self.text.lower()

    @property
    def is_cyrillic(self) -> bool:
        return bool(_CYRILLIC.search(self.text))

    @property
    def refers(self) -> bool:
        """Whether it says "she" or "there", so that what it is about was said before."""
        return any(word.form in _PRONOUNS for word in self.words)

    @property
    def begins_with_pronoun(self) -> bool:
        return bool(self.words) and self.words[0].form in _PRONOUNS

    @property
    def is_passive(self) -> bool:
        return bool(_PASSIVE.search(self.lower))


@lru_cache(maxsize=2_000)
def statement(text: str) -> Statement:
    """Read a sentence."""
    found, numbers = _read(text)
    denied, hedged = _marked(found)
    lower = text.lower()
    return Statement(
        text=text,
        words=tuple(found),
        names=frozenset(w.form for w in found if w.is_name),
        numbers=frozenset(numbers),
        stems=frozenset(w.stem for w in found if w.stem),
        every=frozenset(next(iter(content_stems(w.form)), w.form) for w in found),
        denied=denied,
        hedged=hedged,
        quotes=tuple(match[1].strip() for match in _QUOTED.finditer(lower)),
        addresses=tuple(match[0].rstrip(".,") for match in _ADDRESS.finditer(lower)),
    )


def clocks(text: str) -> tuple[str, ...]:
    """Moments that a text names as players write them: 01:23."""
    return tuple(_CLOCK.findall(text))


def _read(text: str) -> tuple[list[Word], list[str]]:
    words: list[Word] = []
    numbers: list[str] = []
    governor, filled, begins = "", False, True
    for match in _TOKEN.finditer(text):
        if match["stop"]:
            governor, filled = "", False
            begins = begins or any(c in ".!?…:" for c in match["stop"])
            continue
        if match["number"]:
            numbers.append(bare(match["number"]))
            filled, begins = True, False
            continue
        written = regex.sub(r"['’][sS]$", "", match["word"])
        form = written.lower().replace("ё", "е")
        if words and words[-1].is_name and _ROMAN.fullmatch(written):
            numbers.append(written)  # Saturn V is not Saturn I
            continue
        if form in _PREPOSITIONS:
            governor, filled = form, False
        elif (form in _VERBAL and form not in _JOINING) or (filled and form in ("the", "a", "an")):
            governor, filled = "", False
        if (digits := number_of(form)) is not None:
            numbers.append(digits)
            begins = False
            continue
        empty = form in _PREPOSITIONS or (begins and form in _DISCOURSE)
        stem = "" if empty else next(iter(content_stems(written)), "")
        named = bool(stem) and written[0].isupper() and not (begins and _is_common(written))
        words.append(Word(form, stem, governor if stem else "", named))
        filled = filled or bool(stem)
        begins = False
    return words, numbers


def _is_common(first: str) -> bool:
    """Whether a capital first word looks like a noun in the plural, an adjective or a verb."""
    if first.lower() in _OPENERS:
        return True
    if is_russian(first):
        endings = ("ые", "ие", "ый", "ий", "ая", "ое", "ы", "и", "лся", "лась", "ли", "л", "ла")
        return first.endswith(endings)
    return len(first) > 4 and first.endswith(("s", "ing", "ly", "ed")) and not first.isupper()


def _marked(words: list[Word]) -> tuple[frozenset[str], frozenset[str]]:
    """Stems after a denial, and after a hedge: each marks the next word with a meaning."""
    denied, hedged = set(), set()
    denies = hedges = False
    for place, word in enumerate(words):
        following = words[place + 1].form if place + 1 < len(words) else ""
        before = words[place - 1].stem if place else ""
        if word.form in _NOBODY and before:
            denied.add(before)  # "took nothing"
        elif is_denial(word.form) or word.form.endswith(("n't", "n’t")):
            denies = following not in ("only", "только")
        elif is_hedge(word.form) and not word.is_name:  # May
            hedges = True
        elif word.stem and not ((denies or hedges) and word.form in _EMPTY):
            if denies:
                denied.add(word.stem)
            elif hedges:
                hedged.add(word.stem)
            denies = hedges = False
    return frozenset(denied), frozenset(hedged)


def bare(number: str) -> str:
    """A number without commas between its thousands, and without zeros before it."""
    plain = regex.sub(r"(?<=\d),(?=\d{3}\b)", "", number)
    return plain.lstrip("0") or "0"
