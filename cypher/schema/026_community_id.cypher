// purpose: Each community is kept once.
// returns: nothing
// :param {}
CREATE CONSTRAINT community_id IF NOT EXISTS
FOR (n:Community) REQUIRE n.id IS UNIQUE
