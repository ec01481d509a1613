// purpose: Take the next number of a space. The counter stays locked until the commit, so numbers are in order of commit; it is therefore the last lock a transaction takes.
// param space (string): text, vision or audio
// returns: seq (integer)
// :param {space: "text"}
MATCH (c:Counter {space: $space})
SET c.seq = c.seq + 1
RETURN c.seq AS seq
