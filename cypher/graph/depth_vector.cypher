// purpose: The mirror of the depth space, made when the space is begun: only then its dimension is known. Not quantized, see schema/019.
// param dimension (integer): length of a vector
// returns: nothing
// :param {dimension: 1024}
CREATE VECTOR INDEX depth_vector IF NOT EXISTS
FOR (n:DepthEmbedding) ON n.vector
OPTIONS {indexConfig: {
  `vector.dimensions`: $dimension,
  `vector.similarity_function`: 'cosine',
  `vector.quantization.enabled`: false
}}
