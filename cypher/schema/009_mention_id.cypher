// purpose: MERGE on mentions finds what an earlier run wrote.
// returns: nothing
// :param {}
CREATE CONSTRAINT mention_id IF NOT EXISTS
FOR ()-[r:MENTIONS]-() REQUIRE r.id IS UNIQUE
