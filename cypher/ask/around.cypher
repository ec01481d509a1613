// purpose: What some segments say and show, and which segments come after or before them in their videos, nearest first.
// param segment_ids (list of string): the segments
// param later (boolean): whether those after are wanted; else those before
// param reach (integer): how many segments at most on that side, 120 at most
// returns: segment_id, video_id (string), start_ms, end_ms (integer, ms), sentences (list of string), sentence_start_ms, sentence_end_ms (list of integer, ms), screen_lines (list of string), screen_line_start_ms, screen_line_end_ms (list of integer, ms), screen_line_heading (list of string), beside (list of map): segment_id, start_ms, end_ms
// :param {segment_ids: [], later: true, reach: 8}
UNWIND $segment_ids AS segment_id
MATCH (a:Segment {id: segment_id})
CALL (a) {
  MATCH path = (a)<-[:FOLLOWS*1..120]-(s:Segment)
  WHERE $later AND length(path) <= $reach
  WITH s, length(path) AS step ORDER BY step
  RETURN collect({segment_id: s.id, start_ms: s.start_ms, end_ms: s.end_ms}) AS after
}
CALL (a) {
  MATCH path = (a)-[:FOLLOWS*1..120]->(s:Segment)
  WHERE NOT $later AND length(path) <= $reach
  WITH s, length(path) AS step ORDER BY step
  RETURN collect({segment_id: s.id, start_ms: s.start_ms, end_ms: s.end_ms}) AS before
}
RETURN a.id AS segment_id, a.video_id AS video_id, a.start_ms AS start_ms, a.end_ms AS end_ms,
       a.sentences AS sentences, a.sentence_start_ms AS sentence_start_ms, a.sentence_end_ms AS sentence_end_ms,
       coalesce(a.screen_lines, []) AS screen_lines, coalesce(a.screen_line_start_ms, []) AS screen_line_start_ms,
       coalesce(a.screen_line_end_ms, []) AS screen_line_end_ms,
       coalesce(a.screen_line_heading, []) AS screen_line_heading,
       after + before AS beside
