// purpose: Segments whose SIMILAR_TO edges are to be found anew: written since, or bereft of one by a deletion.
// param space (string): text, vision or audio
// returns: segment_id (string), label (integer): of the vector of all that is said in it; null where nothing is
// :param {space: "text"}
MATCH (s:SimilarDue)
RETURN s.id AS segment_id,
       head(COLLECT {
         MATCH (s)-[:HAS_EMBEDDING]->(e:Embedding {space: $space})
         WHERE e.whole
         RETURN e.label
       }) AS label
ORDER BY s.video_id, s.index
