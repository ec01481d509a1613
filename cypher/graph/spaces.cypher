// purpose: The spaces of vectors that were begun, and by whom.
// returns: name (string), model (string), dimension (integer)
// :param {}
MATCH (c:Counter)
RETURN c.space AS name, c.model AS model, c.dimension AS dimension
ORDER BY name
