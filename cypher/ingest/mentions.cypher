// purpose: Tie entities to the segment and the milliseconds where they were perceived.
// param rows (list of map): id, segment_id, entity_id, properties
// returns: nothing
// :param {rows: []}
UNWIND $rows AS row
MATCH (s:Segment {id: row.segment_id})
MATCH (e:Entity {id: row.entity_id})
MERGE (s)-[m:MENTIONS {id: row.id}]->(e)
SET m += row.properties
