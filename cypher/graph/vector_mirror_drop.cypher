// purpose: Drop the vector index of a space, to make it anew from the vectors, which stay.
// param index (string): its name
// returns: nothing
// :param {index: "text_vector"}
DROP INDEX $index IF EXISTS
