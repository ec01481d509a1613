// purpose: All that joins entities, and what users set apart.
// returns: variant, canonical, reason (string), score (float), chosen (string): whom a user named, else null; apart (boolean): a split, not an edge
// :param {}
MATCH (v:Entity)-[r:SAME_AS]->(c:Entity)
RETURN v.id AS variant, c.id AS canonical, r.reason AS reason, r.score AS score,
       r.chosen AS chosen, false AS apart
UNION ALL
MATCH (v:Entity)-[:NOT_SAME_AS]->(c:Entity)
RETURN v.id AS variant, c.id AS canonical, null AS reason, null AS score,
       null AS chosen, true AS apart
