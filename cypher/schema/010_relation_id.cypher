// purpose: MERGE on relations finds what an earlier run wrote.
// returns: nothing
// :param {}
CREATE CONSTRAINT relation_id IF NOT EXISTS
FOR ()-[r:RELATES_TO]-() REQUIRE r.id IS UNIQUE
