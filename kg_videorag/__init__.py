"""Video in, a Neo4j knowledge graph out, questions answered with citations to the second."""
