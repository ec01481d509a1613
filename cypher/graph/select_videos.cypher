// purpose: The videos that a selector names: an id, the first 8 or more characters of one, an exact path, title or file name.
// param selector (string): what the user typed, its letters composed (NFC): macOS stores names in parts
// param absolute_path (string): the same, as a path from the root
// returns: id (string), title (string), path (string)
// :param {selector: "lecture.mp4", absolute_path: "/videos/lecture.mp4"}
MATCH (v:Video)
WHERE v.id = $selector
   OR (size($selector) >= 8 AND v.id STARTS WITH $selector)
   OR normalize(v.path) IN [$selector, $absolute_path]
   OR normalize(v.title) = $selector
   OR normalize(v.path) ENDS WITH '/' + $selector
RETURN v.id AS id, v.title AS title, v.path AS path
ORDER BY v.path
LIMIT 20
