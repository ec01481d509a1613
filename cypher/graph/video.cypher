// purpose: One video with what its graph holds.
// param video_id (string): sha256 of the file
// returns: the properties of Video, tags (list of string), segments, entities, relations (integer)
// :param {video_id: "ab"}
MATCH (v:Video {id: $video_id})
RETURN v.id AS id, v.title AS title, v.path AS path, v.duration_ms AS duration_ms,
       v.width_px AS width_px, v.height_px AS height_px, v.language AS language,
       v.status AS status, v.ingest_version AS ingest_version, v.engines AS engines,
       v.warnings AS warnings, v.source_url AS source_url,
       v.size_bytes AS size_bytes,
       COLLECT { MATCH (v)-[:HAS_TAG]->(t:Tag) RETURN t.name ORDER BY t.name } AS tags,
       COUNT { (v)-[:HAS_SEGMENT]->() } AS segments,
       COUNT { MATCH (v)-[:HAS_SEGMENT]->()-[:MENTIONS]->(e) RETURN DISTINCT e } AS entities,
       COUNT { MATCH ()-[r:RELATES_TO {video_id: v.id}]->() RETURN r } AS relations
