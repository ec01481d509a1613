// purpose: Forget a correction by hand.
// param correction_id (string): its id
// returns: nothing
// :param {correction_id: "ab"}
MATCH (c:Correction {id: $correction_id})
DETACH DELETE c
