// purpose: Which videos speak of the same things, by whatever names?
// param limit (integer, default 50): rows at most
// returns: video, other (string), shared (integer), entities (list of string): 20 at most
// :param {limit: 50}
MATCH (v:Video)-[:HAS_SEGMENT]->(:Segment)-[:MENTIONS]->(e:Entity)
OPTIONAL MATCH (e)-[:SAME_AS]->(whole:Entity)
WITH DISTINCT coalesce(whole, e) AS e, v
WITH e, collect(v) AS videos
WHERE size(videos) > 1
UNWIND videos AS a
UNWIND videos AS b
WITH e, a, b
WHERE a.id < b.id
WITH a, b, collect(e.name) AS names
RETURN a.title AS video, b.title AS other, size(names) AS shared, names[..20] AS entities
ORDER BY shared DESC, video, other
LIMIT $limit
