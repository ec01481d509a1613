// purpose: Take the next number of a space. Writers come one after the other, so numbers are in order of commit.
// param space (string): text, vision or audio
// returns: seq (integer)
// :param {space: "text"}
MATCH (c:Counter {space: $space})
SET c.seq = c.seq + 1
RETURN c.seq AS seq
