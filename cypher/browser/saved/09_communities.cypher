// 9. Groups of things that belong together (after: kg-videorag graph measure)
MATCH p = (:Entity)-[:IN_COMMUNITY]->(c:Community)
WHERE c.number < 5
RETURN p LIMIT 150
