// purpose: What the chosen segments say, and what the graph knows of it.
// param segment_ids (list of string): the chosen segments
// param scope (map): only what is named, told, seen and heard there; see kg_videorag/graph/scope.py
// param cap (integer): how many entities at most for each segment
// param relation_cap (integer): how many relations at most for each segment
// param label_cap (integer): how many things seen and sounds heard at most for each segment
// param variant_cap (integer): how many other names of an entity at most
// returns: segment_id, video_id, path (string), source_url (string or null): the address that the file was fetched from, start_ms, end_ms (integer, ms), sentences (list of string), sentence_start_ms, sentence_end_ms (list of integer, ms), sentence_speaker (list of string; empty where no speaker is known), screen_lines (list of string), screen_line_start_ms, screen_line_end_ms (list of integer, ms), screen_line_heading (list of string), caption_lines (list of string), caption_line_start_ms, caption_line_end_ms (list of integer, ms), before (list of string): sentences of the segment before, entities (list of map): id, name, type, variants (list of string: its other names), of canonical ones, and starts_ms (list of integer, ms): when they are mentioned, relations (list of map): subject_id, predicate, object_id, start_ms, end_ms, between canonical ones, labels (list of map): name, modality, start_ms, end_ms of what was seen or heard, the surest first
// :param {segment_ids: [], scope: {lines: false}, cap: 50, relation_cap: 40, label_cap: 20, variant_cap: 20}
UNWIND $segment_ids AS segment_id
MATCH (v:Video)-[:HAS_SEGMENT]->(s:Segment {id: segment_id})
RETURN s.id AS segment_id, v.id AS video_id, v.path AS path, v.source_url AS source_url, s.start_ms AS start_ms, s.end_ms AS end_ms,
       s.sentences AS sentences, s.sentence_start_ms AS sentence_start_ms,
       s.sentence_end_ms AS sentence_end_ms, coalesce(s.sentence_speaker, []) AS sentence_speaker,
       coalesce(s.screen_lines, []) AS screen_lines,
       coalesce(s.screen_line_start_ms, []) AS screen_line_start_ms,
       coalesce(s.screen_line_end_ms, []) AS screen_line_end_ms,
       coalesce(s.screen_line_heading, []) AS screen_line_heading,
       coalesce(s.caption_lines, []) AS caption_lines,
       coalesce(s.caption_line_start_ms, []) AS caption_line_start_ms,
       coalesce(s.caption_line_end_ms, []) AS caption_line_end_ms,
       coalesce(head(COLLECT { MATCH (s)-[:FOLLOWS]->(p:Segment) RETURN p.sentences }), []) AS before,
       COLLECT {
         MATCH (s)-[m:MENTIONS]->(e:Entity)
         WHERE (NOT $scope.lines
            OR (m.start_ms < $scope.end_ms AND m.end_ms > $scope.start_ms AND m.modality IN $scope.modalities
                AND ($scope.speaker IS NULL OR any(i IN range(0, size(coalesce(s.sentence_speaker, [])) - 1)
                       WHERE s.sentence_speaker[i] = $scope.speaker
                         AND s.sentence_start_ms[i] <= m.start_ms AND m.start_ms < s.sentence_end_ms[i]))))
         WITH e, collect(m.start_ms) AS starts_ms ORDER BY e.id LIMIT $cap
         OPTIONAL MATCH (e)-[:SAME_AS]->(whole:Entity)
         WITH coalesce(whole, e) AS known, starts_ms
         RETURN {id: known.id, name: known.name, type: known.type, starts_ms: starts_ms,
                 variants: COLLECT { MATCH (known)<-[:SAME_AS]-(other:Entity) RETURN other.name LIMIT $variant_cap }}
       } AS entities,
       COLLECT {
         MATCH (subject:Entity)-[r:RELATES_TO {segment_id: s.id}]->(object:Entity)
         WHERE (NOT $scope.lines
            OR (r.start_ms < $scope.end_ms AND r.end_ms > $scope.start_ms AND r.modality IN $scope.modalities
                AND ($scope.speaker IS NULL OR any(i IN range(0, size(coalesce(s.sentence_speaker, [])) - 1)
                       WHERE s.sentence_speaker[i] = $scope.speaker
                         AND s.sentence_start_ms[i] <= r.start_ms AND r.start_ms < s.sentence_end_ms[i]))))
         WITH r, subject, object ORDER BY r.start_ms, r.id LIMIT $relation_cap
         OPTIONAL MATCH (subject)-[:SAME_AS]->(whole_subject:Entity)
         OPTIONAL MATCH (object)-[:SAME_AS]->(whole_object:Entity)
         WITH r, coalesce(whole_subject, subject) AS subject, coalesce(whole_object, object) AS object
         WHERE subject <> object
         RETURN {subject_id: subject.id, predicate: r.predicate, object_id: object.id,
                 start_ms: r.start_ms, end_ms: r.end_ms}
       } AS relations,
       COLLECT {
         MATCH (s)-[m:MENTIONS]->(e:Entity)
         WHERE m.modality IN ["vision", "sound"]
           AND (NOT $scope.lines
                OR (m.start_ms < $scope.end_ms AND m.end_ms > $scope.start_ms AND m.modality IN $scope.modalities))
         RETURN {name: e.name, modality: m.modality, start_ms: m.start_ms, end_ms: m.end_ms}
         ORDER BY m.confidence DESC, m.start_ms, e.name LIMIT $label_cap
       } AS labels
