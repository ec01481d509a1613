// purpose: Write segments and hang them on their video. Their SIMILAR_TO edges are due.
// param video_id (string): sha256 of the file
// param rows (list of map): id, properties
// returns: nothing
// :param {video_id: "ab", rows: []}
MATCH (v:Video {id: $video_id})
UNWIND $rows AS row
MERGE (s:Segment {id: row.id})
SET s += row.properties, s:SimilarDue
MERGE (v)-[:HAS_SEGMENT]->(s)
