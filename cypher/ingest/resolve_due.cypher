// purpose: Entities whose SAME_AS edges are to be found anew: written since, bereft of a mention, or of another entity; and those that are gone since, with whose names others competed.
// returns: id, name, type (string), is_gone (boolean)
// :param {}
MATCH (e:ResolveDue)
RETURN e.id AS id, e.name AS name, e.type AS type, false AS is_gone
UNION ALL
MATCH (e:RemovedEntity)
RETURN e.id AS id, e.name AS name, e.type AS type, true AS is_gone
