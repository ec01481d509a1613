// purpose: Which entities are spoken of in the same segments, by whatever names, and how much more often than by chance?
// param least (integer, default 2): segments that a pair shares at least
// param limit (integer, default 50): rows at most
// returns: entity, other (string), together (integer, segments), lift (float): 1 is chance
// :param {least: 2, limit: 50}
MATCH (e:Entity)<-[:MENTIONS]-(s:Segment)
OPTIONAL MATCH (e)-[:SAME_AS]->(whole:Entity)
WITH s, collect(DISTINCT coalesce(whole, e)) AS spoken
UNWIND spoken AS a
UNWIND spoken AS b
WITH s, a, b
WHERE elementId(a) < elementId(b)
WITH a, b, count(s) AS together
WHERE together >= $least
WITH a, b, together,
     [a] + COLLECT { MATCH (a)<-[:SAME_AS]-(v:Entity) RETURN v } AS names_a,
     [b] + COLLECT { MATCH (b)<-[:SAME_AS]-(v:Entity) RETURN v } AS names_b
WITH a, b, together,
     COUNT { UNWIND names_a AS named MATCH (named)<-[:MENTIONS]-(s:Segment) RETURN DISTINCT s } AS with_a,
     COUNT { UNWIND names_b AS named MATCH (named)<-[:MENTIONS]-(s:Segment) RETURN DISTINCT s } AS with_b,
     COUNT { (:Segment) } AS all_segments
RETURN a.name AS entity, b.name AS other, together,
       round(toFloat(together) * all_segments / (with_a * with_b), 3) AS lift
ORDER BY together DESC, lift DESC, entity, other
LIMIT $limit
