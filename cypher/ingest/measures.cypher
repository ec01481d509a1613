// purpose: Write what entities were measured to be.
// param rows (list of map): entity_id, pagerank, betweenness, community (integer, or null)
// returns: nothing
// :param {rows: []}
UNWIND $rows AS row
MATCH (e:Entity {id: row.entity_id})
SET e.pagerank = row.pagerank, e.betweenness = row.betweenness, e.community = row.community
