// purpose: How are two things joined, step by step, and which moments are the witnesses? The shortest way over segments that speak of both.
// param entity (string): one of the names of the first
// param other (string): one of the names of the second
// returns: step (integer, from 1), entity, next_entity (string), video (string), start_ms, end_ms (integer, ms), speech (string): 200 letters at most, segment_id (string)
// :param {entity: "Neil Armstrong", other: "Charles Draper"}
CALL db.index.fulltext.queryNodes('entity_fulltext', '"' + replace(replace($entity, '"', ' '), '\\', ' ') + '"', {limit: 1000})
YIELD node AS a
WHERE toLower(a.name) = toLower($entity)
OPTIONAL MATCH (a)-[:SAME_AS]->(whole_a:Entity)
WITH DISTINCT coalesce(whole_a, a) AS one
ORDER BY COUNT { (one)<-[:MENTIONS]-() } DESC LIMIT 1
CALL db.index.fulltext.queryNodes('entity_fulltext', '"' + replace(replace($other, '"', ' '), '\\', ' ') + '"', {limit: 1000})
YIELD node AS b
WHERE toLower(b.name) = toLower($other)
OPTIONAL MATCH (b)-[:SAME_AS]->(whole_b:Entity)
WITH DISTINCT one, coalesce(whole_b, b) AS another
WHERE one <> another
WITH one, another ORDER BY COUNT { (another)<-[:MENTIONS]-() } DESC LIMIT 1
MATCH p = shortestPath((one)-[:MENTIONS|SAME_AS*..12]-(another))
WITH [n IN nodes(p) | CASE WHEN n:Segment THEN n ELSE coalesce(head(COLLECT { MATCH (n)-[:SAME_AS]->(c:Entity) RETURN c }), n) END] AS hops
WITH hops, [i IN range(0, size(hops) - 1) WHERE hops[i]:Segment] AS places
UNWIND range(0, size(places) - 1) AS step
WITH hops[places[step] - 1] AS here, hops[places[step]] AS s, hops[places[step] + 1] AS there, step
MATCH (v:Video {id: s.video_id})
RETURN step + 1 AS step, here.name AS entity, there.name AS next_entity, v.title AS video,
       s.start_ms AS start_ms, s.end_ms AS end_ms, left(s.speech, 200) AS speech, s.id AS segment_id
ORDER BY step
