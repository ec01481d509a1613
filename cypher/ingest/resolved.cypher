// purpose: What was due is done; what told of entities that are gone is no longer needed.
// returns: nothing
// :param {}
CALL () {
  MATCH (e:ResolveDue)
  REMOVE e:ResolveDue
}
CALL () {
  MATCH (gone:RemovedEntity)
  DELETE gone
}
