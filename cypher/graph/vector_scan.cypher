// purpose: The nearest among some vectors, by looking at each of them.
// param space (string): text, vision or audio
// param near (list of float): of length 1
// param labels (list of integer): among which
// param k (integer): how many at most
// returns: label (integer), score (float): (1 + cosine) / 2; best first
// :param {space: "text", near: [], labels: [], k: 10}
UNWIND $labels AS label
MATCH (e:Embedding {label: label, space: $space})
RETURN label, vector.similarity.cosine(e.vector, $near) AS score
ORDER BY score DESC, label
LIMIT $k
