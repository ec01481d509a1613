// purpose: The vectors of a video that its new version does not have.
// param video_id (string): sha256 of the file
// param kept (list of string): ids of embeddings to leave
// returns: id (string), space (string)
// :param {video_id: "ab", kept: []}
MATCH (e:Embedding {video_id: $video_id})
WHERE NOT e.id IN $kept
RETURN e.id AS id, e.space AS space
