// purpose: Segments in stretches of videos, those that lie in them the longest first.
// param windows (list of map): video_id, start_ms, end_ms
// param limit (integer): how many segments at most
// returns: segment_id (string), start_ms, end_ms (integer, ms; the stretch), overlap_ms (integer, ms)
// :param {windows: [{video_id: "ab", start_ms: 0, end_ms: 60000}], limit: 50}
UNWIND $windows AS window
MATCH (:Video {id: window.video_id})-[:HAS_SEGMENT]->(s:Segment)
WHERE s.start_ms < window.end_ms AND s.end_ms > window.start_ms
WITH s, window,
     CASE WHEN s.end_ms < window.end_ms THEN s.end_ms ELSE window.end_ms END
     - CASE WHEN s.start_ms > window.start_ms THEN s.start_ms ELSE window.start_ms END AS overlap_ms
RETURN s.id AS segment_id, window.start_ms AS start_ms, window.end_ms AS end_ms, overlap_ms
ORDER BY overlap_ms DESC, s.start_ms, s.id
LIMIT $limit
