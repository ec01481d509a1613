// purpose: Remember the address that a video came from, and its title there.
// param video_id (string): sha256 of the file
// param source_url (string): the address, without login
// param title (string): as its page gives it; "" keeps the title that the video has
// returns: nothing
// :param {video_id: "ab", source_url: "https://example.org/talk", title: "A talk"}
MATCH (v:Video {id: $video_id})
SET v.source_url = $source_url, v.title = CASE $title WHEN "" THEN v.title ELSE $title END
