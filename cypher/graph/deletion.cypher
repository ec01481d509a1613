// purpose: What deleting a video would remove.
// param video_id (string): sha256 of the file
// returns: segments, relations, embeddings, corrections, entities (integer); entities counts those that only this video mentions
// :param {video_id: "ab"}
MATCH (v:Video {id: $video_id})
OPTIONAL MATCH (v)-[:HAS_SEGMENT]->(s:Segment)
WITH v, collect(s) AS segments
RETURN size(segments) AS segments,
       COUNT { MATCH ()-[r:RELATES_TO {video_id: v.id}]->() RETURN r } AS relations,
       COUNT { MATCH (e:Embedding {video_id: v.id}) RETURN e } AS embeddings,
       COUNT { (v)-[:HAS_CORRECTION]->() } AS corrections,
       COUNT {
         MATCH (v)-[:HAS_SEGMENT]->()-[:MENTIONS]->(e)
         WHERE NOT EXISTS { (e)<-[m:MENTIONS]-() WHERE m.video_id <> v.id }
         RETURN DISTINCT e
       } AS entities
