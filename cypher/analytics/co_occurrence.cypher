// purpose: Which entities are spoken of in the same segments, and how much more often than by chance?
// param least (integer, default 2): segments that a pair shares at least
// param limit (integer, default 50): rows at most
// returns: entity, other (string), together (integer, segments), lift (float): 1 is chance
// :param {least: 2, limit: 50}
MATCH (a:Entity)<-[:MENTIONS]-(s:Segment)-[:MENTIONS]->(b:Entity)
WHERE elementId(a) < elementId(b)
WITH a, b, count(DISTINCT s) AS together
WHERE together >= $least
WITH a, b, together,
     COUNT { MATCH (a)<-[:MENTIONS]-(s:Segment) RETURN DISTINCT s } AS with_a,
     COUNT { MATCH (b)<-[:MENTIONS]-(s:Segment) RETURN DISTINCT s } AS with_b,
     COUNT { (:Segment) } AS all_segments
RETURN a.name AS entity, b.name AS other, together,
       round(toFloat(together) * all_segments / (with_a * with_b), 3) AS lift
ORDER BY together DESC, lift DESC, entity, other
LIMIT $limit
