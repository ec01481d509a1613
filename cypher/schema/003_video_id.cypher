// purpose: A video is its content: the same file is one node.
// returns: nothing
// :param {}
CREATE CONSTRAINT video_id IF NOT EXISTS
FOR (n:Video) REQUIRE n.id IS UNIQUE
