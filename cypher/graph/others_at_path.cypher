// purpose: Other videos that were ingested from the same path: the file has changed since.
// param path (string): absolute path
// param video_id (string): the video that lies there now
// returns: id (string)
// :param {path: "/archive/demo.mp4", video_id: "ab"}
MATCH (v:Video {path: $path})
WHERE v.id <> $video_id
RETURN v.id AS id
ORDER BY v.id
