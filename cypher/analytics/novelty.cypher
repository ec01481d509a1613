// purpose: How much that is new does each minute of a video bring? A thing is new where the video first mentions it.
// param video (string): its title, file name, path or id
// param limit (integer, default 1500): rows at most
// returns: minute (integer, from 0), mentions (integer), entities (integer): spoken of in it, new (integer): of them for the first time, new_entities (list of string): 10 at most
// :param {video: "apollo_people.mp4", limit: 1500}
MATCH (v:Video)
WHERE $video IN [v.id, v.title, v.path] OR v.path ENDS WITH '/' + $video
MATCH (v)-[:HAS_SEGMENT]->(:Segment)-[m:MENTIONS]->(e:Entity)
OPTIONAL MATCH (e)-[:SAME_AS]->(whole:Entity)
WITH coalesce(whole, e) AS e, m.start_ms / 60000 AS minute, count(m) AS mentions
ORDER BY minute
WITH e, collect({minute: minute, mentions: mentions}) AS minutes
UNWIND range(0, size(minutes) - 1) AS place
WITH e, minutes[place].minute AS minute, minutes[place].mentions AS mentions, place = 0 AS is_new
ORDER BY e.name
RETURN minute, sum(mentions) AS mentions, count(e) AS entities,
       sum(CASE WHEN is_new THEN 1 ELSE 0 END) AS new,
       [name IN collect(CASE WHEN is_new THEN e.name END) WHERE name IS NOT NULL][..10] AS new_entities
ORDER BY minute
LIMIT $limit
