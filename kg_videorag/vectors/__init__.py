"""Vector indexes: disposable, fast copies of the embeddings in the graph."""
