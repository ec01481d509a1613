// purpose: Drop entities that nothing mentions any more. Who stays, and who was one with what goes, is due for other SAME_AS edges; of what goes a RemovedEntity tells until then. A community without members goes too.
// param entity_ids (list of string): entities that lost a mention
// returns: nothing
// :param {entity_ids: []}
UNWIND $entity_ids AS id
MATCH (e:Entity {id: id})
SET e:ResolveDue
WITH e
WHERE NOT EXISTS { (e)<-[:MENTIONS]-() }
OPTIONAL MATCH (e)-[:SAME_AS]-(bereft:Entity)
SET bereft:ResolveDue
WITH DISTINCT e
MERGE (gone:RemovedEntity {id: e.id})
SET gone.name = e.name, gone.type = e.type
WITH e
OPTIONAL MATCH (e)-[:IN_COMMUNITY]->(c:Community)
WITH collect(DISTINCT e) AS unmentioned, collect(DISTINCT c) AS communities
FOREACH (e IN unmentioned | DETACH DELETE e)
WITH communities
UNWIND communities AS c
WITH c
WHERE NOT EXISTS { (c)<-[:IN_COMMUNITY]-() }
DETACH DELETE c
