// purpose: Drop entities that nothing mentions any more. The SET takes their locks first, so that a mention being written elsewhere is seen.
// param entity_ids (list of string): entities that lost a mention, sorted
// returns: nothing
// :param {entity_ids: []}
UNWIND $entity_ids AS id
MATCH (e:Entity {id: id})
SET e.type = e.type
WITH e
WHERE NOT EXISTS { (e)<-[:MENTIONS]-() }
DETACH DELETE e
