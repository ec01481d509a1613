// purpose: Remove the video itself, when all that was ingested of it is gone, and its corrections by hand.
// param video_id (string): sha256 of the file
// returns: nothing
// :param {video_id: "ab"}
MATCH (v:Video {id: $video_id})
OPTIONAL MATCH (v)-[:HAS_CORRECTION]->(c:Correction)
DETACH DELETE c, v
