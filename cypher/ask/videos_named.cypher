// purpose: Videos in whose titles or file names most parts of some names occur, the most first. All videos are looked at here, few are returned.
// param names (list of list of string): of each name: parts of its words, in lower case, three letters long where the word is
// param video_ids (list of string): only these videos; null for all
// param least (float): the least share of a name's parts that occur, 0..1
// param limit (integer): how many videos at most
// returns: id (string), title (string), path (string)
// :param {names: [["sky", "kyl", "yla", "lab"]], video_ids: null, least: 0.6, limit: 100}
MATCH (v:Video)
WHERE $video_ids IS NULL OR v.id IN $video_ids
WITH v, replace(toLower(normalize(v.title + ' ' + last(split(v.path, '/')))), 'ё', 'е') AS said
WITH v, reduce(best = 0.0, parts IN $names |
       CASE WHEN toFloat(size([p IN parts WHERE said CONTAINS p])) / size(parts) > best
            THEN toFloat(size([p IN parts WHERE said CONTAINS p])) / size(parts) ELSE best END) AS share
WHERE share >= $least
RETURN v.id AS id, v.title AS title, v.path AS path
ORDER BY share DESC, v.id
LIMIT $limit
