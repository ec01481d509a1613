// purpose: Write communities and who belongs to them.
// param rows (list of map): id, number, name, summary, size, member_ids
// returns: nothing
// :param {rows: []}
UNWIND $rows AS row
MERGE (c:Community {id: row.id})
SET c.number = row.number, c.name = row.name, c.summary = row.summary, c.size = row.size
WITH c, row
UNWIND row.member_ids AS member_id
MATCH (e:Entity {id: member_id})
MERGE (e)-[:IN_COMMUNITY]->(c)
