// purpose: One graph is one library, with an id that vector index files are bound to.
// returns: nothing
// :param {}
CREATE CONSTRAINT library_name IF NOT EXISTS
FOR (n:Library) REQUIRE n.name IS UNIQUE
