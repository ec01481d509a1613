// purpose: The nearest among some vectors of the text space, filtered inside the index. Cypher 25: Neo4j 5.26 has no SEARCH, and over-fetches by vector_search.
// param near (list of float): of length 1
// param labels (list of integer): among which
// param draw (integer): how many to draw from the index
// param k (integer): how many at most
// returns: label (integer), score (float): (1 + cosine) / 2; best first
// :param {near: [], labels: [], draw: 128, k: 10}
CYPHER 25
MATCH (e:TextEmbedding)
SEARCH e IN (
  VECTOR INDEX text_vector_by_label
  FOR $near
  WHERE e.label IN $labels
  LIMIT $draw
) SCORE AS score
RETURN e.label AS label, score
ORDER BY score DESC, label
LIMIT $k
