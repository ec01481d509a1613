// purpose: Where is one thing spoken of, and another soon after it in the same video, by whatever names?
// param first (string): a name of the first
// param then (string): a name of the second
// param within (integer, default 3): segments that may lie between the two; 0 is the same segment
// param limit (integer, default 100): rows at most
// returns: video (string), first_start_ms, then_start_ms (integer, ms), segments_between (integer), first_surface, then_surface (string), first_segment_id, then_segment_id (string)
// :param {first: "Saturn V", then: "Neil Armstrong", within: 3, limit: 100}
CALL db.index.fulltext.queryNodes('entity_fulltext', '"' + replace(replace($first, '"', ' '), '\\', ' ') + '"', {limit: 1000})
YIELD node AS a
WHERE toLower(a.name) = toLower($first)
OPTIONAL MATCH (a)-[:SAME_AS]->(whole_a:Entity)
WITH DISTINCT coalesce(whole_a, a) AS one
WITH collect(one) AS ones
CALL db.index.fulltext.queryNodes('entity_fulltext', '"' + replace(replace($then, '"', ' '), '\\', ' ') + '"', {limit: 1000})
YIELD node AS b
WHERE toLower(b.name) = toLower($then)
OPTIONAL MATCH (b)-[:SAME_AS]->(whole_b:Entity)
WITH DISTINCT ones, coalesce(whole_b, b) AS other
WITH ones, collect(other) AS others
CALL (ones) {
  UNWIND ones AS one
  UNWIND [one] + COLLECT { MATCH (one)<-[:SAME_AS]-(n:Entity) RETURN n LIMIT 1000 } AS named
  MATCH (named)<-[m:MENTIONS]-(s:Segment)
  RETURN s.video_id AS video_id, collect({id: s.id, index: s.index, start_ms: m.start_ms, surface: m.surface}) AS firsts
}
CALL (others, video_id) {
  UNWIND others AS other
  UNWIND [other] + COLLECT { MATCH (other)<-[:SAME_AS]-(n:Entity) RETURN n LIMIT 1000 } AS named
  MATCH (named)<-[m:MENTIONS {video_id: video_id}]-(s:Segment)
  RETURN collect({id: s.id, index: s.index, start_ms: m.start_ms, surface: m.surface}) AS thens
}
UNWIND firsts AS f
CALL (f, thens) {
  UNWIND thens AS t
  WITH f, t
  WHERE t.start_ms > f.start_ms AND t.index - f.index <= $within
  RETURN t ORDER BY t.start_ms LIMIT 1
}
MATCH (v:Video {id: video_id})
RETURN v.title AS video, f.start_ms AS first_start_ms, t.start_ms AS then_start_ms,
       t.index - f.index AS segments_between, f.surface AS first_surface,
       t.surface AS then_surface, f.id AS first_segment_id, t.id AS then_segment_id
ORDER BY video, first_start_ms
LIMIT $limit
