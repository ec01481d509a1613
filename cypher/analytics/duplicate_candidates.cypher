// purpose: Which names may be of one thing, though no edge joins them? Names of one type that share words, rarer words first.
// param least (float, default 0.5): share of the words of both names that they have in common, 0 to 1
// param common (integer, default 30): a word in more names than this tells nothing
// param limit (integer, default 100): rows at most
// returns: entity, other, type (string), alike (float): share of words in common, segments, other_segments (integer), together (integer): videos that speak of both, entity_id, other_id (string): for `graph merge`
// :param {least: 0.5, common: 30, limit: 100}
MATCH (e:Entity)
WHERE NOT (e)-[:SAME_AS]->() AND NOT e.type IN ["Date", "Quantity"]
WITH e, [word IN split(toLower(e.name), ' ') WHERE size(word) > 2] AS words
UNWIND words AS word
WITH e.type AS type, word, collect({e: e, words: words}) AS named
WHERE 2 <= size(named) <= $common
UNWIND named AS a
UNWIND named AS b
WITH type, a, b
WHERE a.e.id < b.e.id
WITH DISTINCT type, a.e AS a, b.e AS b, a.words AS words_a, b.words AS words_b
WITH type, a, b, size([word IN words_a WHERE word IN words_b]) AS shared, words_a, words_b
WITH type, a, b, toFloat(2 * shared) / (size(words_a) + size(words_b)) AS alike
WHERE alike >= $least AND NOT (a)-[:NOT_SAME_AS]-(b)
WITH type, a, b, alike ORDER BY alike DESC, a.id, b.id LIMIT $limit
RETURN a.name AS entity, b.name AS other, type, round(alike, 3) AS alike,
       COUNT { MATCH (a)<-[:MENTIONS]-(s:Segment) RETURN DISTINCT s } AS segments,
       COUNT { MATCH (b)<-[:MENTIONS]-(s:Segment) RETURN DISTINCT s } AS other_segments,
       COUNT {
         MATCH (a)<-[m:MENTIONS]-(:Segment)
         WITH DISTINCT m.video_id AS video_id
         WHERE EXISTS { (b)<-[:MENTIONS {video_id: video_id}]-(:Segment) }
         RETURN video_id
       } AS together,
       a.id AS entity_id, b.id AS other_id
ORDER BY alike DESC, entity, other
