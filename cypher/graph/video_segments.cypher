// purpose: The segments of one video, in order.
// param video_id (string): sha256 of the file
// returns: id (string), start_ms, end_ms (integer, ms), speech (string), screen_text (string): a line on the screen a line, caption (string): what its pictures show, entities (list of string)
// :param {video_id: "ab"}
MATCH (:Video {id: $video_id})-[:HAS_SEGMENT]->(s:Segment)
RETURN s.id AS id, s.start_ms AS start_ms, s.end_ms AS end_ms, s.speech AS speech,
       coalesce(s.screen_text, '') AS screen_text,
       coalesce(s.caption, '') AS caption,
       [(s)-[:MENTIONS]->(e) | e.name] AS entities
ORDER BY s.index
