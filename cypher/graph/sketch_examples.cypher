// purpose: What are titles, names and predicates of this library like?
// param few (integer): how many of each
// returns: videos, entities, predicates (list of string): the commonest
// :param {few: 8}
RETURN COLLECT { MATCH (v:Video) RETURN v.title ORDER BY v.title LIMIT $few } AS videos,
       COLLECT {
         MATCH (e:Entity)
         WITH e, COUNT { (e)<-[:MENTIONS]-() } AS mentions
         ORDER BY mentions DESC, e.name LIMIT $few
         RETURN e.name + ' (' + e.type + ')'
       } AS entities,
       COLLECT {
         MATCH ()-[r:RELATES_TO]->()
         WITH r.predicate AS predicate, count(*) AS times
         ORDER BY times DESC, predicate LIMIT $few
         RETURN predicate
       } AS predicates
