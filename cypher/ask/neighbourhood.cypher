// purpose: The neighbourhood of a question in the graph, in one round trip, read through SAME_AS: what the named entities and those of the best hits relate to, one relation and two away, where that is told, and what stands beside the hits in time or is like them. Every step is capped.
// param entity_ids (list of string): entities that the question names, canonical ones
// param segment_ids (list of string): segments found by search, best first
// param scope (map): only what is said, seen and related there; see kg_videorag/graph/scope.py
// param stems (list of string): stems of the question's words, lower case, each after a space; relations with a word in their predicate that begins so come first
// param seed_cap (integer): how many entities of the hits at most
// param cap (integer): how many neighbours at most at each step
// param told_cap (integer): how many relations of one entity at most
// param look_cap (integer): how many mentions of a hub are looked at
// param look_told_cap (integer): how many relations of a hub are looked at
// param variant_cap (integer): how many variants of an entity at most
// returns: mentioned (list of map): entity_id, segment_ids, cut; entities (list of map): id, name, type; relations (list of map): subject_id, predicate, object_id, segment_id, start_ms, end_ms; hits (list of map): segment_id, entity_ids (list of string; those among entities), follows (list of string), similar (list of map): segment_id, score
// :param {entity_ids: [], segment_ids: [], scope: {narrows: false, video_ids: null, lines: false}, stems: [], seed_cap: 24, cap: 25, told_cap: 12, look_cap: 2000, look_told_cap: 500, variant_cap: 50}
CALL () {
  // Segments that mention what the question names, by any of its names. Spread evenly in the order
  // of writing where a hub has more than the cap: every n-th, so that no part is left out.
  UNWIND $entity_ids AS entity_id
  MATCH (e:Entity {id: entity_id})
  CALL (e) {
    UNWIND [e] + COLLECT { MATCH (e)<-[:SAME_AS]-(v:Entity) RETURN v ORDER BY v.id LIMIT $variant_cap } AS named
    CALL (named) {
      MATCH (named)<-[m:MENTIONS]-(s:Segment)
      WHERE ($scope.video_ids IS NULL OR m.video_id IN $scope.video_ids)
        AND (NOT $scope.lines
             OR (m.start_ms < $scope.end_ms AND m.end_ms > $scope.start_ms AND m.modality IN $scope.modalities
                 AND ($scope.speaker IS NULL OR any(i IN range(0, size(coalesce(s.sentence_speaker, [])) - 1)
                        WHERE s.sentence_speaker[i] = $scope.speaker
                          AND s.sentence_start_ms[i] <= m.start_ms AND m.start_ms < s.sentence_end_ms[i]))))
      RETURN s LIMIT $look_cap
    }
    WITH collect(DISTINCT s) AS spoken
    WITH spoken, toInteger(ceil(size(spoken) / toFloat($cap))) AS step
    RETURN [i IN range(0, size(spoken) - 1) WHERE i % step = 0 | spoken[i].id] AS taken, size(spoken) > $cap AS cut
  }
  RETURN collect(e) AS linked, collect({entity_id: e.id, segment_ids: taken, cut: cut}) AS mentioned
}
CALL () {
  // What the hits speak of, and what stands beside them.
  UNWIND $segment_ids AS segment_id
  MATCH (s:Segment {id: segment_id})
  RETURN collect({
    segment_id: segment_id,
    entities: COLLECT {
      MATCH (s)-[:MENTIONS]->(e:Entity)
      WITH DISTINCT e LIMIT $cap
      OPTIONAL MATCH (e)-[:SAME_AS]->(whole:Entity)
      RETURN DISTINCT coalesce(whole, e)
    },
    follows: COLLECT { MATCH (s)-[:FOLLOWS]-(t:Segment) RETURN t.id },
    similar: COLLECT {
      MATCH (s)-[r:SIMILAR_TO]->(t:Segment)
      WHERE $scope.video_ids IS NULL OR t.video_id IN $scope.video_ids
      RETURN {segment_id: t.id, score: r.score} LIMIT $cap
    }
  }) AS hits
}
CALL (linked, hits) {
  UNWIND range(0, size(hits) - 1) AS place
  UNWIND hits[place].entities AS e
  WITH e, min(place) AS place, linked
  WHERE NOT e IN linked
  ORDER BY place, e.id LIMIT $seed_cap
  RETURN collect(e) AS found
}
CALL (linked, found) {
  // One relation away; first those whose predicate the question says, then those told in hits.
  UNWIND linked + found AS e
  CALL (e) {
    UNWIND [e] + COLLECT { MATCH (e)<-[:SAME_AS]-(v:Entity) RETURN v ORDER BY v.id LIMIT $variant_cap } AS named
    CALL (named) {
      MATCH (named)-[r:RELATES_TO]-()
      WHERE ($scope.video_ids IS NULL OR r.video_id IN $scope.video_ids)
        AND (NOT $scope.lines
             OR (r.start_ms < $scope.end_ms AND r.end_ms > $scope.start_ms AND r.modality IN $scope.modalities
                 AND ($scope.speaker IS NULL OR EXISTS {
                        MATCH (told_by:Segment {id: r.segment_id})
                        WHERE any(i IN range(0, size(coalesce(told_by.sentence_speaker, [])) - 1)
                                  WHERE told_by.sentence_speaker[i] = $scope.speaker
                                    AND told_by.sentence_start_ms[i] <= r.start_ms AND r.start_ms < told_by.sentence_end_ms[i]) })))
      RETURN r LIMIT $look_told_cap
    }
    RETURN r, any(stem IN $stems WHERE ' ' + r.predicate CONTAINS stem) AS asked
    ORDER BY asked DESC, r.segment_id IN $segment_ids DESC, r.id LIMIT $told_cap
  }
  RETURN collect(DISTINCT r) AS about
}
CALL () {
  // What is told in the hits, of whomever.
  UNWIND $segment_ids AS segment_id
  CALL (segment_id) {
    MATCH (:Entity)-[r:RELATES_TO {segment_id: segment_id}]->(:Entity)
    WHERE ($scope.video_ids IS NULL OR r.video_id IN $scope.video_ids)
      AND (NOT $scope.lines
           OR (r.start_ms < $scope.end_ms AND r.end_ms > $scope.start_ms AND r.modality IN $scope.modalities
               AND ($scope.speaker IS NULL OR EXISTS {
                      MATCH (told_by:Segment {id: r.segment_id})
                    WHERE any(i IN range(0, size(coalesce(told_by.sentence_speaker, [])) - 1)
                              WHERE told_by.sentence_speaker[i] = $scope.speaker
                                  AND told_by.sentence_start_ms[i] <= r.start_ms AND r.start_ms < told_by.sentence_end_ms[i]) })))
    RETURN r LIMIT $told_cap
  }
  RETURN collect(r) AS told
}
WITH mentioned, hits, linked, found, about + told AS first
CALL (linked, found, first) {
  UNWIND first AS r
  UNWIND [startNode(r), endNode(r)] AS end
  OPTIONAL MATCH (end)-[:SAME_AS]->(whole:Entity)
  WITH coalesce(whole, end) AS e, linked, found, max(any(stem IN $stems WHERE ' ' + r.predicate CONTAINS stem)) AS asked, count(r) AS weight
  WHERE NOT e IN linked AND NOT e IN found
  ORDER BY asked DESC, weight DESC, e.id LIMIT $cap
  RETURN collect(e) AS bridges
}
CALL (bridges) {
  // Two relations away.
  UNWIND bridges AS e
  CALL (e) {
    UNWIND [e] + COLLECT { MATCH (e)<-[:SAME_AS]-(v:Entity) RETURN v ORDER BY v.id LIMIT $variant_cap } AS named
    CALL (named) {
      MATCH (named)-[r:RELATES_TO]-()
      WHERE ($scope.video_ids IS NULL OR r.video_id IN $scope.video_ids)
        AND (NOT $scope.lines
             OR (r.start_ms < $scope.end_ms AND r.end_ms > $scope.start_ms AND r.modality IN $scope.modalities
                 AND ($scope.speaker IS NULL OR EXISTS {
                        MATCH (told_by:Segment {id: r.segment_id})
                        WHERE any(i IN range(0, size(coalesce(told_by.sentence_speaker, [])) - 1)
                                  WHERE told_by.sentence_speaker[i] = $scope.speaker
                                    AND told_by.sentence_start_ms[i] <= r.start_ms AND r.start_ms < told_by.sentence_end_ms[i]) })))
      RETURN r LIMIT $look_told_cap
    }
    RETURN r, any(stem IN $stems WHERE ' ' + r.predicate CONTAINS stem) AS asked
    ORDER BY asked DESC, r.segment_id IN $segment_ids DESC, r.id LIMIT $told_cap
  }
  RETURN collect(DISTINCT r) AS second
}
CALL (first, second) {
  UNWIND first + second AS r
  WITH DISTINCT r
  WITH r, startNode(r) AS subject, endNode(r) AS object
  OPTIONAL MATCH (subject)-[:SAME_AS]->(whole_subject:Entity)
  OPTIONAL MATCH (object)-[:SAME_AS]->(whole_object:Entity)
  WITH r, coalesce(whole_subject, subject) AS subject, coalesce(whole_object, object) AS object
  WHERE subject <> object
  RETURN collect(DISTINCT subject) + collect(DISTINCT object) AS ends,
         collect({subject_id: subject.id, predicate: r.predicate, object_id: object.id,
                  segment_id: r.segment_id, start_ms: r.start_ms, end_ms: r.end_ms}) AS relations
}
WITH mentioned, hits, relations, linked + found + ends AS known
RETURN mentioned, relations,
       COLLECT { UNWIND known AS e RETURN DISTINCT {id: e.id, name: e.name, type: e.type} } AS entities,
       [hit IN hits | {segment_id: hit.segment_id, entity_ids: [e IN hit.entities WHERE e IN known | e.id],
                       follows: hit.follows, similar: hit.similar}] AS hits
