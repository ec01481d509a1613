// purpose: MERGE on embeddings finds what an earlier run wrote.
// returns: nothing
// :param {}
CREATE CONSTRAINT embedding_id IF NOT EXISTS
FOR (n:Embedding) REQUIRE n.id IS UNIQUE
