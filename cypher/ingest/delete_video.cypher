// purpose: Remove the video itself, when all that hung on it is gone.
// param video_id (string): sha256 of the file
// returns: nothing
// :param {video_id: "ab"}
MATCH (v:Video {id: $video_id})
DETACH DELETE v
