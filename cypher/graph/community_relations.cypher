// purpose: What is told most often between the members of each community.
// param communities (list of list of string): ids of members
// param limit (integer): how many of each at most
// returns: place (integer, from 0), told (list of string): "subject predicate object"
// :param {communities: [], limit: 3}
UNWIND range(0, size($communities) - 1) AS place
CALL (place) {
  UNWIND $communities[place][..200] AS id
  MATCH (a:Entity {id: id})-[r:RELATES_TO]->(b:Entity)
  WHERE b.id IN $communities[place]
  WITH a.name + ' ' + r.predicate + ' ' + b.name AS said, count(r) AS times
  ORDER BY times DESC, said LIMIT $limit
  RETURN collect(said) AS told
}
RETURN place, told
