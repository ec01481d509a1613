// 8. What several videos speak of
MATCH (e:Entity)<-[m:MENTIONS]-(:Segment)
WITH e, collect(DISTINCT m.video_id) AS videos
WHERE size(videos) > 1
WITH e ORDER BY size(videos) DESC LIMIT 15
MATCH p = (e)<-[:MENTIONS]-(:Segment)<-[:HAS_SEGMENT]-(:Video)
RETURN p LIMIT 150
