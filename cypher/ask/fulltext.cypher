// purpose: Segments in whose words a question's words occur, and the entities whose names are near them; each index is asked for the words of its language.
// param segment_queries (list of map): index, query (Lucene, escaped)
// param entity_queries (list of map): index, query (Lucene, escaped)
// param video_ids (list of string): only segments of these videos; null for all
// param limit (integer): how many segments at most from each index
// param over_fetch (integer): how many to draw from each index before the filter
// param entity_limit (integer): how many entities at most from each index
// returns: segments (list of list of map): of each query that found any: segment_id, score; entities (list of map): id, name, type, canonical (map): id, name, type of whom it is a variant of, else its own; all best first
// :param {segment_queries: [{index: "segment_fulltext", query: "radium"}], entity_queries: [{index: "entity_fulltext", query: "radium~1"}], video_ids: null, limit: 20, over_fetch: 20, entity_limit: 50}
CALL () {
  UNWIND $segment_queries AS q
  CALL (q) {
    CALL db.index.fulltext.queryNodes(q.index, q.query, {limit: $over_fetch})
    YIELD node, score
    WHERE $video_ids IS NULL OR node.video_id IN $video_ids
    WITH node, score ORDER BY score DESC, node.id LIMIT $limit
    RETURN collect({segment_id: node.id, score: score}) AS found
  }
  RETURN collect(found) AS segments
}
CALL () {
  UNWIND $entity_queries AS q
  CALL (q) {
    CALL db.index.fulltext.queryNodes(q.index, q.query, {limit: $entity_limit})
    YIELD node, score
    RETURN node ORDER BY score DESC, node.id LIMIT $entity_limit
  }
  WITH DISTINCT node
  OPTIONAL MATCH (node)-[:SAME_AS]->(whole:Entity)
  WITH node, coalesce(whole, node) AS whole
  RETURN collect({id: node.id, name: node.name, type: node.type,
                  canonical: {id: whole.id, name: whole.name, type: whole.type}}) AS entities
}
RETURN segments, entities
