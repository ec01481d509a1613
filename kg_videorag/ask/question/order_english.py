"""How English asks for what lies before or after something in a video."""

from __future__ import annotations

import re
from functools import cache

from kg_videorag.ask.question.model import OrderRelation
from kg_videorag.ask.question.order_form import OrderForms, either

_TELL = (
    r"(?:(?:and|so|but|then|please|ok|okay)[ ,]+)*"
    r"(?:(?:tell|show|remind) (?:me|us) |(?:can|could) you (?:tell|show) (?:me|us) )?"
)
_NEAR = (
    r"(?:right|just|immediately|directly|shortly|straight|soon|exactly|next|(?:a )?(?:few )?"
    r"(?:moments?|seconds?)|the moment)"
)
_TOLD = (
    r"(?:said|shown|seen|heard|mentioned|discussed|talked about|spoken about|spoken of|explained"
    r"|described|told|presented|displayed|visible|written|covered|introduced|named|listed|going on"
    r"|on (?:the )?(?:screen|slide)|in the (?:picture|video|film))"
)
_VERB = (
    r"(?:say|talk about|speak about|speak of|tell(?: us)?|explain|show|mention|discuss|describe"
    r"|present|name|introduce|turn to|move on to|go on to (?:say|do|show))"
)
_WHERE = r"(?: (?:there|in (?:the|this) (?:video|film|talk|lecture)|on (?:the )?(?:screen|slide)))*"
_ITEM = (
    r"(?:slide|scene|picture|image|topic|subject|shot|part|chapter|segment|section|sentence|step"
    r"|title|text|line|word|sound|music|person|speaker|name|question|theme|thing|instruction)s?"
)
_BE = r"(?:'s|’s| is| are| was| were| will be| else is)"
_SEE = r"(?:see|hear|watch|learn|read)"
_OF_VIDEO = r"(?:the|this) (?:video|film|clip|movie|talk|lecture|recording|speaker|narrator|voice)"

_HEADS = (
    rf"{_TELL}what{_BE} (?:being )?{_TOLD}{_WHERE}",
    (
        rf"{_TELL}what (?:happens|happened|comes|came|follows|followed|goes on|appears|appeared"
        rf"|takes place|took place|occurs|occurred|(?:can|could) be (?:seen|heard)){_WHERE}"
    ),
    rf"{_TELL}what (?:do|can|did) (?:we|you|i|they|people|viewers) (?:{_SEE}|{_VERB}){_WHERE}",
    rf"{_TELL}what (?:do|should|must) (?:i|you|we) (?:do|add|use|put|take|make)",
    rf"{_TELL}what does (?:\S+ ){{1,5}}{_VERB}{_WHERE}",
    rf"{_TELL}what did {_OF_VIDEO} {_VERB}{_WHERE}",
    (
        rf"{_TELL}(?:what|which) (?:\w+ )?{_ITEM}(?: (?:is|are|was|were|comes?|came|follows?"
        rf"|appears?|appeared|can be|do we|can we)(?: (?:{_TOLD}|{_SEE}|up))?)"
    ),
    (
        rf"{_TELL}who (?:speaks|talks|appears|comes|follows|is (?:{_TOLD}|speaking|talking)"
        r"|can be (?:seen|heard))"
    ),
    (
        rf"{_TELL}what{_BE} the (?:very )?(?:(?:last|first|next|previous) )?{_ITEM}"
        rf"(?: (?:that|which))?(?: .{{0,30}}?(?:{_TOLD}|{_VERB}s?|{_SEE}))?"
    ),
    (
        rf"{_TELL}(?:the |what )?(?:part|scene|moment|bit|passage|slide|picture|sentence)"
        r"(?: that (?:comes|follows|is (?:said|shown)))?"
    ),
    (
        r"(?:show|play|find)(?: (?:me|us))?(?: the| what)?"
        rf" (?:{_ITEM}|moment|bit|passage|comes|follows)"
    ),
    rf"{_TELL}how does {_OF_VIDEO} (?:continue|go on)",
    rf"{_TELL}what does {_OF_VIDEO} (?:continue|go on) with",
)
_NEAR_HEADS = (
    rf"{_TELL}(?:what{_BE}(?: {_TOLD}| there)?{_WHERE}"
    rf"|what (?:does|do|did|will) (?:\S+ ){{1,5}}?(?:{_VERB}|do|see|hear|add|ask|answer)"
    rf"|(?:what|which|who) (?:\w+ )?(?:\w+ )?(?:is|was|are|were) {_TOLD}"
    r"|who (?:spoke|talked|appeared|came|is|was))"
    r"(?P<topic> (?:about|of|on|regarding) .+)?"
)
_ASIDE = (
    r"(?:he|she|they|we|it|i|you|somebody|someone|the (?:speaker|narrator|video|film|host|presenter"
    r"|lecturer|voice)) (?:first )?(?:says?|said|mentions?|mentioned|talks?|talked|speaks?|spoke"
    r"|explains?|explained|tells?|told|shows?|showed|see|sees|saw|hears?|heard|learns?|learned"
    r"|discuss(?:es|ed)?|introduces?|introduced|names?|named)(?: (?:us|me))?"
    r"(?: (?:about|of|that|to))?"
)
_OPENING = (
    (
        r"^(?:the )?(?:very )?(?:moment|point|time|part|scene|bit|slide|picture|shot|passage"
        r"|sentence|words?|mention|mentioning|discussion|story|explanation|phrase|line|place)s?"
        r"(?: (?:of|about|on|with|when|where|that|at which|in which|saying|which says|that says))+ "
    ),
    rf"^{_ASIDE} ",
    r"^(?:hearing|talking|speaking|learning|reading) (?:about|of) ",
    r"^(?:mentioning|saying|seeing|showing|discussing|introducing|naming)(?: that)? ",
    r"^(?:when|that|where) ",
)
_CLOSING = (
    (
        r" (?:is|are|was|were|has been|have been|gets?|got)(?: first| last| finally)?"
        r" (?:mentioned|said|shown|discussed|named|introduced|spoken of|spoken about"
        r"|talked about|brought up|described|explained|seen|heard|displayed)"
        r"(?: (?:for the first time|first|there|again))?$"
    ),
    r" (?:comes|came|come) up$",
    r" (?:in|of|on) (?:the|this) (?:video|film|talk|lecture|clip|recording|screen)$",
)
_TIMES = frozenset(
    """
    january february march april may june july august september october november december monday
    tuesday wednesday thursday friday saturday sunday spring summer autumn fall winter year years
    month months week weeks day days hour hours minute minutes second seconds century centuries
    decade decades noon midnight dawn morning evening night christmas easter early late mid middle
    end beginning start bc ad yesterday today tomorrow th st nd rd past now long video film
    """.split()
)


@cache
def english_forms() -> OrderForms:
    """The forms of English; made when they are first needed, as compiling them takes time."""
    return OrderForms(
        relations=(
            (either(r"after|following|once|as soon as"), OrderRelation.AFTER),
            (either(r"before|prior to|ahead of|until"), OrderRelation.BEFORE),
            (either(r"between|in between"), OrderRelation.BETWEEN),
        ),
        turn=re.compile(
            rf"(?:(?:^|[\s,]+)(?P<near>{_NEAR}))?(?:^|[\s,]+)"
            r"(?P<relation>after|following|once|as soon as|before|prior to|in between|between)\s+",
            re.IGNORECASE,
        ),
        heads=either(*_HEADS),
        near_heads=either(_NEAR_HEADS),
        whole=(
            (
                re.compile(
                    rf"{_TELL}what (?P<near>{_NEAR} )?follows (?:on )?(?P<anchor>.+)", re.IGNORECASE
                ),
                OrderRelation.AFTER,
            ),
            (
                re.compile(
                    rf"{_TELL}what (?P<near>{_NEAR} )?precedes (?P<anchor>.+)", re.IGNORECASE
                ),
                OrderRelation.BEFORE,
            ),
        ),
        asks=re.compile(r"\s*,\s*|\s+(?=what\b)", re.IGNORECASE),
        next=re.compile(r"\s+(?:next|then|straight away|right away|immediately)\b", re.IGNORECASE),
        both=re.compile(r"\s*,?\s+and\s+", re.IGNORECASE),
        begins=re.compile(
            r"(?:the|a|an|his|her|its|their|when|where|that|how)\b|[\"“]", re.IGNORECASE
        ),
        opening=either(*_OPENING),
        closing=either(*_CLOSING),
        shown=re.compile(
            r"(?:the )?(?:slide|picture|image|scene|shot|title|screen|chart|diagram)s?\b",
            re.IGNORECASE,
        ),
        times=_TIMES,
    )
