// purpose: Drop the segments of a video that its new version does not have. Their embeddings are unhung, and removed next; who was joined to them is due for other SIMILAR_TO edges.
// param video_id (string): sha256 of the file
// param kept (list of string): ids of segments to leave
// returns: nothing
// :param {video_id: "ab", kept: []}
MATCH (:Video {id: $video_id})-[:HAS_SEGMENT]->(s:Segment)
WHERE NOT s.id IN $kept
OPTIONAL MATCH (bereft:Segment)-[:SIMILAR_TO]->(s)
SET bereft:SimilarDue
WITH DISTINCT s
DETACH DELETE s
