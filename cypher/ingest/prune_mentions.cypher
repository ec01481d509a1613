// purpose: Drop the mentions of a video that its new version does not have.
// param video_id (string): sha256 of the file
// param kept (list of string): ids of mentions to leave
// returns: entity_id (string): entities that lost a mention
// :param {video_id: "ab", kept: []}
MATCH (:Video {id: $video_id})-[:HAS_SEGMENT]->(:Segment)-[m:MENTIONS]->(e:Entity)
WHERE NOT m.id IN $kept
DELETE m
RETURN DISTINCT e.id AS entity_id
