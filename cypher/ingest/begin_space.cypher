// purpose: Begin a space of vectors, or learn what it was begun with.
// param space (string): text, vision or audio
// param model (string): who makes the vectors
// param dimension (integer): length of a vector
// returns: model (string), dimension (integer)
// :param {space: "text", model: "all-MiniLM-L6-v2", dimension: 384}
MERGE (c:Counter {space: $space})
ON CREATE SET c.seq = 0, c.model = $model, c.dimension = $dimension
RETURN c.model AS model, c.dimension AS dimension
