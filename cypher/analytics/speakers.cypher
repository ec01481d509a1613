// purpose: Who speaks about what? Where subtitles or diarization tell speakers apart.
// param least (integer, default 1): times that somebody speaks of a thing at least
// param limit (integer, default 200): rows at most
// returns: speaker, entity, type (string), times (integer), videos (integer), first_video (string), first_start_ms (integer, ms)
// :param {least: 1, limit: 200}
MATCH (s:Segment)-[m:MENTIONS {modality: "speech"}]->(e:Entity)
WHERE s.sentence_speaker IS NOT NULL
WITH s, m, e, [i IN range(0, size(s.sentences) - 1)
               WHERE s.sentence_start_ms[i] <= m.start_ms < s.sentence_end_ms[i] | s.sentence_speaker[i]][0] AS speaker
WHERE speaker <> ''
OPTIONAL MATCH (e)-[:SAME_AS]->(whole:Entity)
WITH speaker, coalesce(whole, e) AS e, s, m ORDER BY s.video_id, m.start_ms
WITH speaker, e, collect({video_id: s.video_id, start_ms: m.start_ms}) AS said
WHERE size(said) >= $least
WITH speaker, e, said, said[0] AS first
MATCH (v:Video {id: first.video_id})
RETURN speaker, e.name AS entity, e.type AS type, size(said) AS times,
       COUNT { UNWIND said AS one RETURN DISTINCT one.video_id } AS videos,
       v.title AS first_video, first.start_ms AS first_start_ms
ORDER BY speaker, times DESC, entity
LIMIT $limit
