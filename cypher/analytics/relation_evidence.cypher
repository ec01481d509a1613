// purpose: What is told of an entity, and at which second?
// param entity (string): its name
// param limit (integer, default 200): rows at most
// returns: subject, predicate, object, video (string), start_ms, end_ms (integer, ms), surface (string)
// :param {entity: "Saturn V", limit: 200}
MATCH (e:Entity)
WHERE toLower(e.name) = toLower($entity)
MATCH (e)-[r:RELATES_TO]-(:Entity)
WITH DISTINCT r
MATCH (v:Video {id: r.video_id})
RETURN startNode(r).name AS subject, r.predicate AS predicate, endNode(r).name AS object,
       v.title AS video, r.start_ms AS start_ms, r.end_ms AS end_ms, r.surface AS surface
ORDER BY video, start_ms
LIMIT $limit
