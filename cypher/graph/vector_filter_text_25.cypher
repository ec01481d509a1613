// purpose: The index that vector_search_text_25 filters in. Made by the first search that needs it, since it costs as much at every write as the mirror itself (20,000 vectors of 384 numbers: 21 s).
// param dimension (integer): length of a vector
// returns: nothing
// :param {dimension: 384}
CYPHER 25
CREATE VECTOR INDEX text_vector_by_label IF NOT EXISTS
FOR (n:TextEmbedding) ON n.vector
WITH [n.label]
OPTIONS {indexConfig: {
  `vector.dimensions`: $dimension,
  `vector.similarity_function`: 'cosine',
  `vector.quantization.enabled`: false
}}
