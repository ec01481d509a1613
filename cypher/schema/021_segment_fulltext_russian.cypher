// purpose: Words said, shown and described, once more, stemmed as Russian. Neo4j keeps one full-text index for a list of properties: this is the list of 017 in another order.
// returns: nothing
// :param {}
CREATE FULLTEXT INDEX segment_fulltext_russian IF NOT EXISTS
FOR (n:Segment) ON EACH [n.screen_text, n.caption, n.speech]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'russian', `fulltext.eventually_consistent`: false}}
