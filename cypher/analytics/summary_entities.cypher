// purpose: What is one video about? Variants of a name count as one.
// param video (string): its id, title, or the end of its path
// param limit (integer, default 20): rows at most
// returns: entity, type (string), mentions, segments (integer), first_ms, last_ms (integer, ms), entity_id (string)
// :param {video: "Apollo 11", limit: 20}
MATCH (v:Video)
WHERE v.id = $video OR v.title = $video OR v.path ENDS WITH $video
MATCH (v)-[:HAS_SEGMENT]->(s:Segment)-[m:MENTIONS]->(e:Entity)
OPTIONAL MATCH (e)-[:SAME_AS]->(whole:Entity)
WITH coalesce(whole, e) AS e, m, s
WITH e, count(m) AS mentions, count(DISTINCT s) AS segments, min(m.start_ms) AS first_ms, max(m.end_ms) AS last_ms
RETURN e.name AS entity, e.type AS type, mentions, segments, first_ms, last_ms, e.id AS entity_id
ORDER BY segments DESC, mentions DESC, entity, entity_id
LIMIT $limit
