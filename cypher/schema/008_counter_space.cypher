// purpose: One counter a space gives changes their order.
// returns: nothing
// :param {}
CREATE CONSTRAINT counter_space IF NOT EXISTS
FOR (n:Counter) REQUIRE n.space IS UNIQUE
