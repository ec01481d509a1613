// purpose: MERGE on segments finds what an earlier run wrote.
// returns: nothing
// :param {}
CREATE CONSTRAINT segment_id IF NOT EXISTS
FOR (n:Segment) REQUIRE n.id IS UNIQUE
