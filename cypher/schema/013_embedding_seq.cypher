// purpose: What changed since a vector index last looked.
// returns: nothing
// :param {}
CREATE INDEX embedding_seq IF NOT EXISTS
FOR (n:Embedding) ON (n.seq)
