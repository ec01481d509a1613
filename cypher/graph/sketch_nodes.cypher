// purpose: Which properties do nodes of each label have, by a sample of them?
// param hidden (list of string): labels that are bookkeeping, or types of entities
// param sample (integer): nodes that are looked at for each label
// returns: label, property, type (string): as valueType() says
// :param {hidden: ["Library", "Migration"], sample: 100}
CALL db.labels() YIELD label
WHERE NOT label IN $hidden
CALL (label) {
  MATCH (n:$(label))
  WITH n LIMIT $sample
  UNWIND keys(n) AS property
  WITH property, valueType(n[property]) AS type
  RETURN property, head(collect(DISTINCT type)) AS type
}
RETURN label, property, type
ORDER BY label, property
LIMIT 300
