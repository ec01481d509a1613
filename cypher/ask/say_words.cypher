// purpose: Segments in which all words of a question occur, with what they say and show: to count sentences.
// param index (string): which full-text index
// param words (string): Lucene, escaped
// param video_ids (list of string): only in these videos; null for all
// param limit (integer): how many segments at most
// returns: video_id, path, segment_id (string), start_ms, end_ms (integer, ms), sentences (list of string), sentence_start_ms, sentence_end_ms (list of integer, ms), sentence_speaker (list of string), screen_lines (list of string), screen_line_start_ms, screen_line_end_ms (list of integer, ms), screen_line_heading (list of string)
// :param {index: "segment_fulltext", words: "+radium", video_ids: null, limit: 1000}
CALL db.index.fulltext.queryNodes($index, $words, {limit: $limit})
YIELD node, score
WHERE $video_ids IS NULL OR node.video_id IN $video_ids
MATCH (v:Video {id: node.video_id})
RETURN v.id AS video_id, v.path AS path, node.id AS segment_id, node.start_ms AS start_ms, node.end_ms AS end_ms,
       node.sentences AS sentences, node.sentence_start_ms AS sentence_start_ms,
       node.sentence_end_ms AS sentence_end_ms, coalesce(node.sentence_speaker, []) AS sentence_speaker,
       coalesce(node.screen_lines, []) AS screen_lines, coalesce(node.screen_line_start_ms, []) AS screen_line_start_ms,
       coalesce(node.screen_line_end_ms, []) AS screen_line_end_ms,
       coalesce(node.screen_line_heading, []) AS screen_line_heading
ORDER BY video_id, start_ms
