"""Question to answer: search, expand through the graph, gather evidence, cite."""
