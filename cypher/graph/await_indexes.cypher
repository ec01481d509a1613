// purpose: Wait until every index is online.
// param timeout_s (integer): how long to wait, seconds
// returns: nothing
// :param {timeout_s: 300}
CALL db.awaitIndexes($timeout_s)
