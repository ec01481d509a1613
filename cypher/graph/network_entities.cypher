// purpose: The entities of the network: canonical ones, but no dates and quantities.
// returns: id, name, type (string)
// :param {}
MATCH (e:Entity)
WHERE NOT e.type IN ["Date", "Quantity"] AND NOT (e)-[:SAME_AS]->()
RETURN e.id AS id, e.name AS name, e.type AS type
ORDER BY id
