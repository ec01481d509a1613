"""Reads when a question asks for: "at 02:30", "the first two minutes", «на 5-й минуте».

A number of minutes is a place on the video's clock: minute 5 begins at 00:05:00, as players
show it. `english` and `russian` list the forms in which a moment is named.
"""

from kg_videorag.ask.moments.read import Timed, asks_for_something, read_moment
from kg_videorag.ask.moments.stretch import Moment, Place

__all__ = ["Moment", "Place", "Timed", "asks_for_something", "read_moment"]
