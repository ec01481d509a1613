"""A film in two languages: the one that is asked for is ingested, and told of."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np

from kg_videorag import VideoRAG

RATE = 16_000
NOTE = "2 sound tracks: heard the {}"


def in_two_languages(path):
    """Silent in Russian, which is the default, and in English."""
    with av.open(str(path), "w") as file:
        tracks = [file.add_stream("flac", rate=RATE, layout="mono") for _ in range(2)]
        for track, language in zip(tracks, ("rus", "eng"), strict=True):
            track.metadata["language"] = language
        tracks[0].disposition = av.stream.Disposition.default
        for at in range(0, 3 * RATE, RATE):
            for track in tracks:
                frame = av.AudioFrame.from_ndarray(np.zeros((1, RATE), np.int16), "s16", "mono")
                frame.sample_rate, frame.time_base, frame.pts = RATE, Fraction(1, RATE), at
                file.mux(track.encode(frame))
        for track in tracks:
            file.mux(track.encode(None))
    return path


def test_another_language_is_another_ingest(home, graph, tmp_path):
    path = in_two_languages(tmp_path / "film.mka")
    options = {"home": str(home), "text_reader": "none"}
    with VideoRAG(**options) as anything, VideoRAG(**options, asr_language="en") as english:
        first = anything.ingest(path)
        assert (first.status, first.warnings[0]) == ("done", NOTE.format("1st (rus)"))
        assert anything.ingest(path).status == "unchanged"
        second = english.ingest(path)
        assert (second.status, second.warnings[0]) == ("done", NOTE.format("2nd (eng)"))
        assert english.ingest(path).status == "unchanged"
        assert english.video("film.mka")[0].engines[-1] == "sound/2"
