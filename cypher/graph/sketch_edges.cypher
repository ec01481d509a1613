// purpose: Which labels does each type of relationship join, and with which properties, by a sample?
// param hidden (list of string): labels that are bookkeeping, or types of entities
// param sample (integer): relationships that are looked at for each type
// returns: start, type, end (string), properties (list of string)
// :param {hidden: ["Library", "Migration"], sample: 100}
CALL db.relationshipTypes() YIELD relationshipType AS type
CALL (type) {
  MATCH (a)-[r:$(type)]->(b)
  WITH a, r, b LIMIT $sample
  WITH [label IN labels(a) WHERE NOT label IN $hidden] AS starts, [label IN labels(b) WHERE NOT label IN $hidden] AS ends, keys(r) AS properties
  WHERE size(starts) > 0 AND size(ends) > 0
  RETURN starts[0] AS start, ends[0] AS end, head(collect(properties)) AS properties
}
RETURN start, type, end, properties
ORDER BY start, type, end
LIMIT 100
