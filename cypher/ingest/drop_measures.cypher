// purpose: Forget what entities were measured to be, and the communities that there are no longer.
// param community_ids (list of string): those that stay; who belongs to them is written anew
// returns: nothing
// :param {community_ids: []}
CALL () {
  MATCH (e:Entity) WHERE e.pagerank IS NOT NULL
  REMOVE e.pagerank, e.betweenness, e.community
}
CALL () {
  MATCH (:Entity)-[in:IN_COMMUNITY]->(:Community)
  DELETE in
}
CALL () {
  MATCH (c:Community) WHERE NOT c.id IN $community_ids
  DETACH DELETE c
}
