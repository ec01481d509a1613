// purpose: When is an entity spoken of, in every video?
// param entity (string): its name
// param limit (integer, default 200): rows at most
// returns: video (string), start_ms, end_ms (integer, ms), modality, surface, type, segment_id (string)
// :param {entity: "Neil Armstrong", limit: 200}
MATCH (e:Entity)
WHERE toLower(e.name) = toLower($entity)
OPTIONAL MATCH (e)<-[variant:SAME_AS]-(other:Entity)
WITH collect(DISTINCT e) + collect(DISTINCT other) AS named
UNWIND named AS entity
MATCH (v:Video)-[:HAS_SEGMENT]->(s:Segment)-[m:MENTIONS]->(entity)
RETURN v.title AS video, m.start_ms AS start_ms, m.end_ms AS end_ms, m.modality AS modality,
       m.surface AS surface, entity.type AS type, s.id AS segment_id
ORDER BY video, start_ms, type
LIMIT $limit
