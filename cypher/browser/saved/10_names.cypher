// 10. One thing, several names: what was joined, and why
MATCH p = (:Entity)-[:SAME_AS]->(:Entity)
RETURN p LIMIT 50
