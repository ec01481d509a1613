// purpose: The text vectors of all lines of a video, one a sentence, a line on the screen and a sentence of a caption.
// param video_id (string): sha256 of the file
// returns: id, model (string), vector (list of float)
// :param {video_id: "ab"}
MATCH (:Video {id: $video_id})-[:HAS_SEGMENT]->(s:Segment)-[:HAS_EMBEDDING]->(e:TextEmbedding)
WHERE NOT coalesce(e.whole, false) OR size(s.sentences) < 2
RETURN e.id AS id, e.model AS model, e.vector AS vector
