"""The knowledge graph: the only place that speaks to Neo4j."""
