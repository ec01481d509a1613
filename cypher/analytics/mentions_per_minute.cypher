// purpose: How often is an entity spoken of in each minute of each video, by whatever name?
// param entity (string): one of its names
// param limit (integer, default 1000): rows at most
// returns: video (string), minute (integer, from 0), mentions (integer), modalities (list of string)
// :param {entity: "Neil Armstrong", limit: 1000}
CALL db.index.fulltext.queryNodes('entity_fulltext', '"' + replace(replace($entity, '"', ' '), '\\', ' ') + '"', {limit: 1000})
YIELD node AS e
WHERE toLower(e.name) = toLower($entity)
OPTIONAL MATCH (e)-[:SAME_AS]->(whole:Entity)
WITH DISTINCT coalesce(whole, e) AS whole
UNWIND [whole] + COLLECT { MATCH (whole)<-[:SAME_AS]-(n:Entity) RETURN n LIMIT 1000 } AS named
MATCH (named)<-[m:MENTIONS]-(:Segment)
WITH m.video_id AS video_id, m.start_ms / 60000 AS minute, count(m) AS mentions,
     collect(DISTINCT m.modality) AS modalities
MATCH (v:Video {id: video_id})
RETURN v.title AS video, minute, mentions, modalities
ORDER BY video, minute
LIMIT $limit
