// purpose: Write entities. The first name under which one was met stays. Their SAME_AS edges are due.
// param rows (list of map): id, name, type from the allow-list
// returns: nothing
// :param {rows: []}
UNWIND $rows AS row
MERGE (e:Entity {id: row.id})
ON CREATE SET e.name = row.name, e.type = row.type
SET e:$(row.type), e:ResolveDue
