// purpose: What is told, of what kinds of things, and how often?
// param limit (integer, default 50): rows at most
// returns: predicate (string), subject_type, object_type (string), times (integer), videos (integer), example (string): as it was said
// :param {limit: 50}
MATCH (a:Entity)-[r:RELATES_TO]->(b:Entity)
WITH r.predicate AS predicate, a.type AS subject_type, b.type AS object_type, count(r) AS times,
     count(DISTINCT r.video_id) AS videos, min(r.surface) AS example
RETURN predicate, subject_type, object_type, times, videos, example
ORDER BY times DESC, predicate, subject_type, object_type
LIMIT $limit
