// purpose: Relations told in the chosen segments, between canonical entities.
// param segment_ids (list of string): the chosen segments
// param video_ids (list of string): the videos that they are of
// param scope (map): only what is told there; see kg_videorag/graph/scope.py
// param cap (integer): how many relations at most
// returns: subject_id, predicate, object_id, segment_id (string), start_ms, end_ms (integer, ms)
// :param {segment_ids: [], video_ids: [], scope: {lines: false}, cap: 100}
UNWIND $video_ids AS video_id
MATCH (subject:Entity)-[r:RELATES_TO {video_id: video_id}]->(object:Entity)
WHERE r.segment_id IN $segment_ids
  AND (NOT $scope.lines
       OR (r.start_ms < $scope.end_ms AND r.end_ms > $scope.start_ms AND r.modality IN $scope.modalities
           AND ($scope.speaker IS NULL OR EXISTS {
                  MATCH (s:Segment {id: r.segment_id})
                  WHERE any(i IN range(0, size(coalesce(s.sentence_speaker, [])) - 1)
                            WHERE s.sentence_speaker[i] = $scope.speaker
                              AND s.sentence_start_ms[i] <= r.start_ms AND r.start_ms < s.sentence_end_ms[i]) })))
WITH r, subject, object ORDER BY r.video_id, r.start_ms LIMIT $cap
OPTIONAL MATCH (subject)-[:SAME_AS]->(whole_subject:Entity)
OPTIONAL MATCH (object)-[:SAME_AS]->(whole_object:Entity)
WITH r, coalesce(whole_subject, subject) AS subject, coalesce(whole_object, object) AS object
WHERE subject <> object
RETURN subject.id AS subject_id, r.predicate AS predicate, object.id AS object_id,
       r.segment_id AS segment_id, r.start_ms AS start_ms, r.end_ms AS end_ms
ORDER BY r.video_id, start_ms
