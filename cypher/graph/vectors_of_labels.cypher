// purpose: Vectors by their labels.
// param space (string): text, vision or audio
// param labels (list of integer): which
// returns: label (integer), vector (list of float)
// :param {space: "text", labels: []}
UNWIND $labels AS label
MATCH (e:Embedding {label: label, space: $space})
RETURN e.label AS label, e.vector AS vector
