"""A citation opens its video at its second."""

from __future__ import annotations

import pytest

from kg_videorag.ask.link import link_to

FILE = "/films/talk.mp4"


@pytest.mark.parametrize(
    ("path", "url", "at_ms", "link"),
    [
        (FILE, "", 83_200, "file:///films/talk.mp4#t=83.2"),
        (FILE, "", 0, "file:///films/talk.mp4#t=0"),
        (FILE, "", 100_000, "file:///films/talk.mp4#t=100"),
        ("/фильмы/a b#1?.mp4", "", 1_005,
         "file:///%D1%84%D0%B8%D0%BB%D1%8C%D0%BC%D1%8B/a%20b%231%3F.mp4#t=1.005"),
        ("/a\x1b[31m\n.mp4", "", 0, "file:///a%1B%5B31m%0A.mp4#t=0"),
        ("C:\\films\\talk.mp4", "", 500, "file:///C:/films/talk.mp4#t=0.5"),
        ("talk.mp4", "", 500, ""),
        ("", "", 500, ""),
        (FILE, "https://www.youtube.com/watch?v=abc", 83_900,
         "https://www.youtube.com/watch?v=abc&t=83s"),
        (FILE, "https://youtu.be/abc?t=12", 83_900, "https://youtu.be/abc?t=83s"),
        (FILE, "https://www.youtube.com/watch?v=abc&t=1m2s&list=x#a", 5_000,
         "https://www.youtube.com/watch?v=abc&list=x&t=5s"),
        (FILE, "https://vimeo.com/123#t=9s", 83_000, "https://vimeo.com/123#t=83s"),
        (FILE, "https://www.dailymotion.com/video/x1", 83_000,
         "https://www.dailymotion.com/video/x1?start=83"),
        (FILE, "https://example.org/talk.mp4?key=1", 83_200,
         "https://example.org/talk.mp4?key=1#t=83.2"),
        (FILE, "https://notyoutube.com/watch?v=1", 1_000, "https://notyoutube.com/watch?v=1#t=1"),
        # what is no web address is not followed
        (FILE, "javascript:alert(1)", 1_000, "file:///films/talk.mp4#t=1"),
        (FILE, "http://[x", 1_000, "file:///films/talk.mp4#t=1"),
        (FILE, "https://a.org/\x1b[31m", 1_000, "file:///films/talk.mp4#t=1"),
    ],
)  # fmt: skip
def test_a_link_opens_the_video_at_the_second(path, url, at_ms, link):
    assert link_to(path, url, at_ms) == link
