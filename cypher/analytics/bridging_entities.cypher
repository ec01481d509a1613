// purpose: What joins groups of things that else have little to do with each other? After `kg-videorag graph measure`.
// param limit (integer, default 25): rows at most
// returns: entity, type (string), betweenness (float): share of the shortest ways between others that lead over it, communities (integer): that its neighbours belong to, spread (float): 0 where all belong to one, near 1 where each to another, videos (integer)
// :param {limit: 25}
MATCH (e:Entity)
WHERE e.betweenness > 0
WITH e ORDER BY e.betweenness DESC, e.id LIMIT $limit
CALL (e) {
  MATCH (e)<-[:MENTIONS]-(s:Segment)
  WITH s LIMIT 2000
  MATCH (s)-[:MENTIONS]->(other:Entity)-[:IN_COMMUNITY]->(c:Community)
  WHERE other <> e
  WITH c, count(*) AS times
  WITH collect(toFloat(times)) AS each, sum(times) AS all
  RETURN size(each) AS communities,
         CASE WHEN all > 0 THEN 1 - reduce(squares = 0.0, n IN each | squares + (n / all) * (n / all)) ELSE 0.0 END AS spread
}
CALL (e) {
  MATCH (e)<-[m:MENTIONS]-(:Segment)
  RETURN count(DISTINCT m.video_id) AS videos
}
RETURN e.name AS entity, e.type AS type, e.betweenness AS betweenness, communities,
       round(spread, 3) AS spread, videos
ORDER BY betweenness DESC, entity
