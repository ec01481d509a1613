// purpose: Which moments are like each other, in one video or across them?
// param least (float, default 0.0): cosine that a pair has at least
// param limit (integer, default 50): rows at most
// returns: video (string), start_ms, end_ms (integer, ms), other (string), other_start_ms, other_end_ms (integer, ms), score (float): cosine, speech, other_speech (string): 80 letters at most
// :param {least: 0.0, limit: 50}
MATCH (a:Segment)-[r:SIMILAR_TO]->(b:Segment)
WHERE r.score >= $least AND (a.id < b.id OR NOT EXISTS { (b)-[:SIMILAR_TO {space: r.space}]->(a) })
MATCH (v:Video)-[:HAS_SEGMENT]->(a)
MATCH (w:Video)-[:HAS_SEGMENT]->(b)
RETURN v.title AS video, a.start_ms AS start_ms, a.end_ms AS end_ms,
       w.title AS other, b.start_ms AS other_start_ms, b.end_ms AS other_end_ms,
       r.score AS score, left(a.speech, 80) AS speech, left(b.speech, 80) AS other_speech
ORDER BY score DESC, video, start_ms, other, other_start_ms
LIMIT $limit
