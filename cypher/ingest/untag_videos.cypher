// purpose: Take tags off videos.
// param video_ids (list of string): which
// param keys (list of string): of tags
// returns: nothing
// :param {video_ids: [], keys: []}
MATCH (v:Video)-[carried:HAS_TAG]->(t:Tag)
WHERE v.id IN $video_ids AND t.key IN $keys
DELETE carried
