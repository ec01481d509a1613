// 1. A look around: videos, their segments, what these mention
MATCH p = (v:Video)-[:HAS_SEGMENT]->(:Segment)-[:MENTIONS]->(:Entity)
RETURN p LIMIT 100
