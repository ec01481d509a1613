// purpose: Where is nothing said in a video for a while?
// param video (string): its title, file name, path or id
// param least_ms (integer, default 5000): how long at least, ms
// param limit (integer, default 200): rows at most
// returns: start_ms, end_ms, duration_ms (integer, ms), shown (string): what stands on the screen meanwhile, 200 letters at most
// :param {video: "apollo_people.mp4", least_ms: 5000, limit: 200}
MATCH (v:Video)
WHERE $video IN [v.id, v.title, v.path] OR v.path ENDS WITH '/' + $video
WITH v, [0] + COLLECT {
  MATCH (v)-[:HAS_SEGMENT]->(s:Segment)
  UNWIND s.sentence_end_ms AS end_ms
  RETURN end_ms ORDER BY end_ms
} AS ends, COLLECT {
  MATCH (v)-[:HAS_SEGMENT]->(s:Segment)
  UNWIND s.sentence_start_ms AS start_ms
  RETURN start_ms ORDER BY start_ms
} + [v.duration_ms] AS starts
UNWIND range(0, size(ends) - 1) AS place
WITH v, ends[place] AS start_ms, starts[place] AS end_ms
WHERE end_ms - start_ms >= $least_ms
RETURN start_ms, end_ms, end_ms - start_ms AS duration_ms,
       left(reduce(text = '', shown IN COLLECT {
         MATCH (v)-[:HAS_SEGMENT]->(s:Segment)
         WHERE s.start_ms < end_ms AND s.end_ms > start_ms AND s.screen_text <> ''
         RETURN s.screen_text ORDER BY s.start_ms LIMIT 5
       } | text + shown + '\n'), 200) AS shown
ORDER BY start_ms
LIMIT $limit
