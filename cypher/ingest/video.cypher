// purpose: Write the video itself.
// param video_id (string): sha256 of the file
// param properties (map): the properties of Video in docs/graph-model.md
// returns: nothing
// :param {video_id: "ab", properties: {title: "Demo"}}
MERGE (v:Video {id: $video_id})
SET v += $properties
