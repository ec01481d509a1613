// purpose: Join segments with their nearest, in both directions, and keep the best of each. Whose edge is lost here, or now worth less, is due for another search.
// param space (string): text, vision or audio
// param rows (list of map): segment_id, nearest (list of map: segment_id, score)
// param cap (integer): edges that leave a segment at most
// returns: nothing
// :param {space: "text", rows: [], cap: 5}
UNWIND $rows AS row
MATCH (s:Segment {id: row.segment_id})
REMOVE s:SimilarDue
WITH s, row, [near IN row.nearest | near.segment_id] AS ids
CALL (s, ids) {
  MATCH (s)-[r:SIMILAR_TO {space: $space}]->(t:Segment)
  WHERE NOT t.id IN ids
  DELETE r
}
CALL (s, row) {
  MATCH (t:Segment)-[r:SIMILAR_TO {space: $space}]->(s)
  WHERE r.score > coalesce(head([near IN row.nearest WHERE near.segment_id = t.id | near.score]), -1)
  SET t:SimilarDue
  DELETE r
}
UNWIND row.nearest AS near
MATCH (t:Segment {id: near.segment_id})
UNWIND [[s, t], [t, s]] AS pair
WITH pair[0] AS begin, pair[1] AS end, near.score AS score
MERGE (begin)-[r:SIMILAR_TO {space: $space}]->(end)
SET r.score = score
WITH DISTINCT begin
CALL (begin) {
  MATCH (begin)-[r:SIMILAR_TO {space: $space}]->(end:Segment)
  WITH r ORDER BY r.score DESC, end.id SKIP $cap
  DELETE r
}
