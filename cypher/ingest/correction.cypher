// purpose: Keep a correction by hand, at its video, or at the library where it is of a name in all videos.
// param correction_id (string): its id
// param video_id (string): sha256 of the file; null for all videos
// param properties (map): kind, original, replacement, made_at, start_ms, end_ms
// returns: nothing
// :param {correction_id: "ab", video_id: "ab", properties: {}}
MATCH (holder:Video|Library)
WHERE ($video_id IS NULL AND holder:Library) OR holder.id = $video_id
MERGE (c:Correction {id: $correction_id})
SET c += $properties
MERGE (holder)-[:HAS_CORRECTION]->(c)
