// purpose: What does one video tell most often? Relations between canonical entities, and when each is first told.
// param video (string): its id, title, or the end of its path
// param limit (integer, default 20): rows at most
// returns: subject, predicate, object (string), times (integer), start_ms, end_ms (integer, ms)
// :param {video: "Apollo 11", limit: 20}
MATCH (v:Video)
WHERE v.id = $video OR v.title = $video OR v.path ENDS WITH $video
MATCH (subject:Entity)-[r:RELATES_TO {video_id: v.id}]->(object:Entity)
OPTIONAL MATCH (subject)-[:SAME_AS]->(whole_subject:Entity)
OPTIONAL MATCH (object)-[:SAME_AS]->(whole_object:Entity)
WITH coalesce(whole_subject, subject) AS subject, coalesce(whole_object, object) AS object, r
WHERE subject <> object
WITH subject, object, r ORDER BY r.start_ms
WITH subject.name AS subject, r.predicate AS predicate, object.name AS object,
     count(r) AS times, max(r.confidence) AS confidence, head(collect(r)) AS first
RETURN subject, predicate, object, times, first.start_ms AS start_ms, first.end_ms AS end_ms
ORDER BY times DESC, confidence DESC, start_ms, subject, object
LIMIT $limit
