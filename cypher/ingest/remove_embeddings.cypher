// purpose: Remove vectors and leave word of it for the indexes that hold copies.
// param ids (list of string): embeddings to remove
// param seq (integer): the number of this change
// returns: nothing
// :param {ids: [], seq: 1}
UNWIND $ids AS id
MATCH (e:Embedding {id: id})
CREATE (:RemovedEmbedding {label: e.label, space: e.space, seq: $seq})
DETACH DELETE e
