// purpose: How the vector index of a space stands; no row where there is none.
// param index (string): its name
// returns: state (string), dimension (integer)
// :param {index: "text_vector"}
SHOW VECTOR INDEXES YIELD name, state, options
WHERE name = $index
RETURN state, options.indexConfig['vector.dimensions'] AS dimension
