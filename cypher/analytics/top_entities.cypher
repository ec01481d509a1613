// purpose: What is the library about? Variants of a name count as one.
// param limit (integer, default 25): rows at most
// returns: entity, type (string), videos, segments, mentions (integer)
// :param {limit: 25}
MATCH (e:Entity)<-[m:MENTIONS]-(s:Segment)
OPTIONAL MATCH (e)-[:SAME_AS]->(whole:Entity)
WITH coalesce(whole, e) AS e, m, s
WITH e, count(m) AS mentions, count(DISTINCT s) AS segments, count(DISTINCT s.video_id) AS videos
RETURN e.name AS entity, e.type AS type, videos, segments, mentions
ORDER BY videos DESC, mentions DESC, entity
LIMIT $limit
