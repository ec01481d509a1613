"""What may be asked of the graph in Cypher that this repository does not hold.

See docs/adr/0030-questions-to-cypher.md.
"""

from kg_videorag.graph.guard.rules import check_statement

__all__ = ["check_statement"]
