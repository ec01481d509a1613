// purpose: A vector that comes back is no longer removed.
// returns: nothing
// :param {}
CREATE INDEX removed_embedding_label IF NOT EXISTS
FOR (n:RemovedEmbedding) ON (n.label)
