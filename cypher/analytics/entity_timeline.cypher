// purpose: When is an entity spoken of, in every video, by whatever name?
// param entity (string): one of its names
// param limit (integer, default 200): rows at most
// returns: video (string), start_ms, end_ms (integer, ms), modality, surface, type, segment_id (string)
// :param {entity: "Neil Armstrong", limit: 200}
MATCH (e:Entity)
WHERE toLower(e.name) = toLower($entity)
OPTIONAL MATCH (e)-[:SAME_AS]->(whole:Entity)
WITH DISTINCT coalesce(whole, e) AS whole
WITH whole, [whole] + COLLECT { MATCH (whole)<-[:SAME_AS]-(v:Entity) RETURN v } AS names
UNWIND names AS named
MATCH (v:Video)-[:HAS_SEGMENT]->(s:Segment)-[m:MENTIONS]->(named)
RETURN v.title AS video, m.start_ms AS start_ms, m.end_ms AS end_ms, m.modality AS modality,
       m.surface AS surface, whole.type AS type, s.id AS segment_id
ORDER BY video, start_ms, type
LIMIT $limit
