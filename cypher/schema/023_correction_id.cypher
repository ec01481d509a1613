// purpose: Each correction by hand is kept once.
// returns: nothing
// :param {}
CREATE CONSTRAINT correction_id IF NOT EXISTS
FOR (n:Correction) REQUIRE n.id IS UNIQUE
