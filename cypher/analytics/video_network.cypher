// purpose: Which things does a video speak of together? The edges of its network, the heaviest first.
// param video (string): its title, file name, path or id
// param least (integer, default 1): segments that a pair shares at least
// param limit (integer, default 500): rows at most
// returns: entity, type, other, other_type (string), together (integer, segments), related (integer): relations told between the two
// :param {video: "apollo_people.mp4", least: 1, limit: 500}
MATCH (v:Video)
WHERE $video IN [v.id, v.title, v.path] OR v.path ENDS WITH '/' + $video
MATCH (v)-[:HAS_SEGMENT]->(s:Segment)-[:MENTIONS]->(e:Entity)
OPTIONAL MATCH (e)-[:SAME_AS]->(whole:Entity)
WITH v, s, collect(DISTINCT coalesce(whole, e)) AS spoken
UNWIND spoken AS a
UNWIND spoken AS b
WITH v, s, a, b
WHERE a.id < b.id
WITH v, a, b, count(s) AS together
WHERE together >= $least
WITH v, a, b, together ORDER BY together DESC, a.name, b.name LIMIT $limit
RETURN a.name AS entity, a.type AS type, b.name AS other, b.type AS other_type, together,
       COUNT { (a)-[:RELATES_TO {video_id: v.id}]-(b) } AS related
ORDER BY together DESC, entity, other
