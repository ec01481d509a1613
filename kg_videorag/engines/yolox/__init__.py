"""Detector: YOLOX on onnxruntime, of any size and with any names; see docs/adr/0021."""

from kg_videorag.engines.yolox.detector import YoloxDetector

__all__ = ["YoloxDetector"]
