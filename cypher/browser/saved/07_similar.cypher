// 7. Moments that are like each other
MATCH p = (:Segment)-[:SIMILAR_TO]->(:Segment)
RETURN p LIMIT 50
