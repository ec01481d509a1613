// purpose: Entities whose SAME_AS edges are to be found anew: written since, bereft of a mention, or of another entity. Of those that are gone a node without the label Entity is left, so that names they competed with are looked at again.
// returns: id, name, type (string), is_gone (boolean)
// :param {}
MATCH (e:ResolveDue)
RETURN e.id AS id, e.name AS name, e.type AS type, NOT e:Entity AS is_gone
ORDER BY id
