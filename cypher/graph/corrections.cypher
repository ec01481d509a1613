// purpose: Corrections by hand that count for a video, or all where none is named, as they were made.
// param video_id (string): sha256 of the file; null for all
// returns: id, kind, original, replacement, made_at (string), video_id (string or null), start_ms, end_ms (integer, ms, or null)
// :param {video_id: "ab"}
MATCH (c:Correction)
OPTIONAL MATCH (v:Video)-[:HAS_CORRECTION]->(c)
WITH c, v
WHERE $video_id IS NULL OR v IS NULL OR v.id = $video_id
RETURN c.id AS id, c.kind AS kind, c.original AS original, c.replacement AS replacement,
       c.made_at AS made_at, v.id AS video_id, c.start_ms AS start_ms, c.end_ms AS end_ms
ORDER BY made_at, id
