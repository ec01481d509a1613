// purpose: All entities by name, for resolution.
// returns: id, name, type (string), mentions (integer)
// :param {}
MATCH (e:Entity)
RETURN e.id AS id, e.name AS name, e.type AS type, COUNT { (e)<-[:MENTIONS]-() } AS mentions
