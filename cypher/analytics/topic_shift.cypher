// purpose: Where does the talk of a video turn to something else? Neighbours along FOLLOWS by the distance of their text vectors, the farthest first.
// param video (string): its title, file name, path or id
// param limit (integer, default 20): rows at most
// returns: at_ms (integer, ms): where the later segment begins, distance (float): 1 - cosine, 0 is the same, before, after (string): 80 letters at most, segment_id (string): the later one
// :param {video: "apollo_people.mp4", limit: 20}
MATCH (v:Video)
WHERE $video IN [v.id, v.title, v.path] OR v.path ENDS WITH '/' + $video
MATCH (v)-[:HAS_SEGMENT]->(later:Segment)-[:FOLLOWS]->(earlier:Segment)
MATCH (later)-[:HAS_EMBEDDING]->(a:TextEmbedding {whole: true})
MATCH (earlier)-[:HAS_EMBEDDING]->(b:TextEmbedding {whole: true})
RETURN later.start_ms AS at_ms, round(2 - 2 * vector.similarity.cosine(a.vector, b.vector), 4) AS distance,
       right(earlier.speech, 80) AS before, left(later.speech, 80) AS after, later.id AS segment_id
ORDER BY distance DESC, at_ms
LIMIT $limit
