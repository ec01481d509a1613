// 2. The course of a video: its segments in their chain
MATCH p = (v:Video)-[:HAS_SEGMENT]->(s:Segment)
WHERE v.title CONTAINS 'Apollo'
OPTIONAL MATCH q = (s)-[:FOLLOWS]->(:Segment)
RETURN p, q LIMIT 100
