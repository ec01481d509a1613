// purpose: How often some things are mentioned in which videos, by any of their names, with the first and the last mentions. What stands on the screen over the end of a segment is one mention.
// param entity_ids (list of string): canonical ones
// param modalities (list of string): only what was perceived so
// param video_ids (list of string): only in these videos; null for all
// param start_ms (integer): only what ends after this, ms
// param end_ms (integer): only what begins before this, ms; null for the end
// param speaker (string): only what this one says; null for all
// param variant_cap (integer): how many variants of a thing at most
// param kept (integer): how many of the first mentions are returned of each video and form
// param limit (integer): how many rows at most
// returns: video_id, path, surface (string), times (integer), first (list of map), last (map): segment_id, start_ms, end_ms, modality
// :param {entity_ids: [], modalities: ["speech"], video_ids: null, start_ms: 0, end_ms: null, speaker: null, variant_cap: 50, kept: 3, limit: 10000}
UNWIND $entity_ids AS entity_id
MATCH (e:Entity {id: entity_id})
UNWIND [e] + COLLECT { MATCH (e)<-[:SAME_AS]-(v:Entity) RETURN v ORDER BY v.id LIMIT $variant_cap } AS named
MATCH (named)<-[m:MENTIONS]-(s:Segment)
WHERE m.modality IN $modalities
  AND ($video_ids IS NULL OR m.video_id IN $video_ids)
  AND m.end_ms > $start_ms AND ($end_ms IS NULL OR m.start_ms < $end_ms)
  AND ($speaker IS NULL OR any(i IN range(0, size(s.sentences) - 1) WHERE
       coalesce(s.sentence_speaker, [])[i] = $speaker
       AND s.sentence_start_ms[i] <= m.start_ms AND m.start_ms < s.sentence_end_ms[i]))
  AND NOT (m.start_ms = s.start_ms AND EXISTS {
    MATCH (s)-[:FOLLOWS]->(:Segment)-[p:MENTIONS]->(named)
    WHERE p.end_ms = m.start_ms AND p.modality = m.modality AND p.surface = m.surface })
WITH DISTINCT m, s ORDER BY m.start_ms, m.id
WITH m.video_id AS video_id, m.surface AS surface, count(*) AS times,
     collect({segment_id: s.id, start_ms: m.start_ms, end_ms: m.end_ms, modality: m.modality}) AS mentions
MATCH (v:Video {id: video_id})
RETURN video_id, v.path AS path, surface, times, mentions[..$kept] AS first, last(mentions) AS last
ORDER BY video_id, surface
LIMIT $limit
