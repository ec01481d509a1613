// purpose: MERGE on entities joins the videos that speak of them.
// returns: nothing
// :param {}
CREATE CONSTRAINT entity_id IF NOT EXISTS
FOR (n:Entity) REQUIRE n.id IS UNIQUE
