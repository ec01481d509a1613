// purpose: Segments in whose words a question's words occur, and the entities whose names are near them.
// param segment_query (string): Lucene query, escaped
// param entity_query (string): Lucene query, escaped
// param video_ids (list of string): only segments of these videos; null for all
// param limit (integer): how many segments at most
// param over_fetch (integer): how many to draw from the index before the filter
// param entity_limit (integer): how many entities at most
// returns: segments (list of map): segment_id, score; entities (list of map): id, name, type, score; both best first
// :param {segment_query: "radium", entity_query: "radium~1", video_ids: null, limit: 20, over_fetch: 20, entity_limit: 50}
CALL () {
  CALL db.index.fulltext.queryNodes('segment_fulltext', $segment_query, {limit: $over_fetch})
  YIELD node, score
  WHERE $video_ids IS NULL OR node.video_id IN $video_ids
  WITH node, score ORDER BY score DESC, node.id LIMIT $limit
  RETURN collect({segment_id: node.id, score: score}) AS segments
}
CALL () {
  CALL db.index.fulltext.queryNodes('entity_fulltext', $entity_query, {limit: $entity_limit})
  YIELD node, score
  RETURN collect({id: node.id, name: node.name, type: node.type, score: score}) AS entities
}
RETURN segments, entities
