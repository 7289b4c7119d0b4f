"""The cut an attack net sees, exactly as reader-daemon/face (attack.rs, `square`) makes it, and the net's classes."""

from __future__ import annotations

import cv2
import numpy as np

CLASSES = ("live", "print", "screen", "cut_out")
# Pixels of a side of the input.
SIDE = 128


def square(rgb: np.ndarray, box: np.ndarray, factor: float, side: int) -> np.ndarray:
    """A square on the longer side of the box (x, y, width, height); outside, the picture is mirrored about its last pixel."""
    height, width = rgb.shape[:2]
    length = int(np.clip(int(max(box[2:]) * factor), 1, 2 * max(width, height)))
    centre = box[:2] + box[2:] / 2
    left, top = int(centre[0]) - length // 2, int(centre[1]) - length // 2
    before = (max(0, -top), max(0, top + length - height), max(0, -left), max(0, left + length - width))
    if any(before):
        rgb = cv2.copyMakeBorder(rgb, *before, cv2.BORDER_REFLECT_101)
        left, top = left + before[2], top + before[0]
    part = rgb[top : top + length, left : left + length]
    way = cv2.INTER_AREA if length >= side else cv2.INTER_LINEAR
    return cv2.resize(part, (side, side), interpolation=way)
