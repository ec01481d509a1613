// purpose: Is every chain of segments whole? No rows means yes.
// returns: video, video_id (string), segments, links, branches, gaps, overlaps (integer)
// :param {}
MATCH (v:Video)
CALL (v) {
  MATCH (v)-[:HAS_SEGMENT]->(s:Segment)
  RETURN count(s) AS segments,
         sum(COUNT { (s)-[:FOLLOWS]->() }) AS links,
         sum(CASE WHEN COUNT { (s)-[:FOLLOWS]->() } > 1 OR COUNT { (s)<-[:FOLLOWS]-() } > 1 THEN 1 ELSE 0 END) AS branches
}
CALL (v) {
  MATCH (v)-[:HAS_SEGMENT]->(later:Segment)-[:FOLLOWS]->(earlier:Segment)
  RETURN sum(CASE WHEN later.start_ms > earlier.end_ms THEN 1 ELSE 0 END) AS gaps,
         sum(CASE WHEN later.start_ms < earlier.end_ms THEN 1 ELSE 0 END) AS overlaps
}
WITH v, segments, links, branches, gaps, overlaps
WHERE links <> segments - 1 OR branches > 0 OR gaps > 0 OR overlaps > 0
RETURN v.title AS video, v.id AS video_id, segments, links, branches, gaps, overlaps
ORDER BY video
