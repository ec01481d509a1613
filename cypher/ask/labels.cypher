// purpose: The segments that hits in a vector index stand for.
// param labels (list of integer): from the index
// returns: label (integer), segment_id (string), at_ms (integer, ms)
// :param {labels: []}
UNWIND $labels AS label
MATCH (s:Segment)-[:HAS_EMBEDDING]->(e:Embedding {label: label})
RETURN label, s.id AS segment_id, e.at_ms AS at_ms
