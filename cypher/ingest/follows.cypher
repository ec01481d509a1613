// purpose: Chain segments: the later one FOLLOWS the earlier one.
// param rows (list of map): later_id, earlier_id
// returns: nothing
// :param {rows: []}
UNWIND $rows AS row
MATCH (later:Segment {id: row.later_id})
MATCH (earlier:Segment {id: row.earlier_id})
MERGE (later)-[:FOLLOWS]->(earlier)
