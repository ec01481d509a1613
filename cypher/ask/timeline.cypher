// purpose: The segments that mention an entity by any of its names, in order of video, then time.
// param entity_ids (list of string): its names
// param video_ids (list of string): only in these videos; null for all
// param segment_cap (integer): how many segments at most
// param mention_cap (integer): how many mentions of each at most
// returns: video_id, path, title, segment_id (string), many (integer): its mentions, mentions (list of map): start_ms, end_ms, modality, surface, and what is said: sentences, screen_lines, caption_lines (list of string) with their times
// :param {entity_ids: [], video_ids: null, segment_cap: 1000, mention_cap: 50}
UNWIND $entity_ids AS entity_id
MATCH (:Entity {id: entity_id})<-[m:MENTIONS]-(s:Segment)
WHERE $video_ids IS NULL OR m.video_id IN $video_ids
WITH s, count(m) AS many
MATCH (v:Video {id: s.video_id})
WITH v, s, many ORDER BY v.title, v.id, s.index LIMIT $segment_cap
RETURN v.id AS video_id, v.path AS path, v.title AS title, s.id AS segment_id, many,
       COLLECT {
         MATCH (s)-[m:MENTIONS]->(e:Entity)
         WHERE e.id IN $entity_ids
         RETURN {start_ms: m.start_ms, end_ms: m.end_ms, modality: m.modality, surface: m.surface}
         ORDER BY m.start_ms, m.end_ms, m.id LIMIT $mention_cap
       } AS mentions,
       s.sentences AS sentences, s.sentence_start_ms AS sentence_start_ms,
       s.sentence_end_ms AS sentence_end_ms,
       coalesce(s.screen_lines, []) AS screen_lines,
       coalesce(s.screen_line_start_ms, []) AS screen_line_start_ms,
       coalesce(s.screen_line_end_ms, []) AS screen_line_end_ms,
       coalesce(s.screen_line_heading, []) AS screen_line_heading,
       coalesce(s.caption_lines, []) AS caption_lines,
       coalesce(s.caption_line_start_ms, []) AS caption_line_start_ms,
       coalesce(s.caption_line_end_ms, []) AS caption_line_end_ms
