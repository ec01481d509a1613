// purpose: Write vectors. One that exists keeps its seq; one that was removed before is no longer.
// param rows (list of map): id, label, vector, segment_id, space_label, properties
// param seq (integer): the number of this change
// returns: nothing
// :param {rows: [], seq: 1}
UNWIND $rows AS row
MATCH (s:Segment {id: row.segment_id})
MERGE (e:Embedding {id: row.id})
ON CREATE SET e.seq = $seq, e.label = row.label, e.vector = row.vector
SET e += row.properties
SET e:$(row.space_label)
MERGE (s)-[:HAS_EMBEDDING]->(e)
WITH row
MATCH (r:RemovedEmbedding {label: row.label})
DELETE r
