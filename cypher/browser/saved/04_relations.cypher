// 4. Who has to do with whom
MATCH p = (:Person)-[:RELATES_TO]-(:Entity)
RETURN p LIMIT 100
