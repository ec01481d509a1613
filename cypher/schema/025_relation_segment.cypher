// purpose: Relations told in one segment, for evidence: hubs have too many to look through.
// returns: nothing
// :param {}
CREATE INDEX relation_segment IF NOT EXISTS
FOR ()-[r:RELATES_TO]-() ON (r.segment_id)
