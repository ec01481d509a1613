// purpose: Drop tags that no video carries any more.
// returns: nothing
// :param {}
MATCH (t:Tag)
WHERE NOT EXISTS { (t)<-[:HAS_TAG]-(:Video) }
DELETE t
