// purpose: A migration is recorded once, whoever applies it.
// returns: nothing
// :param {}
CREATE CONSTRAINT migration_number IF NOT EXISTS
FOR (n:Migration) REQUIRE n.number IS UNIQUE
