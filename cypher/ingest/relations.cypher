// purpose: Write relations, one edge per occurrence.
// param rows (list of map): id, subject_id, object_id, properties
// returns: nothing
// :param {rows: []}
UNWIND $rows AS row
MATCH (subject:Entity {id: row.subject_id})
MATCH (object:Entity {id: row.object_id})
MERGE (subject)-[r:RELATES_TO {id: row.id}]->(object)
SET r += row.properties
