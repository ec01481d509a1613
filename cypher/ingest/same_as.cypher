// purpose: Join variants with their canonical entities; each in the place of its former edge.
// param rows (list of map): variant, canonical, reason (string), score (float), chosen (string or null)
// returns: nothing
// :param {rows: []}
UNWIND $rows AS row
MATCH (v:Entity {id: row.variant})
MATCH (c:Entity {id: row.canonical})
CALL (v) {
  MATCH (v)-[former:SAME_AS]->(:Entity)
  DELETE former
}
CREATE (v)-[r:SAME_AS]->(c)
SET r.reason = row.reason, r.score = row.score, r.chosen = row.chosen
