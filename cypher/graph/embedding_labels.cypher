// purpose: Which vectors of a space belong to some videos, for a search among those only.
// param space (string): text, vision or audio
// param video_ids (list of string): the videos
// returns: label (integer)
// :param {space: "text", video_ids: []}
MATCH (e:Embedding)
WHERE e.video_id IN $video_ids AND e.space = $space
RETURN e.label AS label
