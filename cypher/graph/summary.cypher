// purpose: How much a library holds.
// returns: videos, segments, entities, variants, mentions, relations, embeddings (integer), durations_ms (list of integer, ms)
// :param {}
RETURN COUNT { (:Video) } AS videos,
       COUNT { (:Segment) } AS segments,
       COUNT { (:Entity) } AS entities,
       COUNT { (:Entity)-[:SAME_AS]->(:Entity) } AS variants,
       COUNT { ()-[:MENTIONS]->() } AS mentions,
       COUNT { ()-[:RELATES_TO]->() } AS relations,
       COUNT { (:Embedding) } AS embeddings,
       COLLECT { MATCH (v:Video) RETURN v.duration_ms } AS durations_ms
