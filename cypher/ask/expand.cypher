// purpose: The neighbourhood of a question in the graph, in one round trip: segments that mention its entities, entities that these relate to and the segments that mention those, and the segments before and after the hits. Every step is capped, and says so.
// param entity_ids (list of string): entities that the question names
// param segment_ids (list of string): segments found by search, best first
// param video_ids (list of string): only segments of these videos; null for all
// param cap (integer): how many neighbours at most at each step
// returns: mentioned (list of map): entity_id, segment_ids, cut; related (list of map): entity_id, weight, segment_ids; adjacent (list of map): segment_id, neighbour_ids
// :param {entity_ids: [], segment_ids: [], video_ids: null, cap: 25}
CALL () {
  // Segments that mention what the question names. Spread evenly over time where a hub
  // has more than the cap: every n-th, so that no part of a library is left out.
  UNWIND $entity_ids AS entity_id
  MATCH (e:Entity {id: entity_id})
  CALL (e) {
    MATCH (e)<-[m:MENTIONS]-(s:Segment)
    WHERE $video_ids IS NULL OR m.video_id IN $video_ids
    WITH s, count(m) AS mentions, s.id IN $segment_ids AS hit
    ORDER BY hit DESC, s.video_id, s.index
    WITH collect(s.id) AS ids
    WITH ids, toInteger(ceil(size(ids) / toFloat($cap))) AS step
    RETURN [i IN range(0, size(ids) - 1) WHERE ids[i] IN $segment_ids OR i % step = 0 | ids[i]][..$cap] AS taken,
           size(ids) > $cap AS cut
  }
  WITH collect({entity_id: e.id, segment_ids: taken, cut: cut}) AS mentioned
  RETURN mentioned
}
CALL () {
  // What the named entities relate to, and where those things are spoken of.
  UNWIND $entity_ids AS entity_id
  MATCH (e:Entity {id: entity_id})
  CALL (e) {
    MATCH (e)-[r:RELATES_TO]-(other:Entity)
    WHERE NOT other.id IN $entity_ids
    WITH other, count(r) AS weight, collect(DISTINCT r.segment_id) AS told_in
    ORDER BY weight DESC, other.id LIMIT $cap
    RETURN other, weight, told_in
  }
  WITH other, sum(weight) AS weight, collect(told_in[0]) AS told_in
  ORDER BY weight DESC, other.id LIMIT $cap
  CALL (other) {
    MATCH (other)<-[m:MENTIONS]-(s:Segment)
    WHERE $video_ids IS NULL OR m.video_id IN $video_ids
    WITH s, s.id IN $segment_ids AS hit
    ORDER BY hit DESC, s.video_id, s.index
    WITH DISTINCT s.id AS id LIMIT $cap
    RETURN collect(id) AS segment_ids
  }
  RETURN collect({entity_id: other.id, weight: weight, segment_ids: segment_ids}) AS related
}
CALL () {
  // What was said just before and just after the hits.
  UNWIND $segment_ids AS segment_id
  MATCH (s:Segment {id: segment_id})
  OPTIONAL MATCH (after:Segment)-[:FOLLOWS]->(s)
  OPTIONAL MATCH (s)-[:FOLLOWS]->(before:Segment)
  RETURN collect({segment_id: segment_id, neighbour_ids: [x IN [before.id, after.id] WHERE x IS NOT NULL]}) AS adjacent
}
RETURN mentioned, related, adjacent
