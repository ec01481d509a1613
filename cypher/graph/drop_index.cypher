// purpose: Take away an index, such as one for vectors of another length.
// param name (string): of the index
// returns: nothing
// :param {name: "vision_vector"}
DROP INDEX $name IF EXISTS
