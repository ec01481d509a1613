// purpose: Each tag is there once, however its letters' case was typed.
// returns: nothing
// :param {}
CREATE CONSTRAINT tag_key IF NOT EXISTS
FOR (n:Tag) REQUIRE n.key IS UNIQUE
