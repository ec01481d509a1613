// purpose: Drop entities that nothing mentions any more.
// param entity_ids (list of string): entities that lost a mention
// returns: nothing
// :param {entity_ids: []}
UNWIND $entity_ids AS id
MATCH (e:Entity {id: id})
WHERE NOT EXISTS { (e)<-[:MENTIONS]-() }
DETACH DELETE e
