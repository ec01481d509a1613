// purpose: Which vectors of some spaces are of something within a scope, for a search among those only. What was embedded before this was kept of it counts for every modality of its space, and for the moment at which it begins.
// param spaces (list of string): text, vision, audio ...
// param segment_ids (list of string): only of these segments, which are of videos of the scope; null for all
// param labels (list of integer): only these; null for all, or for those of segments
// param scope (map): see kg_videorag/graph/scope.py
// returns: space (string), labels (list of integer)
// :param {spaces: ["text"], segment_ids: null, labels: null, scope: {narrows: true, video_ids: [], lines: false, start_ms: 0, end_ms: 60000, modalities: ["speech"], speaker: null}}
CALL () {
  UNWIND coalesce($segment_ids, []) AS segment_id
  MATCH (:Segment {id: segment_id})-[:HAS_EMBEDDING]->(e:Embedding)
  RETURN e
  UNION ALL
  UNWIND coalesce($labels, []) AS label
  MATCH (e:Embedding {label: label})
  RETURN e
  UNION ALL
  UNWIND CASE WHEN $segment_ids IS NULL AND $labels IS NULL THEN coalesce($scope.video_ids, []) ELSE [] END AS video_id
  MATCH (e:Embedding {video_id: video_id})
  RETURN e
  UNION ALL
  UNWIND CASE WHEN $segment_ids IS NULL AND $labels IS NULL AND $scope.video_ids IS NULL THEN [0] ELSE [] END AS everywhere
  MATCH (e:Embedding)
  RETURN e
}
WITH e, coalesce(e.end_ms, e.at_ms + 1) AS end_ms, coalesce(e.lines, 1) AS lines,
     coalesce(e.modalities, CASE e.space WHEN "text" THEN ["speech", "screen", "caption"]
                                         WHEN "audio" THEN ["sound"] ELSE ["vision"] END) AS modalities
WHERE e.space IN $spaces
  AND ($scope.video_ids IS NULL OR e.video_id IN $scope.video_ids)
  AND (NOT $scope.lines
       OR (e.at_ms < $scope.end_ms AND end_ms > $scope.start_ms
           // What is of several lines is of nothing else only where all of it is within.
           AND (lines = 1 OR (e.at_ms >= $scope.start_ms AND end_ms <= $scope.end_ms))
           AND any(modality IN modalities WHERE modality IN $scope.modalities)
           AND ($scope.speaker IS NULL OR e.speaker = $scope.speaker
                OR (e.modalities IS NULL AND EXISTS {
                      MATCH (s:Segment)-[:HAS_EMBEDDING]->(e)
                      WHERE any(i IN range(0, size(coalesce(s.sentence_speaker, [])) - 1)
                                WHERE s.sentence_start_ms[i] = e.at_ms AND s.sentence_speaker[i] = $scope.speaker) }))))
RETURN e.space AS space, collect(e.label) AS labels
