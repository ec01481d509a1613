// purpose: What joins the entities of the network: segments that speak of both, by whatever names, and relations.
// returns: first, second (string): ids, the smaller first, weight (integer): segments and relations
// :param {}
MATCH (s:Segment)-[:MENTIONS]->(e:Entity)
WHERE NOT e.type IN ["Date", "Quantity"]
OPTIONAL MATCH (e)-[:SAME_AS]->(whole:Entity)
WITH s, collect(DISTINCT coalesce(whole, e)) AS spoken
UNWIND spoken AS a
UNWIND spoken AS b
WITH a, b, s
WHERE a.id < b.id
WITH a.id AS first, b.id AS second, count(s) AS together,
     sum(COUNT { (a)-[:RELATES_TO {segment_id: s.id}]-(b) }) AS related
RETURN first, second, together + related AS weight
ORDER BY first, second
