# ruff: noqa: RUF001, RUF002 - half of the words are Russian
"""Words of a question or a sentence, in the form in which they are compared.

A word in Cyrillic letters is read as Russian, any other as English.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import regex
import Stemmer

if TYPE_CHECKING:
    from collections.abc import Collection

ENGLISH, RUSSIAN = "en", "ru"  # ISO 639-1
_STEMMERS = {ENGLISH: Stemmer.Stemmer("english"), RUSSIAN: Stemmer.Stemmer("russian")}
_CYRILLIC = regex.compile(r"\p{Cyrillic}")
# What the Russian stemmer leaves: a vowel that comes and goes (виток, витков), and half of the
# commonest ending of surnames (Королёв, but Королёва without its last letter).
_LEFT_OVER = regex.compile(r"(?<=\w\w)[ое](?=[кц]$)|(?<=\w{3})[ое]в$")
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
    а без бы был была были было быть в ведь весь во вот все всего всех вы где говорится для до его
    ее ей ему если есть еще же за зачем и из или им ими их к как какая каким какими каких какого
    какое какой каком какому какую какие какова каков каково когда кем ко ком кого кому который
    которая которое которые которого которой кто куда ли либо между меня мне мы на над надо нам
    нас не него нее ней нем ни ним ними них но ну о об однако он она они оно от откуда очень перед
    по под почему при про произошло происходит происходило с сам свой своя свое свои своего своей
    своих себя со сколько случилось так также такая такие такое такой там те тем то тоже только
    том тот ту тут ты у уже чего чей чем чему через что чтобы чье чья чьи эта эти это этого этой
    этом этот эту я
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


# Words of one root that the stemmer keeps apart; each means the first of its row.
_RUSSIAN_KIN = """
    родился родилась рождён рождена рождение уроженец; умер умирать смерть скончался погиб; открыл
    открыт открытие открывать; закрыл закрыт закрытие; убил убит убийство убийца; запустил запущен
    запуск; наградил награждён награда; построил построен строил строительство; написал написан
    писал; создал создан создание создатель создавал; основал основан основание основатель;
    изобрёл изобретён изобретение изобретатель; руководил руководитель руководство руководит;
    возглавил возглавлял возглавляет глава; купил куплен покупка покупал; продал продан продажа;
    украл украден кража похитил похищен; назначил назначен; приговорил приговорён приговор;
    полетел полёт летал летел; длился длилась длительность продолжался продолжалась
    продолжительность; стоил стоит стоимость цена обошёлся обошлась обошлось; учился училась
    учёба; работал работает работа; прошёл прошла прошло прошли проходил проходит; нашёл нашла
    нашли найден найти находка; сделал сделан делал; провёл провела провели проведён проводил;
    принял принят принимал; получил получен получает; сказал сказать говорил заявил сообщил;
    хранится хранятся хранил; находится находятся находился расположен; назвал назван название
    называется; жил живёт жить; весил весит вес масса; участвовал участник участие; спроектировал
    спроектирован проект; обвинил обвинён обвиняет обвинение обвиняемый; победил победа
    победитель; взлетел взлёт стартовал старт; командовал командир; выступил выступает
    выступление; длина длинный; высота высокий; глубина глубокий; женился жена супруга
"""


def words(text: str) -> list[str]:
    """All words, lower case, in order: runs of letters and digits; "Ann's" is "ann", ё is е."""
    return [word.lower().replace("ё", "е") for word in _WORD.findall(_TAIL.sub("", text))]


def language_of(text: str) -> str:
    """The language of a question or a sentence: RUSSIAN or ENGLISH.

    Told by the words that are no names: «Где родился Neil Armstrong?» is Russian, and so is a
    question half of whose words are: «Сколько весит guidance computer?»
    """
    found = _WORD.findall(text)
    plain = [word for word in found if word[0].islower()] or found
    in_russian = sum(1 for word in plain if is_russian(word))
    return RUSSIAN if in_russian and in_russian * 2 >= len(plain) else ENGLISH


def reads(languages: Collection[str], text: str) -> bool:
    """Whether a model made for some languages, or for all where none is named, reads a text."""
    return not languages or language_of(text) in languages


def is_russian(word: str) -> bool:
    """Whether a word is written in Cyrillic letters."""
    return bool(_CYRILLIC.match(word))


def content_stems(text: str) -> frozenset[str]:
    """The stems of the words that carry meaning.

    Source: the Snowball stemmers, the same as the `english` and `russian` full-text analyzers'.
    """
    return frozenset(_stem(word) for word in words(text) if word not in _FUNCTION_WORDS)


@cache
def _stem(word: str) -> str:
    if is_russian(word):
        stem = russian_stem(word)
        return _russian_kin().get(stem, stem)
    return str(_STEMMERS[ENGLISH].stemWord(_IRREGULAR.get(word, word)))


def russian_stem(word: str) -> str:
    """A Russian word in lower case without the endings of its cases: all of Гагарин's are one."""
    return _LEFT_OVER.sub("", str(_STEMMERS[RUSSIAN].stemWord(word.replace("ё", "е"))))


@cache
def _russian_kin() -> dict[str, str]:
    rows = ([russian_stem(word) for word in row.split()] for row in _RUSSIAN_KIN.split(";"))
    return {stem: row[0] for row in rows for stem in row}
