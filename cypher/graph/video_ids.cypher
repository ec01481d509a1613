// purpose: Which videos there are, and nothing of what they hold.
// returns: id (string)
// :param {}
MATCH (v:Video)
RETURN v.id AS id
