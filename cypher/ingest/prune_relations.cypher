// purpose: Drop the relations of a video that its new version does not have.
// param video_id (string): sha256 of the file
// param kept (list of string): ids of relations to leave
// returns: nothing
// :param {video_id: "ab", kept: []}
MATCH ()-[r:RELATES_TO {video_id: $video_id}]->()
WHERE NOT r.id IN $kept
DELETE r
