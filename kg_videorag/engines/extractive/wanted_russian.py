# ruff: noqa: RUF001 - Russian
"""What a Russian question's first words want, and whether a sentence has it.

«Сколько» wants a number, «когда» a time, «почему» a reason, «где» a place, «кто открыл» a
discovery. As in `wanted`, each rule only turns sentences away.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from kg_videorag.engines.extractive.alike import unit_stems
from kg_videorag.engines.extractive.names import names_in
from kg_videorag.engines.extractive.wanted import PERSON, PLACE, QUANTITY, REASON, TIME
from kg_videorag.words import content_stems, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ASKING = re.compile(  # words that ask, and say nothing of what is asked
    r"^(?:в|на|с|до|из|у) как(?:ом|ой|ого|ие) (?:год\w*|век\w*|месяц\w*|день|город\w*|стран\w*"
    r"|деревн\w*|сел[ео]\w*|мест\w*|област\w*)"
    r"|\bкакого числа\b|\bв котором часу\b|\bкак (?:долго|далеко|часто)\b"
    r"|\bсколько (?:человек|людей|лет|раз|времени|денег|всего)\b|\b(?:во )?сколько\b"
    r"|\bкто так\w+|\bчто такое\b|\bчто (?:известно|сказано|говорят|рассказ\w+) (?:о|об|про)\b"
    r"|\bпо какой причине\b"
)
_WHEN_ASKED = re.compile(
    r"^(?:а |и )?(?:с |до )?(?:когда|в как(?:ом|ие) (?:году|годах|веке|месяце|день)|в какой день"
    r"|какого числа|в котором часу|во сколько|сколько (?:лет|времени) назад)\b"
)
_WHERE_ASKED = re.compile(
    r"^(?:а |и )?(?:где|куда|откуда|(?:в|на|из|у|под) как(?:ом|ой|ого) (?:город\w|стран\w|сел\w"
    r"|деревн\w|мест\w|област\w|здани\w|улиц\w|остров\w|район\w))\b"
)
_WHY_ASKED = re.compile(r"^(?:а |и )?(?:почему|зачем|отчего|из за чего|по какой причине)\b")
_WHO_ASKED = re.compile(r"^(?:а |и )?(?:кто|кого|кому|кем)\b")
_WHAT_IS_ASKED = re.compile(r"^(?:а |и )?(?:кто так\w+|что такое)\b")
_HOW_MANY = re.compile(r"\b(?:сколько|скольких|скольким|сколькими)\b(?: (\w+))?")
_HOW_LARGE = re.compile(
    r"\b(?:как долго|как далеко|как часто|как(?:ой|ова|ов|ова) (?:был\w* )?(?:длин|высот|глубин|вес"
    r"|масс|цен|стоимост|скорост|возраст|площад|продолжительност|длительност|ширин|числ|количеств)\w*)"
)
_ANYTHING = frozenset(
    """человек людей времени денег раз всего было стоит стоил стоила стоило длился длилась длилось
    весит весил весила""".split()
)
_NUMBERS = re.compile(
    r"\b(?:дв(?:а|е|ух|ое|умя)|тр(?:и|ех|ое|емя)|четыр(?:е|ех|ьмя)|пят(?:ь|и)|шест(?:ь|и)|сем(?:ь|и)"
    r"|восем(?:ь|ью)|восьми|девят(?:ь|и)|десят(?:ь|и|ок|ки)|\w+надцат[ьи]|двадцат[ьи]|тридцат[ьи]"
    r"|сорока?|пятьдесят|шестьдесят|семьдесят|восемьдесят|девяност[оа]|сто|ста|двести|триста"
    r"|четыреста|\w+сот|тысяч\w*|миллион\w*|миллиард\w*|полтор[аы]|половин\w+|дважды|трижды|один|одна"
    r"|одну|одного)\b"
)
_MONTH = r"(?:январ|феврал|март|апрел|ма[йяею]\b|июн|июл|август|сентябр|октябр|ноябр|декабр)\w*"
_TIMES = re.compile(
    rf"\b(?:1\d{{3}}|20\d\d)\b(?! (?:км|метр|рубл|человек|тонн|килом|предмет|экспонат|картин)\w*)"
    rf"|\b{_MONTH}|\b\w*(?:понедельник|вторник|среду|четверг|пятниц|суббот|воскресень)\w*"
    r"|\b(?:вчера|сегодня|завтра|утром|днем|вечером|ночью|полдень|полночь|зимой|весной|летом)\b"
    r"|\b(?:утра|вечера|ночи)\b|\bвек(?:а|е|ов)?\b|\b\d{1,2}[:.]\d\d\b|\bв \d{1,2} час\w*"
    r"|\b(?:через|спустя|после|назад|следующ\w+|прошл\w+|эт\w+|кажд\w+|перв\w+|той) (?:\w+ ){0,2}"
    r"(?:секунд|минут|час|ден|дн|недел|месяц|год|лет|век)\w*"
    r"|\b(?:секунд\w*|минут\w*|час\w*|дн\w+|недел\w+|месяц\w*|год\w*|лет) (?:назад|спустя)\b"
)
_DATE = re.compile(
    rf"(?:\b(?:в|с|до|к|по)|{_MONTH}) (1\d{{3}}|20\d\d)\b(?! \w{{3}})|\b(1\d{{3}}|20\d\d) год\w*"
    rf"|\b(\d{{1,2}}) {_MONTH}"
)
_AGE = re.compile(
    rf"(?<!через )(?<!спустя )(?<!за )(?<!на )(?:\b\d{{1,3}}|{_NUMBERS.pattern}) "
    r"(?:лет|год|года|летний|летняя)\b"
)
_REASONS = re.compile(
    r"\b(?:потому|поскольку|так как|ведь|чтобы|благодаря|вследствие|поэтому|причин\w*|ради|из за"
    r"|для|от|по|с целью|следовательно|оттого|ввиду|в связи)\b"
)
_PLACED = frozenset(
    "в во на с со у под над за из около близ возле через между рядом от к до".split()
)
_PLACES = frozenset("здесь тут там дома везде нигде сюда туда домой север юг восток запад".split())
_NO_PLACE = re.compile(
    rf"(?:год|век|час|минут|секунд|месяц|недел|дне|ден|дня|врем|возраст|начал|конц|середин|течени"
    r"|честь|качеств|результат|сост|раз|итог|отношени|основн|том|котор|перв|втор|последн|друг)\w*"
    rf"|\d+|{_MONTH}"
)
_OPPOSITES = tuple(
    frozenset(content_stems(word) for word in group.split())
    for group in (
        "красный жёлтый зелёный синий чёрный белый коричневый оранжевый розовый серый",
        "первый второй третий четвёртый пятый шестой седьмой восьмой девятый десятый последний",
        "север юг восток запад",
        "северный южный восточный западный",
        "высокий низкий",
        "левый правый",
        "выиграл проиграл",
        "собор замок дворец мост музей театр вокзал стадион больница",  # kinds of one sort
    )
)
_WOMAN = content_stems("женщина")  # the first station is not the first woman
_DONE = re.compile(r"\w{2,}л(?:а|о|и)?(?:сь|ся)?")
_OPENING = re.compile(  # Пришло 12 человек: the first word is no part of a name
    r"(?:^|(?<=[.?!] ))[А-ЯЁ][а-яё]+ (?=\d[\d,.]* (?!\w+л(?:а|о|и)?\b)[а-яё])"
)
_SOMEBODY = frozenset("он она они мы я им ею ими мной нами".split())
_MANY = re.compile(r"ли(?:сь)?$")
_BECAME = frozenset("стал стала стало стали являлся являлась".split())
_IS = re.compile(r"[—–]|\b(?:is|was|был|была|было|были|стал|стала|является|это|называ\w+)\b")


def has_what_is_wanted(question: str, answer: str) -> bool:
    """Whether an answer has what the question's first words want.

    Args:
        question: In Russian.
        answer: A sentence.
    """
    asked = " ".join(words(question))
    for pattern, _, has_it in _RULES:
        if pattern.search(asked):
            return has_it(question, answer)
    return True


def kind_of(question: str) -> str:
    """What a question wants: TIME, PLACE, QUANTITY, PERSON, REASON, or "" for anything."""
    asked = " ".join(words(question))
    return next((kind for pattern, kind, _ in _RULES if pattern.search(asked)), "")


def contradicts(question: str, sentence: str) -> bool:
    """Whether a sentence says another thing in the place of what is asked, or turns it round.

    Args:
        question: In Russian.
        sentence: About the same.
    """
    asked, said = content_stems(question), content_stems(sentence)
    return (
        any(_denies(group, asked, said) for group in _OPPOSITES)
        or _is_reversed(question, sentence)
        or (asked - said >= _WOMAN and bool(_WHO_ASKED.search(" ".join(words(question)))))
    )


def _denies(group: Iterable[frozenset[str]], asked: frozenset[str], said: frozenset[str]) -> bool:
    wanted = {stems for stems in group if stems <= asked}
    given = {stems for stems in group if stems <= said}
    return bool(wanted and given) and not wanted & given


def _is_new(pattern: re.Pattern[str], said: str, question: str) -> bool:
    """Whether something of a kind is said that the question does not say itself."""
    known = set(words(question))
    return any(not known.issuperset(words(found[0])) for found in pattern.finditer(said))


def _has_time(question: str, answer: str) -> bool:
    return _is_new(_TIMES, answer.lower().replace("ё", "е"), question)


def _has_reason(question: str, answer: str) -> bool:
    return _is_new(_REASONS, " ".join(words(answer)), question)


def _says_what_it_is(question: str, answer: str) -> bool:  # noqa: ARG001 - one of a table
    return bool(_IS.search(answer.lower()))


def _says_who_did_it(question: str, answer: str) -> bool:
    done = _deed(" ".join(words(question)))
    if done is None:
        return True
    return bool(content_stems(done) & content_stems(answer)) and _has_somebody(question, answer)


def _has_somebody(question: str, answer: str) -> bool:
    """Whether somebody new is said: «Заповедник основали в 2012 году» says nobody."""
    said, known = words(answer), content_stems(question)
    return not _SOMEBODY.isdisjoint(said) or any(
        not content_stems(word) <= known
        and not _NO_PLACE.fullmatch(word)
        and (first not in _PLACED or first in ("с", "со"))
        for first, word in pairwise(["", *said])
    )


def _has_quantity(question: str, answer: str) -> bool:
    said = " ".join(words(answer))
    how_many = _HOW_MANY.search(" ".join(words(question)))
    of_what = how_many[1] if how_many else None
    if of_what and of_what.capitalize() in question:
        of_what = None  # a name is not counted
    if of_what in ("лет", "года"):
        return bool(_AGE.search(said))
    if of_what and of_what not in _ANYTHING and not _DONE.fullmatch(of_what):
        counted = content_stems(of_what)
        if counted and not counted & (content_stems(said) | unit_stems(answer)):
            return False
    known = set(words(question))
    names = names_in(_OPENING.sub("", answer), first_word=True)
    numbers = {name[0] for name in names if name[0].isdigit()}
    return bool(numbers - _years(said) - known) or _is_new(_NUMBERS, said, question)


def _years(said: str) -> set[str]:
    """Numbers of a date: they count nothing."""
    return {number for found in _DATE.finditer(said) for number in found.groups() if number}


def _has_place(question: str, answer: str) -> bool:
    """A place: something that stands in one and is neither a time nor in the question."""
    said = " ".join(words(answer))
    if _PLACES.intersection(said.split()):
        return True
    known = content_stems(ASKING.sub(" ", question.lower()))
    return any(
        first in _PLACED and not _NO_PLACE.fullmatch(second) and not content_stems(second) <= known
        for first, second in pairwise(said.split())
    )


def _deed(asked: str) -> str | None:
    """What was done, where the question begins with who did it; to be is no deed."""
    done = (word for word in asked.split()[1:4] if _DONE.fullmatch(word))
    return next((word for word in done if content_stems(word) and word not in _BECAME), None)


def _is_reversed(question: str, sentence: str) -> bool:
    """Whether «Кто победил Карпова?» meets «Карпов победил Каспарова».

    Who did it and to whom it was done is told by case: beside the deed, the sentence has the
    question's name in another case.
    """
    asked, said = words(question), words(sentence)
    done = _deed(" ".join(asked)) if _WHO_ASKED.search(" ".join(asked)) else None
    if done is None or asked[0] not in ("кто", "кого"):
        return False
    deeds = [at for at, word in enumerate(said) if content_stems(word) & content_stems(done)]
    names = [word for word in asked[1:] if word != done and content_stems(word)]
    beside = [said[at + side] for at in deeds for side in (-1, 1) if 0 <= at + side < len(said)]
    for name in names:
        same = [word for word in beside if content_stems(word) == content_stems(name)]
        if same and name not in said and _is_active(said, deeds):
            return True
    return False


def _is_active(said: Sequence[str], deeds: Sequence[int]) -> bool:
    """Whether one did it; many did not, where the name is of one: «Зею нашли охотники»."""
    return any(_DONE.fullmatch(said[at]) and not _MANY.search(said[at]) for at in deeds)


_RULES = (
    (_WHEN_ASKED, TIME, _has_time),
    (_WHERE_ASKED, PLACE, _has_place),
    (_WHY_ASKED, REASON, _has_reason),
    (_WHAT_IS_ASKED, "", _says_what_it_is),
    (_HOW_MANY, QUANTITY, _has_quantity),
    (_HOW_LARGE, QUANTITY, _has_quantity),
    (_WHO_ASKED, PERSON, _says_who_did_it),
)
