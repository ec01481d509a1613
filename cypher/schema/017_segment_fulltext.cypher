// purpose: Words said, shown and described. The analyzer stems English; Russian has an index of its own when Russian speech has an engine.
// returns: nothing
// :param {}
CREATE FULLTEXT INDEX segment_fulltext IF NOT EXISTS
FOR (n:Segment) ON EACH [n.speech, n.caption, n.screen_text]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'english', `fulltext.eventually_consistent`: false}}
