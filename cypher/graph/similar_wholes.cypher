// purpose: The vector of each segment as a whole, and where the segment stands.
// param space (string): text, vision or audio
// returns: label (integer), segment_id, video_id (string), index (integer)
// :param {space: "text"}
MATCH (s:Segment)-[:HAS_EMBEDDING]->(e:Embedding)
WHERE e.whole AND e.space = $space
RETURN e.label AS label, s.id AS segment_id, s.video_id AS video_id, s.index AS index
