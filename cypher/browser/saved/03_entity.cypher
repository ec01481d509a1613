// 3. All that is told of one thing, by whatever name
CALL db.index.fulltext.queryNodes('entity_fulltext', 'Saturn', {limit: 10}) YIELD node AS e
OPTIONAL MATCH same = (e)-[:SAME_AS]-(:Entity)
OPTIONAL MATCH told = (e)-[:RELATES_TO]-(:Entity)
RETURN e, same, told LIMIT 100
