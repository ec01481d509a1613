// purpose: Segments in stretches of videos, those that lie in them the longest first.
// param windows (list of map): video_id, start_ms, end_ms
// param scope (map): who speaks and what is perceived there; see kg_videorag/graph/scope.py
// param limit (integer): how many segments at most
// returns: segment_id (string), start_ms, end_ms (integer, ms; the stretch), overlap_ms (integer, ms)
// :param {windows: [{video_id: "ab", start_ms: 0, end_ms: 60000}], scope: {lines: false}, limit: 50}
UNWIND $windows AS window
MATCH (:Video {id: window.video_id})-[:HAS_SEGMENT]->(s:Segment)
WHERE s.start_ms < window.end_ms AND s.end_ms > window.start_ms
  AND (NOT $scope.lines
       OR ("speech" IN $scope.modalities AND any(i IN range(0, size(coalesce(s.sentences, [])) - 1)
             WHERE s.sentence_start_ms[i] < window.end_ms AND s.sentence_end_ms[i] > window.start_ms
               AND ($scope.speaker IS NULL OR s.sentence_speaker[i] = $scope.speaker)))
       OR ("screen" IN $scope.modalities AND any(i IN range(0, size(coalesce(s.screen_lines, [])) - 1)
             WHERE s.screen_line_start_ms[i] < window.end_ms AND s.screen_line_end_ms[i] > window.start_ms))
       OR ("caption" IN $scope.modalities AND any(i IN range(0, size(coalesce(s.caption_lines, [])) - 1)
             WHERE s.caption_line_start_ms[i] < window.end_ms AND s.caption_line_end_ms[i] > window.start_ms))
       OR EXISTS {
             MATCH (s)-[m:MENTIONS]->(:Entity)
             WHERE m.modality IN ["vision", "sound"] AND m.modality IN $scope.modalities
               AND m.start_ms < window.end_ms AND m.end_ms > window.start_ms })
WITH s, window,
     CASE WHEN s.end_ms < window.end_ms THEN s.end_ms ELSE window.end_ms END
     - CASE WHEN s.start_ms > window.start_ms THEN s.start_ms ELSE window.start_ms END AS overlap_ms
RETURN s.id AS segment_id, window.start_ms AS start_ms, window.end_ms AS end_ms, overlap_ms
ORDER BY overlap_ms DESC, s.start_ms, s.id
LIMIT $limit
