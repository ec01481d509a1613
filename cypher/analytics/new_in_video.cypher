// purpose: What does a video speak of that no other video of the library does?
// param video (string): its title, file name, path or id
// param limit (integer, default 200): rows at most
// returns: entity, type (string), mentions (integer), start_ms, end_ms (integer, ms): the first time, modality, surface (string)
// :param {video: "apollo_people.mp4", limit: 200}
MATCH (v:Video)
WHERE $video IN [v.id, v.title, v.path] OR v.path ENDS WITH '/' + $video
MATCH (v)-[:HAS_SEGMENT]->(:Segment)-[m:MENTIONS]->(e:Entity)
OPTIONAL MATCH (e)-[:SAME_AS]->(whole:Entity)
WITH v, coalesce(whole, e) AS e, m ORDER BY m.start_ms
WITH v, e, collect(m) AS mentions
WHERE NOT EXISTS {
  UNWIND [e] + COLLECT { MATCH (e)<-[:SAME_AS]-(n:Entity) RETURN n LIMIT 1000 } AS named
  MATCH (named)<-[m:MENTIONS]-(:Segment)
  WHERE m.video_id <> v.id
}
WITH e, mentions[0] AS first, size(mentions) AS mentions
RETURN e.name AS entity, e.type AS type, mentions, first.start_ms AS start_ms, first.end_ms AS end_ms,
       first.modality AS modality, first.surface AS surface
ORDER BY mentions DESC, start_ms, entity
LIMIT $limit
