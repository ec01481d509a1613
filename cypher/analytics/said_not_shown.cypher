// purpose: What is said in a video and never stands on its screen?
// param limit (integer, default 200): rows at most
// returns: video (string), entity, type (string), start_ms, end_ms (integer, ms): the first time, surface (string), mentions (integer)
// :param {limit: 200}
MATCH (v:Video)-[:HAS_SEGMENT]->(:Segment)-[m:MENTIONS]->(e:Entity)
WHERE m.modality IN ["speech", "screen"]
OPTIONAL MATCH (e)-[:SAME_AS]->(whole:Entity)
WITH v, coalesce(whole, e) AS e, m ORDER BY m.start_ms
WITH v, e, collect(m) AS mentions
WHERE none(m IN mentions WHERE m.modality = "screen")
WITH v, e, mentions[0] AS first, size(mentions) AS mentions
RETURN v.title AS video, e.name AS entity, e.type AS type, first.start_ms AS start_ms,
       first.end_ms AS end_ms, first.surface AS surface, mentions
ORDER BY video, start_ms, entity
LIMIT $limit
