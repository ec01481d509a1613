// purpose: What groups of things is the library about? After `kg-videorag graph measure`.
// param limit (integer, default 25): rows at most
// returns: number (integer, from 0), name (string), size, videos (integer), summary (string), members (list of string): 20 at most, the most central first
// :param {limit: 25}
MATCH (c:Community)
WITH c ORDER BY c.number LIMIT $limit
CALL (c) {
  MATCH (c)<-[:IN_COMMUNITY]-(e:Entity)
  WITH e ORDER BY e.pagerank DESC, e.id
  RETURN collect(e.name)[..20] AS members
}
CALL (c) {
  MATCH (c)<-[:IN_COMMUNITY]-(:Entity)<-[m:MENTIONS]-(:Segment)
  RETURN count(DISTINCT m.video_id) AS videos
}
RETURN c.number AS number, c.name AS name, c.size AS size, videos, c.summary AS summary, members
ORDER BY number
