// purpose: Segments in whose words a question's words occur, and the entities whose names are near them; each index is asked for the words of its language. A scope is looked at while the index is read, best first, until enough is within: it takes nothing from what is found.
// param segment_queries (list of map): index, query (Lucene, escaped)
// param entity_queries (list of map): index, query (Lucene, escaped)
// param scope (map): see kg_videorag/graph/scope.py
// param limit (integer): how many segments at most from each index
// param segment_options (map): limit: the same, where nothing narrows; else none
// param entity_limit (integer): how many entities at most from each index
// param entity_options (map): limit: the same, where nothing narrows; else none
// returns: segments (list of list of map): of each query that found any: segment_id, score; entities (list of map): id, name, type, canonical (map): id, name, type of whom it is a variant of, else its own; all best first
// :param {segment_queries: [{index: "segment_fulltext", query: "radium"}], entity_queries: [{index: "entity_fulltext", query: "radium~1"}], scope: {narrows: false, video_ids: null, lines: false}, limit: 20, segment_options: {limit: 20}, entity_limit: 50, entity_options: {limit: 50}}
CALL () {
  UNWIND $segment_queries AS q
  CALL (q) {
    CALL db.index.fulltext.queryNodes(q.index, q.query, $segment_options)
    YIELD node AS s, score
    WHERE ($scope.video_ids IS NULL OR s.video_id IN $scope.video_ids)
      AND (NOT $scope.lines
           OR (s.start_ms < $scope.end_ms AND s.end_ms > $scope.start_ms
               AND (("speech" IN $scope.modalities AND any(i IN range(0, size(coalesce(s.sentences, [])) - 1)
                       WHERE s.sentence_start_ms[i] < $scope.end_ms AND s.sentence_end_ms[i] > $scope.start_ms
                         AND ($scope.speaker IS NULL OR s.sentence_speaker[i] = $scope.speaker)))
                 OR ("screen" IN $scope.modalities AND any(i IN range(0, size(coalesce(s.screen_lines, [])) - 1)
                       WHERE s.screen_line_start_ms[i] < $scope.end_ms AND s.screen_line_end_ms[i] > $scope.start_ms))
                 OR ("caption" IN $scope.modalities AND any(i IN range(0, size(coalesce(s.caption_lines, [])) - 1)
                       WHERE s.caption_line_start_ms[i] < $scope.end_ms AND s.caption_line_end_ms[i] > $scope.start_ms)))))
    WITH s, score LIMIT $limit
    WITH s, score ORDER BY score DESC, s.id
    RETURN collect({segment_id: s.id, score: score}) AS found
  }
  RETURN collect(found) AS segments
}
CALL () {
  UNWIND $entity_queries AS q
  CALL (q) {
    CALL db.index.fulltext.queryNodes(q.index, q.query, $entity_options)
    YIELD node, score
    OPTIONAL MATCH (node)-[:SAME_AS]->(canonical:Entity)
    WITH node, score, coalesce(canonical, node) AS whole
    WHERE NOT $scope.narrows OR EXISTS {
      MATCH (whole)<-[:SAME_AS*0..1]-(:Entity)<-[m:MENTIONS]-(s:Segment)
      WHERE ($scope.video_ids IS NULL OR m.video_id IN $scope.video_ids)
        AND (NOT $scope.lines
             OR (m.start_ms < $scope.end_ms AND m.end_ms > $scope.start_ms AND m.modality IN $scope.modalities
                 AND ($scope.speaker IS NULL OR any(i IN range(0, size(coalesce(s.sentence_speaker, [])) - 1)
                        WHERE s.sentence_speaker[i] = $scope.speaker
                          AND s.sentence_start_ms[i] <= m.start_ms AND m.start_ms < s.sentence_end_ms[i]))))
    }
    WITH node, whole, score LIMIT $entity_limit
    RETURN node, whole ORDER BY score DESC, node.id
  }
  WITH DISTINCT node, whole
  RETURN collect({id: node.id, name: node.name, type: node.type,
                  canonical: {id: whole.id, name: whole.name, type: whole.type}}) AS entities
}
RETURN segments, entities
