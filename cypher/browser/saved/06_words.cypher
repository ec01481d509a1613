// 6. Where words are said or shown
CALL db.index.fulltext.queryNodes('segment_fulltext', 'computer', {limit: 10}) YIELD node AS s, score
MATCH (v:Video)-[:HAS_SEGMENT]->(s)
RETURN v.title AS video, s.start_ms / 1000 AS from_s, s.end_ms / 1000 AS to_s, s.speech AS said, s.screen_text AS shown
ORDER BY score DESC
