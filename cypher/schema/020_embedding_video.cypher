// purpose: Vectors of one video, for deletion.
// returns: nothing
// :param {}
CREATE INDEX embedding_video IF NOT EXISTS
FOR (n:Embedding) ON (n.video_id)
