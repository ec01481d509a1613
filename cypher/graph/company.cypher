// purpose: What entities are mentioned together with, and what is told of them; capped, since a hub's company is everybody.
// param entity_ids (list of string): which
// param cap (integer): mentions, and relations, of each at most
// returns: id (string), company (list of string): ids of entities, told (list of list of string): predicate, which end it is, id of the other end
// :param {entity_ids: [], cap: 200}
UNWIND $entity_ids AS id
MATCH (e:Entity {id: id})
CALL (e) {
  MATCH (e)<-[:MENTIONS]-(s:Segment)
  WITH DISTINCT s ORDER BY s.id LIMIT $cap
  MATCH (s)-[:MENTIONS]->(other:Entity)
  RETURN collect(DISTINCT other.id) AS company
}
CALL (e) {
  MATCH (e)-[r:RELATES_TO]-(other:Entity)
  WITH r, other ORDER BY r.id LIMIT $cap
  RETURN collect(DISTINCT [r.predicate, CASE WHEN startNode(r) = e THEN 'subject' ELSE 'object' END, other.id]) AS told
}
RETURN id, company, told
