// purpose: When is each thing of a video first spoken of, shown or seen in it, and had another video spoken of it already?
// param video (string): its title, file name, path or id
// param limit (integer, default 200): rows at most
// returns: entity, type (string), start_ms (integer, ms), modality, surface (string), mentions (integer): in this video, other_videos (integer): that speak of it too
// :param {video: "apollo_people.mp4", limit: 200}
MATCH (v:Video)
WHERE $video IN [v.id, v.title, v.path] OR v.path ENDS WITH '/' + $video
MATCH (v)-[:HAS_SEGMENT]->(:Segment)-[m:MENTIONS]->(e:Entity)
OPTIONAL MATCH (e)-[:SAME_AS]->(whole:Entity)
WITH v, coalesce(whole, e) AS e, m ORDER BY m.start_ms
WITH v, e, collect(m) AS said
WITH v, e, said[0] AS first, size(said) AS mentions
CALL (v, e) {
  UNWIND [e] + COLLECT { MATCH (e)<-[:SAME_AS]-(n:Entity) RETURN n LIMIT 1000 } AS named
  MATCH (named)<-[m:MENTIONS]-(:Segment)
  WHERE m.video_id <> v.id
  RETURN count(DISTINCT m.video_id) AS other_videos
}
RETURN e.name AS entity, e.type AS type, first.start_ms AS start_ms, first.modality AS modality,
       first.surface AS surface, mentions, other_videos
ORDER BY start_ms, entity
LIMIT $limit
