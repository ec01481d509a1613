// purpose: What was due is done; names that were left of entities that are gone are no longer needed.
// returns: nothing
// :param {}
MATCH (e:ResolveDue)
FOREACH (_ IN CASE WHEN e:Entity THEN [1] ELSE [] END | REMOVE e:ResolveDue)
WITH e
WHERE NOT e:Entity
DELETE e
