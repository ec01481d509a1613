// purpose: Vectors that an index has not seen, oldest first.
// param space (string): text, vision or audio
// param seq (integer): the last change the index knows
// returns: label (integer), seq (integer), vector (list of float)
// :param {space: "text", seq: 0}
MATCH (e:Embedding)
WHERE e.seq > $seq AND e.space = $space
RETURN e.label AS label, e.seq AS seq, e.vector AS vector
ORDER BY e.seq, e.label
