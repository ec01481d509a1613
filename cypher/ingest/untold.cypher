// purpose: What of a video is not found in words: it stays when these are corrected.
// param video_id (string): sha256 of the file
// param told (list of string): modalities that are told anew
// returns: mentions, relations, segments, embeddings (list of string): ids; of segments and embeddings all
// :param {video_id: "ab", told: ["speech", "screen", "caption"]}
RETURN COLLECT {
         MATCH (:Video {id: $video_id})-[:HAS_SEGMENT]->(:Segment)-[m:MENTIONS]->(:Entity)
         WHERE NOT m.modality IN $told
         RETURN m.id
       } AS mentions,
       COLLECT {
         MATCH ()-[r:RELATES_TO {video_id: $video_id}]->()
         WHERE NOT r.modality IN $told
         RETURN r.id
       } AS relations,
       COLLECT { MATCH (:Video {id: $video_id})-[:HAS_SEGMENT]->(s:Segment) RETURN s.id } AS segments,
       COLLECT { MATCH (e:Embedding {video_id: $video_id}) RETURN e.id } AS embeddings
