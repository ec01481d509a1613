// purpose: Remember where the file of a video lies now.
// param video_id (string): sha256 of the file
// param path (string): its absolute path
// returns: nothing
// :param {video_id: "ab", path: "/archive/demo.mp4"}
MATCH (v:Video {id: $video_id})
SET v.path = $path
