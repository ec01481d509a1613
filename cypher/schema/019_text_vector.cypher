// purpose: The mirror of the text space. Quantization is refused aloud: 2026.x defaults to binary codes, which measured recall@10 .715 against 1.00.
// param dimension (integer): length of a vector
// returns: nothing
// :param {dimension: 384}
CREATE VECTOR INDEX text_vector IF NOT EXISTS
FOR (n:TextEmbedding) ON n.vector
OPTIONS {indexConfig: {
  `vector.dimensions`: $dimension,
  `vector.similarity_function`: 'cosine',
  `vector.quantization.enabled`: false
}}
