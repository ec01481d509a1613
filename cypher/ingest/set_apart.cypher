// purpose: Remember that a user split entities, or with `apart` false that the user joined them after all.
// param rows (list of map): variant, other (string)
// param apart (boolean): whether they are two
// returns: nothing
// :param {rows: [], apart: true}
UNWIND $rows AS row
MATCH (v:Entity {id: row.variant})
MATCH (o:Entity {id: row.other})
CALL (v, o) {
  MATCH (v)-[former:NOT_SAME_AS]-(o)
  DELETE former
}
WITH v, o WHERE $apart
CREATE (v)-[:NOT_SAME_AS]->(o)
