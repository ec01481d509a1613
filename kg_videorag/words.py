"""Words of a question or a sentence, in the form in which they are compared."""

from __future__ import annotations

from functools import cache

import regex
import Stemmer

_ENGLISH = Stemmer.Stemmer("english")
# Marks belong to the letters before them: without them "राम" and "रोम" would be one word.
_WORD = regex.compile(r"[\p{L}\p{N}][\p{L}\p{N}\p{M}]*")
_TAIL = regex.compile(r"(?:n['’]t|['’](?:s|d|ll|re|ve|m))\b", regex.IGNORECASE)
# Words that ask or bind, and say nothing of what is asked. The full-text index drops the
# common ones itself; these are the ones that would make any sentence look like an answer.
_FUNCTION_WORDS = frozenset(
    """
    a about after all also am an and any are as at be been before being between both but by can
    could did do does doing during each few for from get gets got had happen happened happens has
    have having he her here hers him his how i if in into is it its just me more most mr mrs ms my
    no nor not of off on once only or other our out over own said same say says she should so some
    such tell than that the their them then there these they this those through to too under until
    up very was we were what when where which while who whom whose why will with would you your
    """.split()
)
# "What did she write?" is answered by "She wrote ...": forms that no stemmer joins. A library
# of lemmas (simplemma) knows them all, but takes 0.4 s of each question's 2 s to load.
_IRREGULAR = {
    form: forms.split()[0]
    for forms in """
    become became; begin began begun; bind bound; break broke broken; bring brought; build built;
    buy bought; catch caught; choose chose chosen; come came; draw drew drawn; drive drove driven;
    eat ate eaten; fall fell fallen; feel felt; fight fought; fly flew flown; forget forgot;
    give gave given; go went gone; grow grew grown; hear heard; hide hid hidden; hold held;
    keep kept; know knew known; lead led; leave left; lend lent; lose lost; make made; mean meant;
    meet met; pay paid; ride rode ridden; rise rose risen; run ran; see saw seen; sell sold;
    send sent; shoot shot; show showed shown; sing sang sung; sink sank sunk; sit sat;
    speak spoke spoken; spend spent; stand stood; steal stole stolen; strike struck;
    swim swam swum; take took taken; teach taught; think thought; throw threw thrown;
    understand understood; wear wore worn; win won; write wrote written
    """.split(";")
    for form in forms.split()[1:]
}


def words(text: str) -> list[str]:
    """All words, lower case, in order: runs of letters and digits; "Ann's" is "ann"."""
    return [word.lower() for word in _WORD.findall(_TAIL.sub("", text))]


def content_stems(text: str) -> frozenset[str]:
    """The stems of the words that carry meaning.

    Source: the Snowball English stemmer, the same as the `english` full-text analyzer's.
    """
    return frozenset(_stem(word) for word in words(text) if word not in _FUNCTION_WORDS)


@cache
def _stem(word: str) -> str:
    return str(_ENGLISH.stemWord(_IRREGULAR.get(word, word)))
