// purpose: Remember where the files of videos lie now.
// param rows (list of map): id (sha256 of the file), path (absolute)
// returns: nothing
// :param {rows: [{id: "ab", path: "/archive/demo.mp4"}]}
UNWIND $rows AS row
MATCH (v:Video {id: row.id})
SET v.path = row.path
