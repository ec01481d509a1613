// purpose: What some segments tell of an entity by any of its names, between canonical entities.
// param entity_ids (list of string): its names
// param segment_ids (list of string): the segments
// param cap (integer): how many relations at most
// returns: segment_id, subject, predicate, object, modality (string), start_ms, end_ms (integer, ms)
// :param {entity_ids: [], segment_ids: [], cap: 1000}
UNWIND $entity_ids AS entity_id
MATCH (:Entity {id: entity_id})-[r:RELATES_TO]-(:Entity)
WHERE r.segment_id IN $segment_ids
WITH DISTINCT r ORDER BY r.video_id, r.start_ms LIMIT $cap
OPTIONAL MATCH (:Entity {id: startNode(r).id})-[:SAME_AS]->(subject:Entity)
OPTIONAL MATCH (:Entity {id: endNode(r).id})-[:SAME_AS]->(object:Entity)
RETURN r.segment_id AS segment_id, coalesce(subject.name, startNode(r).name) AS subject,
       r.predicate AS predicate, coalesce(object.name, endNode(r).name) AS object,
       r.modality AS modality, r.start_ms AS start_ms, r.end_ms AS end_ms
ORDER BY r.video_id, start_ms
