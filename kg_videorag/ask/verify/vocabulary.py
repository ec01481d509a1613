# ruff: noqa: RUF001 - half of the words are Russian
"""Words by which a true sentence is told from a false one, and words that mean much the same.

Lists on purpose: they are short, and what is on them can be read. Measured with
benchmarks/support.py.
"""

from __future__ import annotations

from functools import cache

from kg_videorag.words import content_stems, words

# One of a row denies the others: who was first was not last.
_OPPOSITES = """
    first last second third fourth fifth final; before after; more less fewer; most least; all
    none half some; north south east west northern southern eastern western; left right; begin
    end; start finish stop; open close; win lose; rise fall; buy sell; increase decrease;
    arrive depart; born die; birth death; love hate; always never; large small big little; long
    short; high low; tall short; old young; oldest youngest; largest smallest biggest; longest
    shortest; highest lowest; fastest slowest; fast slow; rich poor; hot cold; warm cold; light
    dark heavy; early late; inside outside; above below; friend enemy; husband wife father
    mother brother sister son daughter uncle aunt cousin; king queen; man woman; men women; boy
    girl; accept reject refuse; allow forbid ban; succeed fail; success failure; kilogram pound
    gram ton; kilometre mile metre foot; kilometer mile meter feet; hour minute day week month
    year decade century; euro dollar rouble; hundred thousand million billion; january february
    march april may june july august september october november december; monday tuesday
    wednesday thursday friday saturday sunday; red green blue yellow white black; spring summer
    autumn winter; morning evening night afternoon; teacher student; import export; attack
    defend; male female; guilty innocent; alive dead; public private; true false; первый
    последний второй третий четвёртый пятый; первая последняя вторая третья; до после; больше
    меньше; все никто половина некоторые; север юг восток запад; северный южный восточный
    западный; левый правый; начал закончил прекратил; начался закончился; открыл закрыл;
    выиграл проиграл; победил проиграл; поднялся упал; купил продал; вырос уменьшился; приехал
    уехал; родился умер; всегда никогда; большой маленький; длинный короткий; высокий низкий;
    старый молодой; старший младший; крупнейший мельчайший; быстрый медленный; богатый бедный;
    горячий холодный; ранний поздний; раньше позже; внутри снаружи; друг враг; муж жена отец
    мать брат сестра сын дочь дядя тётя; король королева; мужчина женщина; мальчик девочка;
    принял отверг отклонил; разрешил запретил; удался провалился; килограмм фунт грамм тонна;
    километр миля метр фут; час минута день неделя месяц год век; евро доллар рубль; сто тысяча
    миллион миллиард; январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь
    декабрь; понедельник вторник среда четверг пятница суббота воскресенье; красный зелёный
    синий жёлтый белый чёрный; утро вечер ночь; весна лето осень зима; жив мёртв; взлетел
    приземлился
"""
# A sentence that says one of these says more than one that does not.
_TELLING = """
    first last second third final only every all most least never always best worst oldest
    youngest largest smallest biggest longest shortest highest lowest fastest entire whole none
    nobody twice первый первая первое первые последний последняя единственный единственная все
    всегда никогда самый самая самое лучший худший старейший крупнейший дважды никто весь вся
"""
# Much the same; each means the first of its row.
_KIN = """
    born birth native; die death dead; build construct make create develop design produce; lead
    head direct manage run leader chief command boss; launch lift blast; leave depart left;
    work job employ serve; buy purchase acquire; begin start commence; end finish conclude
    stop; film movie video; marry wife husband marriage spouse married; lie locate situate
    stand based; win victory receive award get gain; discover find detect discovery; say tell
    state announce explain describe mention; write author wrote written compose; kill murder;
    big large huge; small little tiny; fast quick rapid; help assist aid support; stay remain;
    go travel fly flight journey; moon lunar; sun solar; teach teacher professor instruct;
    study learn student attend; live reside home; found establish set founder; use apply
    utilise; show display present; land touch arrive reach; walk step; keep store hold exhibit
    house; cost price worth; weigh weight heavy; last take duration; invent inventor invention;
    paint painter painting; near close beside; crew team astronaut; raise sound trigger; alarm
    alert warning; calculate compute; path trajectory course; program code; plane aircraft
    airplane; ship vessel boat; car vehicle; doctor physician; city town; country nation state;
    child kid; fire blaze; break damage destroy; steal theft rob stolen; see watch observe;
    name call title; top summit peak;
    save rescue; strike struck hit; know known call
"""
_RUSSIAN_KIN = """
    остался находился пробыл; прилунился сел высадился приземлился; вышел ступил; автор
    написал; корабль аппарат модуль; фильм кино картина видео; город городок; вёл руководил
    возглавлял; помог помогал содействовал; рассчитал вычислил; траектория путь; сигнал
    тревога; экипаж команда; учился окончил; взял получил; начался стартовал
"""
_DENIALS = frozenset(
    """not no never nobody nothing none neither nor cannot without не нет ни никто ничто никогда
    нельзя без""".split()
)
# What is planned, feared or hoped is not told as done.
_HEDGES = frozenset(
    """might may could would should plan plans planned want wants wanted hope hoped hopes try tries
    tried attempt attempted almost nearly fail failed intend intended expect expected suppose
    supposed alleged allegedly reportedly perhaps maybe possibly probably refuse refused dream
    dreamed wish wished unless if возможно может мог могла могли бы хотел хотела хотели планировал
    планировала планировали пытался пыталась пытались собирался собиралась собирались почти едва
    якобы наверное вероятно мечтал мечтала надеялся надеялась отказался отказалась если""".split()
)
_NUMBERS = """
    two 2; three 3; four 4; five 5; six 6; seven 7; eight 8; nine 9; ten 10; eleven 11; twelve
    12; thirteen 13; fourteen 14; fifteen 15; sixteen 16; seventeen 17; eighteen 18; nineteen
    19; twenty 20; thirty 30; forty 40; fifty 50; sixty 60; seventy 70; eighty 80; ninety 90;
    два 2; две 2; двух 2; двое 2; три 3; трёх 3; трое 3; четыре 4; четырёх 4; пять 5; пяти 5;
    шесть 6; шести 6; семь 7; семи 7; восемь 8; восьми 8; девять 9; девяти 9; десять 10; десяти
    10; одиннадцать 11; двенадцать 12; двенадцати 12; тринадцать 13; пятнадцать 15; двадцать
    20; двадцати 20; тридцать 30; сорок 40; пятьдесят 50; шестьдесят 60; сто 100; ста 100
"""


def opposed(claim: frozenset[str], said: frozenset[str]) -> bool:
    """Whether one set of stems says a word whose opposite the other says in its place."""
    for row in _opposites():
        ours, theirs = claim & row, said & row
        if ours and theirs and not ours & theirs:
            return True
    return False


def telling(stems: frozenset[str]) -> frozenset[str]:
    """Those stems that a sentence must say itself: first, only, never ..."""
    return stems & _telling()


def kin(stem: str) -> str:
    """The stem that stands for all of much the same meaning."""
    return _kin().get(stem, stem)


def is_denial(word: str) -> bool:
    """Whether a word, in lower case, denies what follows it."""
    return word in _DENIALS


def is_hedge(word: str) -> bool:
    """Whether a word, in lower case, says that what follows is not sure, or did not happen."""
    return word in _HEDGES


def number_of(word: str) -> str | None:
    """The digits of a number that is written out; None of other words."""
    return _numbers().get(word)


def _rows(text: str) -> list[list[str]]:
    return [[stem for w in row.split() for stem in _stems(w)] for row in text.split(";")]


def _stems(word: str) -> list[str]:
    """Its stem; function words such as "before" are their own."""
    return list(content_stems(word)) or words(word)


@cache
def _opposites() -> tuple[frozenset[str], ...]:
    return tuple(frozenset(row) for row in _rows(_OPPOSITES))


@cache
def _telling() -> frozenset[str]:
    return frozenset(stem for word in _TELLING.split() for stem in _stems(word))


@cache
def _kin() -> dict[str, str]:
    found: dict[str, str] = {}
    for row in [*_rows(_KIN), *_rows(_RUSSIAN_KIN)]:
        for stem in row:
            found.setdefault(stem, found.get(row[0], row[0]))
    return found


@cache
def _numbers() -> dict[str, str]:
    pairs = (row.split() for row in _NUMBERS.split(";"))
    return {word.replace("ё", "е"): digits for word, digits in pairs}
