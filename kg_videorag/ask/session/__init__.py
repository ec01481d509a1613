"""Conversations: questions that lean on those before them, and the history that they lean on."""

from kg_videorag.ask.session.follow_up import stand_alone
from kg_videorag.ask.session.talk import Session
from kg_videorag.ask.session.turn import Turn, Understood, turn_of

__all__ = ["Session", "Turn", "Understood", "stand_alone", "turn_of"]
