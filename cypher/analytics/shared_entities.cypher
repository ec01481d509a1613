// purpose: Which videos speak of the same things?
// param limit (integer, default 50): rows at most
// returns: video, other (string), shared (integer), entities (list of string): 20 at most
// :param {limit: 50}
MATCH (a:Video)-[:HAS_SEGMENT]->(:Segment)-[:MENTIONS]->(e:Entity)<-[:MENTIONS]-(:Segment)<-[:HAS_SEGMENT]-(b:Video)
WHERE a.id < b.id
WITH a, b, collect(DISTINCT e.name) AS names
RETURN a.title AS video, b.title AS other, size(names) AS shared, names[..20] AS entities
ORDER BY shared DESC, video, other
LIMIT $limit
