// purpose: The entities that a selector names: by id, by the first 8 or more characters of one, or by name, whatever its type.
// param selector (string): what the user typed
// param ids (list of string): the ids that entities of that name have, one a type
// returns: id, name, type (string), mentions (integer)
// :param {selector: "0123abcd", ids: []}
MATCH (e:Entity)
WHERE e.id IN $ids OR (size($selector) >= 8 AND e.id STARTS WITH $selector)
RETURN e.id AS id, e.name AS name, e.type AS type, COUNT { (e)<-[:MENTIONS]-() } AS mentions
ORDER BY mentions DESC, id
LIMIT 20
