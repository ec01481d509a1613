// purpose: Segments of one video without walking from it.
// returns: nothing
// :param {}
CREATE INDEX segment_video IF NOT EXISTS
FOR (n:Segment) ON (n.video_id)
