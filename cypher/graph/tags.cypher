// purpose: The tags, and the videos that carry each.
// param keys (list of string): only these; null for all
// returns: key, name (string), video_ids (list of string)
// :param {keys: null}
MATCH (t:Tag)
WHERE $keys IS NULL OR t.key IN $keys
RETURN t.key AS key, t.name AS name, COLLECT { MATCH (t)<-[:HAS_TAG]-(v:Video) RETURN v.id ORDER BY v.id } AS video_ids
ORDER BY name, key
