// purpose: An entity by all its names, and how often some videos mention it.
// param entity_id (string): one of its names
// param video_ids (list of string): only in these videos; null for all
// param variant_cap (integer): how many variants at most
// returns: entity (map), variants (list of map): id, name, type; mentions, videos (integer)
// :param {entity_id: "ab", video_ids: null, variant_cap: 50}
MATCH (e:Entity {id: $entity_id})
OPTIONAL MATCH (e)-[:SAME_AS]->(whole:Entity)
WITH coalesce(whole, e) AS e
WITH e, COLLECT { MATCH (e)<-[:SAME_AS]-(v:Entity) RETURN v ORDER BY v.id LIMIT $variant_cap } AS variants
CALL (e, variants) {
  UNWIND [e] + variants AS named
  MATCH (named)<-[m:MENTIONS]-(:Segment)
  WHERE $video_ids IS NULL OR m.video_id IN $video_ids
  RETURN count(m) AS mentions, count(DISTINCT m.video_id) AS videos
}
RETURN {id: e.id, name: e.name, type: e.type} AS entity,
       [v IN variants | {id: v.id, name: v.name, type: v.type}] AS variants, mentions, videos
