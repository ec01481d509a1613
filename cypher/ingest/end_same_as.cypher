// purpose: Take the edges away of what is a variant no longer.
// param variant_ids (list of string): which
// returns: nothing
// :param {variant_ids: []}
UNWIND $variant_ids AS id
MATCH (:Entity {id: id})-[r:SAME_AS]->(:Entity)
DELETE r
