// purpose: Who speaks in which videos, as their transcripts name them. Of videos that were ingested before it was kept, their sentences tell.
// param video_ids (list of string): only these videos; null for all
// returns: name (string), video_ids (list of string)
// :param {video_ids: null}
MATCH (v:Video)
WHERE $video_ids IS NULL OR v.id IN $video_ids
WITH v, coalesce(v.speakers, COLLECT {
  MATCH (v)-[:HAS_SEGMENT]->(s:Segment)
  WHERE s.sentence_speaker IS NOT NULL
  UNWIND s.sentence_speaker AS name
  RETURN DISTINCT name
}) AS names
UNWIND names AS name
WITH v, name
WHERE name <> ""
RETURN name, collect(v.id) AS video_ids
ORDER BY name
