// purpose: All that is said, shown and described in a video, in order, and what it mentions when, by canonical names.
// param video_id (string): sha256 of the file
// param mention_cap (integer): how many mentions of a segment at most
// returns: segment_id (string), start_ms, end_ms (integer, ms), sentences, screen_lines, caption_lines (list of string) with sentence_start_ms, sentence_end_ms, screen_line_start_ms, screen_line_end_ms, caption_line_start_ms, caption_line_end_ms (list of integer, ms), sentence_speaker, screen_line_heading (list of string), mentions (list of map): id, name, type, modality, start_ms
// :param {video_id: "ab", mention_cap: 100}
MATCH (:Video {id: $video_id})-[:HAS_SEGMENT]->(s:Segment)
RETURN s.id AS segment_id, s.start_ms AS start_ms, s.end_ms AS end_ms,
       s.sentences AS sentences, s.sentence_start_ms AS sentence_start_ms,
       s.sentence_end_ms AS sentence_end_ms, coalesce(s.sentence_speaker, []) AS sentence_speaker,
       coalesce(s.screen_lines, []) AS screen_lines,
       coalesce(s.screen_line_start_ms, []) AS screen_line_start_ms,
       coalesce(s.screen_line_end_ms, []) AS screen_line_end_ms,
       coalesce(s.screen_line_heading, []) AS screen_line_heading,
       coalesce(s.caption_lines, []) AS caption_lines,
       coalesce(s.caption_line_start_ms, []) AS caption_line_start_ms,
       coalesce(s.caption_line_end_ms, []) AS caption_line_end_ms,
       COLLECT {
         MATCH (s)-[m:MENTIONS]->(e:Entity)
         WITH m, e ORDER BY m.start_ms, e.id LIMIT $mention_cap
         OPTIONAL MATCH (e)-[:SAME_AS]->(whole:Entity)
         WITH m, coalesce(whole, e) AS known
         RETURN {id: known.id, name: known.name, type: known.type, modality: m.modality, start_ms: m.start_ms}
       } AS mentions
ORDER BY s.index
