"""Communities and centralities of the graph, without Neo4j's Graph Data Science."""
