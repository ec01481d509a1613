"""Where the picture changes to another shot, by PySceneDetect."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from kg_videorag.errors import EngineUnavailable

if TYPE_CHECKING:
    from kg_videorag.model import Picture

MIN_SHOT_MS = 600  # PySceneDetect's own default, 15 pictures, at 25 a second
# The adaptive detector holds a picture's change against that of its neighbours, so that motion
# is no shot. Its default floor of 15 is for films: slides of text that follow each other change
# by 6 to 16 (samples/), pictures that stand still by less than 0.1.
_MIN_CHANGE = 4.0
_TICKS_PER_S = 1_000.0  # its frame numbers are our milliseconds


class ShotDetector:
    """Implements no port: `AdaptiveDetector` on small pictures, 0.1 ms each.

    Source: PySceneDetect 0.7, https://www.scenedetect.com/docs/latest/api/detectors.html
    """

    def see(self, picture: Picture) -> list[int]:
        """Changes in ms that have become certain; two pictures after they happened."""
        from scenedetect import FrameTimecode

        blue_first = picture.small[:, :, ::-1].copy()
        at = FrameTimecode(picture.at_ms, _TICKS_PER_S)
        return [cut.frame_num for cut in self._detector.process_frame(at, blue_first)]

    @cached_property
    def _detector(self) -> Any:  # noqa: ANN401 - PySceneDetect's class, loaded on first use
        try:
            from scenedetect.detectors import AdaptiveDetector
        except ImportError as error:
            raise EngineUnavailable(
                f"PySceneDetect cannot be imported: {error}", hint="Run `make setup`."
            ) from error
        return AdaptiveDetector(min_scene_len=MIN_SHOT_MS, min_content_val=_MIN_CHANGE)
