// purpose: Videos in which one of some texts is said or shown, letter by letter.
// param texts (list of string): what to look for
// returns: id (string)
// :param {texts: ["John Glenn"]}
MATCH (v:Video)-[:HAS_SEGMENT]->(s:Segment)
WHERE any(text IN $texts WHERE s.speech CONTAINS text OR s.screen_text CONTAINS text
          OR any(heading IN s.screen_line_heading WHERE heading CONTAINS text))
RETURN DISTINCT v.id AS id
ORDER BY id
