// purpose: How long the videos are in which a moment is looked for.
// param video_ids (list of string): only these videos; null for all
// param segment_ids (list of string): only videos of these segments; null for all
// param limit (integer): how many videos at most
// returns: video_id (string), duration_ms (integer, ms)
// :param {video_ids: null, segment_ids: null, limit: 8}
MATCH (v:Video)
WHERE ($video_ids IS NULL OR v.id IN $video_ids)
  AND ($segment_ids IS NULL OR EXISTS { (v)-[:HAS_SEGMENT]->(s:Segment) WHERE s.id IN $segment_ids })
RETURN v.id AS video_id, v.duration_ms AS duration_ms
ORDER BY v.title, v.id
LIMIT $limit
