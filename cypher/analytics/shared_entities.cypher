// purpose: Which videos speak of the same things, by whatever names?
// param common (integer, default 50): what more videos than this speak of tells nothing
// param limit (integer, default 50): rows at most
// returns: video, other (string), shared (integer), alike (float): shared / all that either speaks of, entities (list of string): 20 at most
// :param {common: 50, limit: 50}
MATCH (v:Video)-[:HAS_SEGMENT]->(:Segment)-[:MENTIONS]->(e:Entity)
OPTIONAL MATCH (e)-[:SAME_AS]->(whole:Entity)
WITH DISTINCT coalesce(whole, e) AS e, v
WITH e, collect(v) AS videos
WHERE 1 < size(videos) <= $common
UNWIND videos AS a
UNWIND videos AS b
WITH e, a, b
WHERE a.id < b.id
WITH a, b, collect(e.name) AS names
WITH a, b, names ORDER BY size(names) DESC, a.title, b.title LIMIT $limit
WITH a, b, names,
     COUNT { MATCH (a)-[:HAS_SEGMENT]->(:Segment)-[:MENTIONS]->(x:Entity) OPTIONAL MATCH (x)-[:SAME_AS]->(w:Entity) RETURN DISTINCT coalesce(w, x) } AS of_a,
     COUNT { MATCH (b)-[:HAS_SEGMENT]->(:Segment)-[:MENTIONS]->(x:Entity) OPTIONAL MATCH (x)-[:SAME_AS]->(w:Entity) RETURN DISTINCT coalesce(w, x) } AS of_b
RETURN a.title AS video, b.title AS other, size(names) AS shared,
       round(toFloat(size(names)) / (of_a + of_b - size(names)), 3) AS alike, names[..20] AS entities
ORDER BY shared DESC, video, other
