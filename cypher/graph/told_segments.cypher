// purpose: All that is said, shown and described in a video, with the times of words, corrected and as it was recognised.
// param video_id (string): sha256 of the file
// returns: id (string), index, start_ms, end_ms (integer), and the parallel lists of docs/graph-model.md; null where a segment has none
// :param {video_id: "ab"}
MATCH (:Video {id: $video_id})-[:HAS_SEGMENT]->(s:Segment)
RETURN s.id AS id, s.index AS index, s.start_ms AS start_ms, s.end_ms AS end_ms,
       s.sentences AS sentences, s.sentence_start_ms AS sentence_start_ms,
       s.sentence_end_ms AS sentence_end_ms, s.sentence_speaker AS sentence_speaker,
       s.sentences_heard AS sentences_heard, s.sentence_words AS sentence_words,
       s.word_start_ms AS word_start_ms, s.word_end_ms AS word_end_ms,
       s.screen_lines AS screen_lines, s.screen_line_start_ms AS screen_line_start_ms,
       s.screen_line_end_ms AS screen_line_end_ms, s.screen_line_heading AS screen_line_heading,
       s.screen_lines_read AS screen_lines_read,
       s.screen_line_heading_read AS screen_line_heading_read,
       s.caption_lines AS caption_lines, s.caption_line_start_ms AS caption_line_start_ms,
       s.caption_line_end_ms AS caption_line_end_ms
ORDER BY s.index
