// purpose: Where does a video turn to something else? Each segment with how like the one before it is, and how many entities they share; the least alike first.
// param video (string): its id, title, or the end of its path
// param limit (integer, default 50): rows at most
// returns: video (string), start_ms (integer, ms), likeness (float): cosine, null where one has no vector, shared, named (integer, entities), heading (string): the title on the screen, speech (string): 80 letters at most
// :param {video: "Apollo 11", limit: 50}
MATCH (v:Video)
WHERE v.id = $video OR v.title = $video OR v.path ENDS WITH $video
MATCH (v)-[:HAS_SEGMENT]->(s:Segment)-[:FOLLOWS]->(p:Segment)
OPTIONAL MATCH (s)-[:HAS_EMBEDDING]->(a:TextEmbedding {whole: true})
OPTIONAL MATCH (p)-[:HAS_EMBEDDING]->(b:TextEmbedding {whole: true})
WITH v, s, head(collect(a)) AS a, head(collect(b)) AS b,
     COLLECT { MATCH (s)-[:MENTIONS]->(e:Entity) OPTIONAL MATCH (e)-[:SAME_AS]->(w:Entity) RETURN DISTINCT coalesce(w, e).id } AS now,
     COLLECT { MATCH (p)-[:MENTIONS]->(e:Entity) OPTIONAL MATCH (e)-[:SAME_AS]->(w:Entity) RETURN DISTINCT coalesce(w, e).id } AS before
RETURN v.title AS video, s.start_ms AS start_ms,
       CASE WHEN a IS NULL OR b IS NULL THEN null
            ELSE round(2 * vector.similarity.cosine(a.vector, b.vector) - 1, 3) END AS likeness,
       size([id IN now WHERE id IN before]) AS shared, size(now) AS named,
       head([h IN coalesce(s.screen_line_heading, []) WHERE h <> ""]) AS heading,
       left(s.speech, 80) AS speech
ORDER BY coalesce(likeness, 2.0), video, start_ms
LIMIT $limit
