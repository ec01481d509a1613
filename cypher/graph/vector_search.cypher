// purpose: The nearest vectors of a space, by its vector index.
// param index (string): its name
// param near (list of float): of length 1
// param draw (integer): how many to draw from the index
// param labels (list of integer): only these among what was drawn; null for all
// param k (integer): how many at most
// returns: label (integer), score (float): (1 + cosine) / 2; best first
// :param {index: "text_vector", near: [], draw: 10, labels: null, k: 10}
CALL db.index.vector.queryNodes($index, $draw, $near) YIELD node, score
WITH node.label AS label, score
WHERE $labels IS NULL OR label IN $labels
RETURN label, score
ORDER BY score DESC, label
LIMIT $k
