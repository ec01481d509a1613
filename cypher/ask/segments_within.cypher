// purpose: Which segments say or show anything, or are embedded by anything, within a scope that leaves out lines.
// param segment_ids (list of string): segments of videos of the scope
// param scope (map): see kg_videorag/graph/scope.py
// returns: segment_id (string)
// :param {segment_ids: [], scope: {narrows: true, video_ids: null, lines: true, start_ms: 0, end_ms: 60000, modalities: ["speech"], speaker: null}}
UNWIND $segment_ids AS segment_id
MATCH (s:Segment {id: segment_id})
WHERE ("speech" IN $scope.modalities AND any(i IN range(0, size(coalesce(s.sentences, [])) - 1)
         WHERE s.sentence_start_ms[i] < $scope.end_ms AND s.sentence_end_ms[i] > $scope.start_ms
           AND ($scope.speaker IS NULL OR s.sentence_speaker[i] = $scope.speaker)))
   OR ("screen" IN $scope.modalities AND any(i IN range(0, size(coalesce(s.screen_lines, [])) - 1)
         WHERE s.screen_line_start_ms[i] < $scope.end_ms AND s.screen_line_end_ms[i] > $scope.start_ms))
   OR ("caption" IN $scope.modalities AND any(i IN range(0, size(coalesce(s.caption_lines, [])) - 1)
         WHERE s.caption_line_start_ms[i] < $scope.end_ms AND s.caption_line_end_ms[i] > $scope.start_ms))
   OR EXISTS {
         MATCH (s)-[m:MENTIONS]->(:Entity)
         WHERE m.modality IN ["vision", "sound"] AND m.modality IN $scope.modalities
           AND m.start_ms < $scope.end_ms AND m.end_ms > $scope.start_ms }
   OR EXISTS {
         MATCH (s)-[:HAS_EMBEDDING]->(e:Embedding)
         WHERE e.space <> "text" AND e.at_ms >= $scope.start_ms AND e.at_ms < $scope.end_ms
           AND (CASE e.space WHEN "audio" THEN "sound" ELSE "vision" END) IN $scope.modalities }
RETURN segment_id
