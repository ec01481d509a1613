// purpose: When is an entity spoken of, in every video, by whatever name, and in which words?
// param entity (string): one of its names
// param limit (integer, default 200): rows at most
// returns: video (string), start_ms, end_ms (integer, ms), modality, surface, type, segment_id, entity, video_id (string), told (string): the sentence that it is spoken in, 200 letters at most; null where it is not spoken
// :param {entity: "Neil Armstrong", limit: 200}
MATCH (e:Entity)
WHERE toLower(e.name) = toLower($entity)
OPTIONAL MATCH (e)-[:SAME_AS]->(whole:Entity)
WITH DISTINCT coalesce(whole, e) AS whole
WITH whole, [whole] + COLLECT { MATCH (whole)<-[:SAME_AS]-(v:Entity) RETURN v } AS names
UNWIND names AS named
MATCH (v:Video)-[:HAS_SEGMENT]->(s:Segment)-[m:MENTIONS]->(named)
WITH v, s, m, whole ORDER BY v.title, m.start_ms, whole.type, m.id LIMIT $limit
RETURN v.title AS video, m.start_ms AS start_ms, m.end_ms AS end_ms, m.modality AS modality,
       m.surface AS surface, whole.type AS type, s.id AS segment_id, whole.name AS entity,
       v.id AS video_id,
       CASE WHEN m.modality = "speech" THEN
         head([i IN range(0, size(s.sentences) - 1)
               WHERE s.sentence_start_ms[i] <= m.start_ms < s.sentence_end_ms[i]
               | left(s.sentences[i], 200)]) END AS told
ORDER BY video, start_ms, type, m.id
