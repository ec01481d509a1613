// purpose: A label in a vector index stands for one embedding; a hash collision is refused.
// returns: nothing
// :param {}
CREATE CONSTRAINT embedding_label IF NOT EXISTS
FOR (n:Embedding) REQUIRE n.label IS UNIQUE
