// purpose: How much of each video do speech, text on the screen, captions, things seen and sounds heard cover?
// param limit (integer, default 200): rows at most
// returns: video (string), duration_ms (integer, ms), segments (integer), said, shown, captioned, seen, heard (float): share of segments, 0 to 1, said_ms (integer, ms): time in which something is said
// :param {limit: 200}
MATCH (v:Video)
WITH v ORDER BY v.title, v.id LIMIT $limit
CALL (v) {
  MATCH (v)-[:HAS_SEGMENT]->(s:Segment)
  RETURN count(s) AS segments,
         sum(CASE WHEN s.speech <> '' THEN 1 ELSE 0 END) AS said,
         sum(CASE WHEN coalesce(s.screen_text, '') <> '' THEN 1 ELSE 0 END) AS shown,
         sum(CASE WHEN coalesce(s.caption, '') <> '' THEN 1 ELSE 0 END) AS captioned,
         sum(CASE WHEN EXISTS { (s)-[:MENTIONS {modality: "vision"}]->() } THEN 1 ELSE 0 END) AS seen,
         sum(CASE WHEN EXISTS { (s)-[:MENTIONS {modality: "sound"}]->() } THEN 1 ELSE 0 END) AS heard,
         sum(reduce(ms = 0, i IN range(0, size(s.sentences) - 1) | ms + s.sentence_end_ms[i] - s.sentence_start_ms[i])) AS said_ms
}
WITH v, segments, said, shown, captioned, seen, heard, said_ms,
     CASE WHEN segments > 0 THEN toFloat(segments) ELSE 1.0 END AS of_them
RETURN v.title AS video, v.duration_ms AS duration_ms, segments, round(said / of_them, 3) AS said,
       round(shown / of_them, 3) AS shown, round(captioned / of_them, 3) AS captioned,
       round(seen / of_them, 3) AS seen, round(heard / of_them, 3) AS heard, said_ms
ORDER BY video
