// purpose: How many vectors of a space the graph holds.
// param space (string): text, vision or audio
// returns: vectors (integer)
// :param {space: "text"}
MATCH (e:Embedding)
WHERE e.space = $space
RETURN count(e) AS vectors
