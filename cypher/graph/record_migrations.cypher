// purpose: Record applied migrations, and give a new graph its library id.
// param rows (list of map): number, name, sha256
// param library_id (string): the id to give if the graph has none
// returns: id (string): the library's id
// :param {rows: [], library_id: "ab"}
MERGE (library:Library {name: 'default'})
ON CREATE SET library.id = $library_id, library.created_at = datetime()
WITH library
CALL () {
  UNWIND $rows AS row
  MERGE (m:Migration {number: row.number})
  ON CREATE SET m.name = row.name, m.sha256 = row.sha256, m.applied_at = datetime()
  RETURN count(*) AS recorded
}
RETURN library.id AS id
