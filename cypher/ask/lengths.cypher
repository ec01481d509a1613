// purpose: How long the videos are in which a moment is looked for: those that reach it by title, then the others, the longest first.
// param video_ids (list of string): only these videos; null for all
// param segment_ids (list of string): only videos of these segments; null for all
// param from_ms (integer): when the moment begins, ms, as far as that is known without a length
// param limit (integer): how many videos at most
// returns: video_id, path (string), duration_ms (integer, ms)
// :param {video_ids: null, segment_ids: null, from_ms: 0, limit: 8}
MATCH (v:Video)
WHERE ($video_ids IS NULL OR v.id IN $video_ids)
  AND ($segment_ids IS NULL OR EXISTS { (v)-[:HAS_SEGMENT]->(s:Segment) WHERE s.id IN $segment_ids })
RETURN v.id AS video_id, v.path AS path, v.duration_ms AS duration_ms
ORDER BY v.duration_ms > $from_ms DESC, CASE WHEN v.duration_ms > $from_ms THEN 0 ELSE -v.duration_ms END, v.title, v.id
LIMIT $limit
