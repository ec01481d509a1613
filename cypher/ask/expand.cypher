// purpose: The neighbourhood of a question in the graph, in one round trip, read through SAME_AS: segments that mention its entities, entities that these relate to and the segments that mention those, and the segments before and after the hits. Every step is capped, and says so.
// param entity_ids (list of string): entities that the question names, canonical ones
// param segment_ids (list of string): segments found by search, best first
// param scope (map): only what is said, seen and related there; see kg_videorag/graph/scope.py
// param cap (integer): how many neighbours at most at each step
// param told_cap (integer): how many segments that tell of an entity are looked at
// param variant_cap (integer): how many variants of an entity at most
// returns: mentioned (list of map): entity_id, segment_ids, told_in, cut; related (list of map): entity_id, weight, segment_ids, told_in; adjacent (list of map): segment_id, neighbour_ids
// :param {entity_ids: [], segment_ids: [], scope: {narrows: false, video_ids: null, lines: false}, cap: 25, told_cap: 1000, variant_cap: 50}
CALL () {
  // Segments that mention what the question names, by any of its names. Spread evenly over time
  // where a hub has more than the cap: every n-th, so that no part of a library is left out.
  UNWIND $entity_ids AS entity_id
  MATCH (e:Entity {id: entity_id})
  WITH e, [e] + COLLECT { MATCH (e)<-[:SAME_AS]-(v:Entity) RETURN v ORDER BY v.id LIMIT $variant_cap } AS names
  CALL (names) {
    UNWIND names AS named
    MATCH (named)<-[m:MENTIONS]-(s:Segment)
    WHERE ($scope.video_ids IS NULL OR m.video_id IN $scope.video_ids)
      AND (NOT $scope.lines
           OR (m.start_ms < $scope.end_ms AND m.end_ms > $scope.start_ms AND m.modality IN $scope.modalities
               AND ($scope.speaker IS NULL OR any(i IN range(0, size(coalesce(s.sentence_speaker, [])) - 1)
                      WHERE s.sentence_speaker[i] = $scope.speaker
                        AND s.sentence_start_ms[i] <= m.start_ms AND m.start_ms < s.sentence_end_ms[i]))))
    WITH DISTINCT s, s.id IN $segment_ids AS hit
    ORDER BY hit DESC, s.video_id, s.index
    WITH collect(s.id) AS ids
    WITH ids, toInteger(ceil(size(ids) / toFloat($cap))) AS step
    RETURN [i IN range(0, size(ids) - 1) WHERE ids[i] IN $segment_ids OR i % step = 0 | ids[i]][..$cap] AS taken,
           size(ids) > $cap AS cut
  }
  CALL (names, taken) {
    UNWIND names AS named
    MATCH (named)-[r:RELATES_TO]-()
    WHERE r.segment_id IN taken
    RETURN collect(DISTINCT r.segment_id) AS told
  }
  RETURN collect({entity_id: e.id, segment_ids: taken, told_in: told, cut: cut}) AS mentioned
}
CALL () {
  // What the named entities relate to, and where those things are spoken of: first where
  // something is told of them, as the next step of an answer would be.
  UNWIND $entity_ids AS entity_id
  MATCH (e:Entity {id: entity_id})
  WITH e, [e] + COLLECT { MATCH (e)<-[:SAME_AS]-(v:Entity) RETURN v ORDER BY v.id LIMIT $variant_cap } AS names
  CALL (names) {
    UNWIND names AS named
    MATCH (named)-[r:RELATES_TO]-(end:Entity)
    WHERE ($scope.video_ids IS NULL OR r.video_id IN $scope.video_ids)
      AND (NOT $scope.lines
           OR (r.start_ms < $scope.end_ms AND r.end_ms > $scope.start_ms AND r.modality IN $scope.modalities
               AND ($scope.speaker IS NULL OR EXISTS {
                      MATCH (told_by:Segment {id: r.segment_id})
                      WHERE any(i IN range(0, size(coalesce(told_by.sentence_speaker, [])) - 1)
                                WHERE told_by.sentence_speaker[i] = $scope.speaker
                                  AND told_by.sentence_start_ms[i] <= r.start_ms AND r.start_ms < told_by.sentence_end_ms[i]) })))
    WITH end, count(r) AS told
    OPTIONAL MATCH (end)-[:SAME_AS]->(whole:Entity)
    WITH coalesce(whole, end) AS other, sum(told) AS weight
    WHERE NOT other.id IN $entity_ids
    RETURN other, weight
    ORDER BY weight DESC, other.id LIMIT $cap
  }
  WITH other, sum(weight) AS weight
  ORDER BY weight DESC, other.id LIMIT $cap
  WITH other, weight,
       [other] + COLLECT { MATCH (other)<-[:SAME_AS]-(v:Entity) RETURN v ORDER BY v.id LIMIT $variant_cap } AS names
  CALL (names) {
    UNWIND names AS named
    MATCH (named)-[r:RELATES_TO]-()
    WHERE ($scope.video_ids IS NULL OR r.video_id IN $scope.video_ids)
      AND (NOT $scope.lines
           OR (r.start_ms < $scope.end_ms AND r.end_ms > $scope.start_ms AND r.modality IN $scope.modalities
               AND ($scope.speaker IS NULL OR EXISTS {
                      MATCH (told_by:Segment {id: r.segment_id})
                      WHERE any(i IN range(0, size(coalesce(told_by.sentence_speaker, [])) - 1)
                                WHERE told_by.sentence_speaker[i] = $scope.speaker
                                  AND told_by.sentence_start_ms[i] <= r.start_ms AND r.start_ms < told_by.sentence_end_ms[i]) })))
    WITH DISTINCT r.segment_id AS id LIMIT $told_cap
    RETURN collect(id) AS told
  }
  CALL (names, told) {
    UNWIND names AS named
    MATCH (named)<-[m:MENTIONS]-(s:Segment)
    WHERE ($scope.video_ids IS NULL OR m.video_id IN $scope.video_ids)
      AND (NOT $scope.lines
           OR (m.start_ms < $scope.end_ms AND m.end_ms > $scope.start_ms AND m.modality IN $scope.modalities
               AND ($scope.speaker IS NULL OR any(i IN range(0, size(coalesce(s.sentence_speaker, [])) - 1)
                      WHERE s.sentence_speaker[i] = $scope.speaker
                        AND s.sentence_start_ms[i] <= m.start_ms AND m.start_ms < s.sentence_end_ms[i]))))
    WITH DISTINCT s, s.id IN $segment_ids AS hit, s.id IN told AS is_told
    ORDER BY is_told DESC, hit DESC, s.video_id, s.index LIMIT $cap
    RETURN collect(s.id) AS segment_ids
  }
  RETURN collect({entity_id: other.id, weight: weight, segment_ids: segment_ids,
                  told_in: [id IN segment_ids WHERE id IN told]}) AS related
}
CALL () {
  // What was said just before and just after the hits.
  UNWIND $segment_ids AS segment_id
  MATCH (s:Segment {id: segment_id})
  OPTIONAL MATCH (after:Segment)-[:FOLLOWS]->(s)
  OPTIONAL MATCH (s)-[:FOLLOWS]->(before:Segment)
  RETURN collect({segment_id: segment_id, neighbour_ids: [x IN [before.id, after.id] WHERE x IS NOT NULL]}) AS adjacent
}
RETURN mentioned, related, adjacent
