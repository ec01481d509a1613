"""Whether a sentence has what the first words of a question want."""

from __future__ import annotations

import pytest

from kg_videorag.engines.extractive.wanted import contradicts, has_what_is_wanted


@pytest.mark.parametrize(
    ("question", "answer", "accepted"),
    [
        # other questions take any answer
        ("Who was first?", "Neil Armstrong was.", True),
        ("How did they land?", "They landed softly.", True),
        ("What happened when they landed?", "Dust rose.", True),
        # when
        ("When did they land?", "They landed in 1969.", True),
        ("When did they land?", "They landed in July.", True),
        ("When did they land?", "They landed on Sunday morning.", True),
        ("And when did they land?", "They landed on the Moon.", False),
        ("When did Apollo 11 land?", "The Eagle of Apollo 11 landed softly.", False),
        ("When did they land?", "The crew of Apollo 11 landed softly.", False),
        ("When did Apollo 11 land?", "The Eagle of Apollo 11 landed in 1969.", True),
        ("When in 1969 did they land?", "They landed in 1969.", False),
        # quantities
        ("How many walked?", "In all 12 walked.", True),
        ("How many walked?", "Twelve walked.", True),
        ("How many walked?", "Many walked.", False),
        ("How many walked?", "The crew of Apollo 11 walked.", False),
        ("How much did it cost?", "It cost 25,400 million dollars.", True),
        ("How old was he?", "He was 38 years old.", True),
        ("How old was he?", "He was old.", False),
        ("How long did it take?", "It took eight days.", True),
        ("How long did it take?", "It took days.", False),
        ("How many walked?", "12 astronauts walked on the Moon.", True),
        ("How many tubes did it have?", "It had about 1600 tubes.", True),
        ("How many tubes did it have?", "It was built on July 4, 1943.", False),
        ("How many tubes did it have?", "It was built in July 1943.", False),
        ("When did they walk?", "1969 is when they walked.", True),
        ("How tall was it?", "It was 111-metre tall.", True),
        ("How many apples?", "Peel 4 apples.", True),
        ("How many apples?", "Peel 4 pears.", False),
        ("How many people came?", "Two hundred guests came.", True),
        ("How much flour?", "Mix five hundred grams of rye flour.", True),
        # what counts is no time
        ("When did the tunnel open?", "The tunnel cost the lives of 26 workers.", False),
        ("When did they win?", "They won the match 2-1.", False),
        ("When did they pay?", "They paid $200,000.", False),
        ("When did they start?", "They may start.", False),
        ("When did they start?", "They started in May.", True),
        ("When did he score?", "In the 88 minute he scored.", True),
        ("When does it start?", "It starts at 9:30.", True),
        ("When did he leave?", "He left two years later.", True),
        ("When did he work there?", "He worked there for 11 years.", False),
        # a year counts nothing
        ("How many walked?", "They walked in 1969.", False),
        ("How old was he?", "He was born in 1930.", False),
        ("How long did it take?", "It was over in 2011.", False),
        ("How old was he in 1969?", "In 1969 he was 38.", True),
        # who did it: the deed is said
        ("Who stole the van?", "A guard saw a white van.", False),
        ("Who founded the museum?", "The museum was founded in 1856 in Paris.", False),
        ("Who founded the museum?", "The museum was founded by a merchant.", True),
        ("Who commanded it?", "He was the commander.", True),
        ("Who wrote it?", "She was writing.", True),
        # why
        ("Why did costs rise?", "Costs rose because of the closure.", True),
        ("Why did costs rise?", "Costs rose by two percent.", False),
        ("Why did he go to London?", "He went to London.", False),
        ("Why did he go to London?", "He went to London to study medicine.", True),
        # where
        ("Where was she born?", "She was born in Leeds.", True),
        ("Where was she born?", "She was born in 1928.", False),
        ("Where was she born?", "She was born in March.", False),
        ("Where was she born?", "Born in a village, she moved early.", True),
        ("Where in London did she work?", "In London she worked.", False),
        ("Where in London did she work?", "In London she worked at the Royal Mint.", True),
        ("Where do they live?", "They live abroad.", True),
    ],
)
def test_an_answer_has_what_is_asked_for(question, answer, accepted):
    assert has_what_is_wanted(question, answer) is accepted


@pytest.mark.parametrize(
    ("question", "sentence", "contradicted"),
    [
        # turned round
        ("Who discovered Alexander Fleming?", "Alexander Fleming discovered penicillin.", True),
        ("Who discovered penicillin?", "Alexander Fleming discovered penicillin.", False),
        ("Who discovered penicillin?", "Penicillin was discovered by Fleming.", False),
        ("Who launched the rocket?", "This is the rocket that launched Apollo.", False),
        ("What launched Apollo 11?", "Apollo 11 launched a satellite.", True),
        ("Who did he meet?", "He met Ann.", False),
        ("Who did George Tanner replace?", "She replaces George Tanner.", True),
        ("Who did Kim replace?", "Kim replaces George Tanner.", False),
        ("Who led?", "She led.", False),
        # another of a kind
        ("Who showed a red card?", "She showed a yellow card.", True),
        ("Who showed a red card?", "She showed a red card after a yellow card.", False),
        ("Who showed a card?", "She showed a yellow card.", False),
        ("What is a normal value?", "High values are dangerous.", True),
        ("Who was the second man?", "Neil Armstrong was the first man.", True),
    ],
)
def test_a_sentence_may_say_another_thing_in_its_place(question, sentence, contradicted):
    assert contradicts(question, sentence) is contradicted
