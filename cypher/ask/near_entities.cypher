// purpose: What is mentioned from some moments on, for as long as a sentence lasts, that of the nearest moment first, read through SAME_AS.
// param hits (list of map): segment_id, at_ms (ms), cosine
// param before_ms (integer): how much earlier a mention may begin, ms
// param after_ms (integer): how much later at most, ms
// param limit (integer): how many entities at most
// returns: id, name, type (string)
// :param {hits: [], before_ms: 200, after_ms: 6000, limit: 4}
UNWIND $hits AS hit
MATCH (:Segment {id: hit.segment_id})-[m:MENTIONS]->(e:Entity)
WHERE m.start_ms >= hit.at_ms - $before_ms AND m.start_ms < hit.at_ms + $after_ms
OPTIONAL MATCH (e)-[:SAME_AS]->(whole:Entity)
WITH coalesce(whole, e) AS e, max(hit.cosine) AS cosine
RETURN e.id AS id, e.name AS name, e.type AS type
ORDER BY cosine DESC, id LIMIT $limit
