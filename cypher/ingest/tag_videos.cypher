// purpose: Put tags on videos.
// param video_ids (list of string): which
// param tags (list of map): key (the name without regard to case), name
// returns: nothing
// :param {video_ids: [], tags: [{key: "course", name: "Course"}]}
MATCH (v:Video)
WHERE v.id IN $video_ids
UNWIND $tags AS tag
MERGE (t:Tag {key: tag.key})
ON CREATE SET t.name = tag.name
MERGE (v)-[:HAS_TAG]->(t)
