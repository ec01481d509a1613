// purpose: Relations of one video, for deletion.
// returns: nothing
// :param {}
CREATE INDEX relation_video IF NOT EXISTS
FOR ()-[r:RELATES_TO]-() ON (r.video_id)
