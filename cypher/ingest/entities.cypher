// purpose: Write entities; rows come sorted by id, so that two writers lock them in one order. The last SET takes the node's lock even where nothing changes: a deletion under way in another transaction then waits for us, or we for it.
// param rows (list of map): id, name, type from the allow-list
// returns: nothing
// :param {rows: []}
UNWIND $rows AS row
MERGE (e:Entity {id: row.id})
ON CREATE SET e.name = row.name, e.type = row.type
SET e:$(row.type)
SET e.type = row.type
