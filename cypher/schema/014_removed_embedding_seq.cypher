// purpose: What was removed since a vector index last looked.
// returns: nothing
// :param {}
CREATE INDEX removed_embedding_seq IF NOT EXISTS
FOR (n:RemovedEmbedding) ON (n.seq)
