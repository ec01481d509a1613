// purpose: What is told of an entity, by whatever name, and at which second?
// param entity (string): one of its names
// param limit (integer, default 200): rows at most
// returns: subject, predicate, object, video (string), start_ms, end_ms (integer, ms), surface (string)
// :param {entity: "Saturn V", limit: 200}
CALL db.index.fulltext.queryNodes('entity_fulltext', '"' + replace(replace($entity, '"', ' '), '\\', ' ') + '"', {limit: 1000})
YIELD node AS e
WHERE toLower(e.name) = toLower($entity)
OPTIONAL MATCH (e)-[:SAME_AS]->(whole:Entity)
WITH DISTINCT coalesce(whole, e) AS whole
WITH [whole] + COLLECT { MATCH (whole)<-[:SAME_AS]-(v:Entity) RETURN v } AS names
UNWIND names AS named
MATCH (named)-[r:RELATES_TO]-(:Entity)
WITH DISTINCT r
MATCH (v:Video {id: r.video_id})
OPTIONAL MATCH (subject:Entity)<-[:SAME_AS]-(:Entity {id: startNode(r).id})
OPTIONAL MATCH (object:Entity)<-[:SAME_AS]-(:Entity {id: endNode(r).id})
RETURN coalesce(subject.name, startNode(r).name) AS subject, r.predicate AS predicate,
       coalesce(object.name, endNode(r).name) AS object,
       v.title AS video, r.start_ms AS start_ms, r.end_ms AS end_ms, r.surface AS surface
ORDER BY video, start_ms
LIMIT $limit
