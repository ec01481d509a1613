"""Questions that the graph answers by Cypher; see docs/adr/0030-questions-to-cypher.md."""

from kg_videorag.ask.cypher.pipeline import CypherAsker

__all__ = ["CypherAsker"]
