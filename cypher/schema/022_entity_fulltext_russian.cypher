// purpose: Names of entities in whatever case a Russian question puts them. Every Person is an Entity: the second label only sets this index apart from 018, of which Neo4j would keep one.
// returns: nothing
// :param {}
CREATE FULLTEXT INDEX entity_fulltext_russian IF NOT EXISTS
FOR (n:Entity|Person) ON EACH [n.name]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'russian', `fulltext.eventually_consistent`: false}}
