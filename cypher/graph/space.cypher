// purpose: What a space of vectors was begun with, and its latest change.
// param space (string): text, vision or audio
// returns: model (string), dimension (integer), seq (integer); no row where nothing was embedded yet
// :param {space: "text"}
MATCH (c:Counter {space: $space})
RETURN c.model AS model, c.dimension AS dimension, c.seq AS seq
