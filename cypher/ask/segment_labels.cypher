// purpose: Which vectors of a space belong to some segments, for a second search among those only.
// param space (string): text, vision or audio
// param segment_ids (list of string): the segments
// returns: label (integer)
// :param {space: "text", segment_ids: []}
UNWIND $segment_ids AS segment_id
MATCH (:Segment {id: segment_id})-[:HAS_EMBEDDING]->(e:Embedding {space: $space})
RETURN e.label AS label
