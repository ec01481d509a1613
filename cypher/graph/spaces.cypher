// purpose: The spaces of vectors that were begun, by whom, and the latest change of each.
// returns: name (string), model (string), dimension (integer), seq (integer)
// :param {}
MATCH (c:Counter)
RETURN c.space AS name, c.model AS model, c.dimension AS dimension, c.seq AS seq
ORDER BY name
