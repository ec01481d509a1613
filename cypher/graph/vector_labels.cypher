// purpose: Which vectors of a space its vector index sees.
// param space (string): text, vision or audio
// param mirror (string): the label that the vector index is on
// returns: label (integer)
// :param {space: "text", mirror: "TextEmbedding"}
MATCH (e:Embedding)
WHERE e.seq >= 0 AND e.space = $space AND $mirror IN labels(e)
RETURN e.label AS label
