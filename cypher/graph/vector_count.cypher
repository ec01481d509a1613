// purpose: How many vectors the graph holds.
// param space (string): text, vision or audio; null for all together
// returns: vectors (integer)
// :param {space: "text"}
MATCH (e:Embedding)
WHERE $space IS NULL OR e.space = $space
RETURN count(e) AS vectors
