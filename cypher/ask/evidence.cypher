// purpose: What the chosen segments say, and what the graph knows of it.
// param segment_ids (list of string): the chosen segments
// param cap (integer): how many entities at most for each segment
// param label_cap (integer): how many things seen and sounds heard at most for each segment
// param variant_cap (integer): how many other names of an entity at most
// returns: segment_id, video_id, path (string), source_url (string or null): the address that the file was fetched from, start_ms, end_ms (integer, ms), sentences (list of string), sentence_start_ms, sentence_end_ms (list of integer, ms), sentence_speaker (list of string; empty where no speaker is known), screen_lines (list of string), screen_line_start_ms, screen_line_end_ms (list of integer, ms), screen_line_heading (list of string), caption_lines (list of string), caption_line_start_ms, caption_line_end_ms (list of integer, ms), before (list of string): sentences of the segment before, entities (list of map): id, name, type, variants (list of string: its other names), of canonical ones, labels (list of map): name, modality, start_ms, end_ms of what was seen or heard, the surest first
// :param {segment_ids: [], cap: 50, label_cap: 20, variant_cap: 20}
MATCH (v:Video)-[:HAS_SEGMENT]->(s:Segment)
WHERE s.id IN $segment_ids
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
         MATCH (s)-[:MENTIONS]->(e:Entity)
         WITH DISTINCT e LIMIT $cap
         OPTIONAL MATCH (e)-[:SAME_AS]->(whole:Entity)
         WITH DISTINCT coalesce(whole, e) AS known
         RETURN {id: known.id, name: known.name, type: known.type,
                 variants: COLLECT { MATCH (known)<-[:SAME_AS]-(other:Entity) RETURN other.name LIMIT $variant_cap }}
       } AS entities,
       COLLECT {
         MATCH (s)-[m:MENTIONS]->(e:Entity)
         WHERE m.modality IN ["vision", "sound"]
         RETURN {name: e.name, modality: m.modality, start_ms: m.start_ms, end_ms: m.end_ms}
         ORDER BY m.confidence DESC, m.start_ms, e.name LIMIT $label_cap
       } AS labels
