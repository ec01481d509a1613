// 5. How two things are joined, with the moments that say so
CALL db.index.fulltext.queryNodes('entity_fulltext', 'Armstrong', {limit: 1}) YIELD node AS a
CALL db.index.fulltext.queryNodes('entity_fulltext', 'Draper', {limit: 1}) YIELD node AS b
MATCH p = shortestPath((a)-[:MENTIONS|RELATES_TO|SAME_AS*..12]-(b))
RETURN p
