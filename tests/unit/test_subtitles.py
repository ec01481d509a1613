"""Subtitles as people leave them beside their videos."""

from __future__ import annotations

import time
import unicodedata
from itertools import pairwise

import pytest

from kg_videorag.ingest.language_codes import language_code
from kg_videorag.ingest.media import MediaReader
from kg_videorag.ingest.subtitles import find_subtitles
from kg_videorag.ingest.subtitles.language import detect_language
from kg_videorag.model import Span

HOUR_MS = 3_600_000


def stamp(at_ms):
    minutes, milliseconds = divmod(at_ms, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{milliseconds / 1000:06.3f}".replace(".", ",")


def srt(*cues):
    """(start_ms, end_ms, text) as an SRT file."""
    return "".join(
        f"{number}\n{stamp(start_ms)} --> {stamp(end_ms)}\n{text}\n\n"
        for number, (start_ms, end_ms, text) in enumerate(cues, start=1)
    )


@pytest.fixture
def beside(tmp_path):
    """Writes files beside film.mp4 and finds what is to be used."""

    def find(files, *, duration_ms=HOUR_MS, language="", video="film.mp4"):
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.encode("utf-8")
            (tmp_path / name).write_bytes(data)
        return find_subtitles(
            MediaReader(), tmp_path / video, duration_ms=duration_ms, language=language
        )

    return find


@pytest.fixture
def said(beside):
    """The (text, start_ms, end_ms) of the sentences of one SRT file."""

    def find(*cues, **options):
        found = beside({"film.srt": srt(*cues)}, **options)
        return [(s.text, s.span.start_ms, s.span.end_ms) for s in found.sentences]

    return find


def texts(found):
    return [sentence.text for sentence in found.sentences]


def test_without_subtitles_there_is_nothing(beside):
    found = beside({"film.txt": "hello", "other.srt": srt((0, 1_000, "No."))})
    assert not found.found
    assert (found.source, found.warnings) == ("", ())


def test_a_cue_is_a_sentence_at_its_time(said):
    assert said((1_000, 2_500, "Hello there."), (4_000, 5_000, "Goodbye.")) == [
        ("Hello there.", 1_000, 2_500),
        ("Goodbye.", 4_000, 5_000),
    ]


def test_a_sentence_runs_over_cues(said):
    cues = [(0, 2_000, "This sentence goes"), (2_000, 4_000, "on\nand on."), (4_000, 5_000, "End.")]
    assert said(*cues) == [
        ("This sentence goes on and on.", 0, 4_000),
        ("End.", 4_000, 5_000),
    ]


def test_a_sentence_that_ends_inside_a_cue_ends_there_by_its_share(said):
    (first, second) = said((0, 2_000, "Four. Five."))
    assert first == ("Four.", 0, 909)  # 5 of 11 characters
    assert second == ("Five.", 1_090, 2_000)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("<i>Hello</i> <font color='#f00'>you</font>.", "Hello you."),
        ("{\\an8}Hello {\\k20}you.", "Hello you."),
        ("Hello &amp; you &lt;3 &quot;friend&quot;.", 'Hello & you <3 "friend".'),
        ("♪ Hello you ♪", "Hello you"),
        ("\u202aHello\u202c \u200byou.\ufeff", "Hello you."),
        ("- Hello you.", "Hello you."),
        ("Hel\x00lo\x1b[31m you.", "Hel lo [31m you."),
        ("Is 3 < 4 > 2?", "Is 3 < 4 > 2?"),
    ],
)
def test_markup_and_decoration_are_taken_out(said, text, plain):
    assert [t for t, *_ in said((0, 2_000, text))] == [plain]


@pytest.mark.parametrize("text", ["", " ", "...", "♪♪", "[applause]", "(laughs)", "<i></i>", "- -"])
def test_what_nobody_says_is_no_sentence(said, text):
    assert said((0, 1_000, text), (2_000, 3_000, "Hello.")) == [("Hello.", 2_000, 3_000)]


def test_rolling_captions_are_said_once(beside):
    """As YouTube writes what it recognised: each line stands until the next one has passed."""
    lines = """WEBVTT
Kind: captions
Language: en

00:00:00.000 --> 00:00:02.000 align:start position:0%

this<00:00:00.500><c> is</c><00:00:01.000><c> the first</c>

00:00:02.000 --> 00:00:02.010 align:start position:0%
this is the first


00:00:02.010 --> 00:00:04.000 align:start position:0%
this is the first
line<00:00:03.000><c> and this</c>

00:00:04.000 --> 00:00:04.010 align:start position:0%
line and this


00:00:04.010 --> 00:00:06.000 align:start position:0%
line and this
is the last
"""
    (sentence,) = beside({"film.en.vtt": lines}).sentences
    assert sentence.text == "this is the first line and this is the last"
    assert sentence.span == Span(0, 6_000)


def test_a_line_that_grows_is_said_once(said):
    cues = [
        (0, 1_000, "We go"),
        (1_000, 2_000, "We go to the"),
        (2_000, 3_000, "We go to the moon."),
    ]
    assert said(*cues) == [("We go to the moon.", 0, 3_000)]


def test_what_is_said_twice_with_a_pause_stays_twice(said):
    assert len(said((0, 1_000, "No."), (2_000, 3_000, "No."))) == 2


def test_overlapping_cues_follow_each_other(said):
    found = said((0, 6_000, "First one."), (2_000, 4_000, "Second one."), (2_000, 5_000, "Third."))
    assert [text for text, *_ in found] == ["First one.", "Second one.", "Third."]
    assert all(end_ms <= start_ms for (_, _, end_ms), (_, start_ms, _) in pairwise(found))


@pytest.mark.parametrize(
    ("start_ms", "end_ms", "span"),
    [
        (5_000, 5_000, (5_000, 7_000)),
        (5_000, 3_000, (5_000, 7_000)),
        (5_000, 5_010, (5_000, 5_300)),
        (5_000, 3_000_000, (5_000, 65_000)),
    ],
)
def test_times_that_cannot_be_true_are_mended(said, start_ms, end_ms, span):
    assert said((start_ms, end_ms, "Hello.")) == [("Hello.", *span)]


def test_cues_out_of_order_are_put_in_order(said):
    found = said((4_000, 5_000, "Second."), (0, 1_000, "First."))
    assert [text for text, *_ in found] == ["First.", "Second."]


def test_cues_after_the_end_are_left_out_and_told(beside):
    cues = [(0, 1_000, "One."), (2_000, 3_000, "Two."), (11_000, 12_000, "Three.")]
    found = beside({"film.srt": srt(*cues)}, duration_ms=10_000)
    assert texts(found) == ["One.", "Two."]
    assert found.warnings == ("film.srt: 1 subtitle after the video's end left out",)


def test_subtitles_of_another_video_are_not_used(beside):
    cues = [(n * 10_000, n * 10_000 + 1_000, f"Line {n}.") for n in range(10)]
    found = beside({"film.srt": srt(*cues)}, duration_ms=20_000)
    assert not found.found
    assert found.warnings == ("film.srt was not used: most of it comes after the video's end",)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "koi8-r"]
)
def test_any_encoding_is_read(beside, encoding):
    text = srt(
        (0, 2_000, "Юрий Гагарин полетел в космос."),
        (2_000, 4_000, "Это было двенадцатого апреля, и весь мир узнал об этом."),
        (4_000, 7_000, "Он вернулся на Землю через сто восемь минут."),
    )
    found = beside({"film.srt": text.encode(encoding)})
    assert found.language == "ru"
    assert texts(found)[0] == "Юрий Гагарин полетел в космос."


def test_western_text_of_old_is_read(beside):
    text = srt((0, 2_000, "Où est la fenêtre que vous avez été obligés de fermer ?"))
    assert texts(beside({"film.fr.srt": text.encode("cp1252")}))[0].startswith("Où est la fenêtre")


@pytest.mark.parametrize("line_end", ["\r\n", "\r", "\n\n"])
def test_any_line_end_is_read(beside, line_end):
    text = srt((0, 1_000, "Hello."), (2_000, 3_000, "Goodbye.")).replace("\n", line_end)
    assert texts(beside({"film.srt": text})) == ["Hello.", "Goodbye."]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no subtitles are in it"),
        (b"\x00\xff" * 5_000, "no subtitles are in it"),
        ("just a text", "no subtitles are in it"),
        (srt((0, 1_000, "[music]")), "nothing is said in it"),
        ("[Script Info]\n[V4+ Styles]\n[Events]\nDialogue: 0,x,y,Default,,0,0,0,,Hi", "damaged"),
        (b"1\n00:00:00,000 --> 00:00:01,000\n" + b"a" * (5 << 20), "larger than subtitles are"),
    ],
)
def test_a_broken_file_is_told_in_one_line_and_speech_is_heard(beside, content, why):
    found = beside({"film.srt": content})
    assert not found.found
    (warning,) = found.warnings
    assert warning.startswith("film.srt")
    assert why in warning
    assert "\n" not in warning


def test_the_next_file_is_tried_where_one_is_broken(beside):
    found = beside({"film.srt": "broken", "film.en.srt": srt((0, 1_000, "Hello."))})
    assert texts(found) == ["Hello."]
    assert found.warnings == ("film.srt: no subtitles are in it",)


ASS = """[Script Info]
ScriptType: v4.00+
[V4+ Styles]
Format: Name, Fontname, Fontsize
Style: Default,Arial,20
[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Comment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,not shown
Dialogue: 0,0:00:01.00,0:00:02.50,Default,Anna,0,0,0,,{\\an8\\k10}We {\\i1}go{\\i0}\\Nhome, now.
Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,{\\p1}m 0 0 l 100 100{\\p0}
"""


def test_ass_is_read_with_its_actors_and_without_drawings(beside):
    (sentence,) = beside({"film.ass": ASS}).sentences
    assert sentence.text == "We go home, now."
    assert (sentence.span, sentence.speaker) == (Span(1_000, 2_500), "Anna")


def test_webvtt_notes_names_and_styles_are_not_said(beside):
    text = """WEBVTT - a title

STYLE
::cue { color: red }

NOTE a remark

intro
00:01.000 --> 00:02.000 line:0
<v.loud Anna>Hello.

NOTE
another remark

second
00:03.000 --> 00:04.000
<v Bob>Good <b>day</b>. <v Anna>Bye.
"""
    found = beside({"film.vtt": text})
    assert [(s.text, s.speaker) for s in found.sentences] == [
        ("Hello.", "Anna"), ("Good day.", "Bob"), ("Bye.", "Anna"),
    ]  # fmt: skip
    assert found.sentences[0].span == Span(1_000, 2_000)


def test_a_narrator_is_a_speaker_though_named_once(beside):
    found = beside({"film.srt": srt((0, 2_000, "NAR: This is the telescope."))})
    assert [(s.text, s.speaker) for s in found.sentences] == [("This is the telescope.", "Nar")]


def test_names_in_capitals_are_speakers(beside):
    cues = [
        (0, 2_000, "ANNA: We went there"),
        (2_000, 3_000, "and came back."),
        (3_000, 4_000, "Nobody knew."),
        (4_000, 6_000, "- BOB: Really?\n- ANNA: Yes."),
        (6_000, 7_000, "BOB: Well."),
        (7_000, 9_000, "WARNING: do not open."),
        (9_000, 11_000, "Then she said: no."),
    ]
    found = beside({"film.srt": srt(*cues)})
    assert [(s.text, s.speaker) for s in found.sentences] == [
        ("We went there and came back.", "Anna"),
        ("Nobody knew.", ""),
        ("Really?", "Bob"),
        ("Yes.", "Anna"),
        ("Well.", "Bob"),
        ("WARNING: do not open.", ""),  # said once: a word as well as a name
        ("Then she said: no.", ""),
    ]


HELLO = {
    "": srt((0, 1_000, "Untagged.")),
    "en": srt((0, 1_000, "The moon is far.")),
    "ru": srt((0, 1_000, "Луна далеко.")),
    "de": srt((0, 1_000, "Der Mond ist weit.")),
}


@pytest.mark.parametrize(
    ("there", "language", "used", "spoken"),
    [
        (["ru", "en", ""], "", "film.srt", "en"),
        (["ru", "en", "de"], "", "film.en.srt", "en"),
        (["ru", "de"], "", "film.de.srt", "de"),
        (["ru", "en", ""], "ru", "film.ru.srt", "ru"),
        (["ru"], "ru", "film.ru.srt", "ru"),
        (["en", "de"], "ru", "", ""),
    ],
)
def test_one_language_is_chosen_and_the_others_told(beside, there, language, used, spoken):
    files = {f"film{'.' * bool(tag)}{tag}.srt": HELLO[tag] for tag in there}
    found = beside(files, language=language)
    assert found.language == spoken
    if used and len(there) > 1 and not language:
        (warning,) = found.warnings
        assert warning.startswith(f"{used} was used, not film.")


def test_an_untagged_file_in_another_language_than_asked_for_is_not_used(beside):
    found = beside({"film.srt": HELLO["ru"]}, language="en")
    assert not found.found
    assert found.warnings == ("film.srt was not used: it is in ru, not en",)


@pytest.mark.parametrize(
    ("name", "belongs"),
    [
        ("film.SRT", True),
        ("film.EN.srt", True),
        ("film.en-US.sdh.srt", True),
        ("film.Russian.vtt", True),
        ("film.hi.srt", True),
        ("film.en.hi.srt", True),
        ("film.en.forced.srt", False),  # only what a foreigner says
        ("film2.srt", False),
        ("film.part2.srt", False),
        ("film-ru.srt", False),
    ],
)
def test_a_file_belongs_to_the_video_that_it_is_named_after(beside, name, belongs):
    assert beside({name: srt((0, 1_000, "Hello."))}).found is belongs


def test_cyrillic_names_are_found_in_both_unicode_forms(beside):
    name = unicodedata.normalize("NFD", "Мой фильм.ru.srt")
    video = unicodedata.normalize("NFC", "Мой фильм.mp4")
    assert texts(beside({name: HELLO["ru"]}, video=video)) == ["Луна далеко."]


def test_a_folder_of_that_name_is_no_subtitle(beside, tmp_path):
    (tmp_path / "film.srt").mkdir()
    assert not beside({}).found


def test_the_source_changes_with_what_is_said_and_with_nothing_else(beside):
    first = beside({"film.srt": srt((0, 1_000, "Hello."))}).source
    assert first.startswith("subtitles/srt-")
    assert beside({"film.srt": srt((0, 1_000, "<i>Hello.</i>")) + "\n"}).source == first
    assert beside({"film.srt": srt((0, 1_000, "Hello!"))}).source != first
    assert beside({"film.srt": srt((0, 1_001, "Hello."))}).source != first


@pytest.mark.parametrize(
    "hostile",
    [
        "<a" * 200_000,
        "{" * 400_000,
        "\n" * 400_000,
        "9 " * 200_000,
        "A:" * 200_000,
        "<v " * 100_000,
    ],
)
def test_no_text_makes_it_slow(beside, hostile):
    begin = time.perf_counter()
    beside({"film.srt": f"1\n00:00:00,000 --> 00:00:01,000\n{hostile}\nx\n"})
    beside({"film.srt": srt(*((n, n + 9, hostile[:5_000]) for n in range(100)))})
    lines = "\n".join(hostile[n : n + 500] for n in range(0, len(hostile), 500))
    beside({"film.srt": f"1\n00:00:00,000 --> 00:00:01,000\n{lines}\nx\n"})
    assert time.perf_counter() - begin < 5


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Привет, как дела?", "ru"),
        ("Привіт, як твої справи, друже?", "uk"),
        ("The moon is the nearest of all.", "en"),
        ("Der Mond ist nicht weit und die Sonne auch.", "de"),
        ("La lune est dans le ciel et les étoiles aussi.", "fr"),
        ("El sol y la luna son los astros que vemos.", "es"),
        ("月は地球に近いです。", "ja"),
        ("月亮离地球很近。", "zh"),
        ("달은 가깝다.", "ko"),
        ("1234", "en"),
        ("", "en"),
    ],
)
def test_a_language_is_told_by_letters_and_small_words(text, language):
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("ru", "ru"),
        ("rus", "ru"),
        ("en-US", "en"),
        ("pt_BR", "pt"),
        ("German", "de"),
        ("xx", ""),
        ("", ""),
    ],
)
def test_tags_are_read_as_people_write_them(tag, code):
    assert language_code(tag) == code
