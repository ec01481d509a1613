// purpose: Which migrations a graph has, and which library it is.
// returns: library_id (string, null in an empty graph), applied (list of map): number, sha256
// :param {}
OPTIONAL MATCH (library:Library {name: 'default'})
RETURN library.id AS library_id,
       COLLECT { MATCH (m:Migration) RETURN {number: m.number, sha256: m.sha256} } AS applied
