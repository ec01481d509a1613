// purpose: Vectors that are gone since an index last looked.
// param space (string): text, vision or audio
// param seq (integer): the last change the index knows
// returns: label (integer), seq (integer)
// :param {space: "text", seq: 0}
MATCH (r:RemovedEmbedding)
WHERE r.seq > $seq AND r.space = $space
RETURN r.label AS label, r.seq AS seq
ORDER BY r.seq
