// purpose: The vector indexes that mirror the spaces.
// returns: name (string), dimension (integer): length of a vector
// :param {}
SHOW VECTOR INDEXES YIELD name, options
RETURN name, options.indexConfig['vector.dimensions'] AS dimension
