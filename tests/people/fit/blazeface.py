"""BlazeFace front (Apache-2.0, Google's own data): box, score and six points of one face.

The only net in the fit. It runs twice, on the whole portrait and on a levelled close crop, each also
mirrored, because one pass at 128 px is too coarse.
"""

from pathlib import Path

import cv2
import numpy as np
import onnxruntime as ort

SIDE = 128
# Order of the six points: image's left eye, right eye, nose, mouth centre, left ear, right ear.
MIRRORED = [1, 0, 2, 3, 5, 4]


def _anchors() -> np.ndarray:
    cells = []
    for grid, times in ((16, 2), (8, 6)):
        for row in range(grid):
            for col in range(grid):
                cells += [((col + 0.5) / grid, (row + 0.5) / grid)] * times
    return np.array(cells, np.float32)


class BlazeFace:
    """Finds the best face of a picture. Pictures are BGR u8, points are pixels of the picture."""

    def __init__(self, model: Path):
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self.session = ort.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
        self.anchors = _anchors()

    def _square(self, square: np.ndarray) -> tuple[float, np.ndarray] | None:
        """Score and [2 + 6, 2] (box centre, box size / points) as fractions of a 128-px square."""
        rgb = square[:, :, ::-1].astype(np.float32) / 127.5 - 1.0
        boxes, scores = self.session.run(None, {"input": rgb.transpose(2, 0, 1)[None].copy()})
        score = 1.0 / (1.0 + np.exp(-np.clip(scores[0, :, 0], -100, 100)))
        best = int(score.argmax())
        if score[best] < 0.5:
            return None
        raw = boxes[0] / SIDE
        centres = raw[:, 0:2] + self.anchors
        near = (score >= 0.5) & (np.abs(centres - centres[best]).max(axis=1) < raw[best, 2] * 0.3)
        weights = score[near][:, None, None]
        values = raw[near].reshape(-1, 8, 2).copy()
        values[:, 0] += self.anchors[near]
        values[:, 2:] += self.anchors[near][:, None]
        return float(score[best]), (values * weights).sum(axis=0) / weights.sum()

    def _both(self, square: np.ndarray) -> tuple[float, np.ndarray] | None:
        """The mean of a square and its mirror image."""
        found = [self._square(square)]
        other = self._square(np.ascontiguousarray(square[:, ::-1]))
        if other is not None:
            score, values = other
            values[[0, *range(2, 8)], 0] = 1.0 - values[[0, *range(2, 8)], 0]
            values[2:] = values[2:][MIRRORED]
            found.append((score, values))
        found = [one for one in found if one is not None]
        if not found:
            return None
        return sum(f[0] for f in found) / 2.0, sum(f[1] for f in found) / len(found)

    def find(self, picture: np.ndarray) -> tuple[float, np.ndarray] | None:
        """Score (halved where only one of picture and mirror found a face) and the six points, or None."""
        high, wide = picture.shape[:2]
        side = max(high, wide)
        scale = SIDE / side
        first = np.float32([[scale, 0, (side - wide) / 2 * scale], [0, scale, (side - high) / 2 * scale]])
        found = self._both(cv2.warpAffine(picture, first, (SIDE, SIDE), flags=cv2.INTER_AREA))
        if found is None:
            return None
        points = (found[1][2:] * SIDE - first[:, 2]) / scale
        for _ in range(2):
            level = _close_crop(points)
            found = self._both(cv2.warpAffine(picture, level, (SIDE, SIDE), flags=cv2.INTER_AREA))
            if found is None:
                return None
            back = cv2.invertAffineTransform(level)
            points = found[1][2:] * SIDE @ back[:, :2].T + back[:, 2]
        return found[0], points.astype(np.float32)


def _close_crop(points: np.ndarray) -> np.ndarray:
    """The transform to a 128-px square with level eyes a quarter of its width apart."""
    across = points[1] - points[0]
    scale = SIDE * 0.27 / max(float(np.hypot(*across)), 1.0)
    cos, sin = across / np.hypot(*across) * scale
    turn = np.array([[cos, sin], [-sin, cos]], np.float32)
    middle = (points[0] + points[1]) / 2
    place = np.array([SIDE * 0.5, SIDE * 0.42], np.float32) - turn @ middle
    return np.hstack([turn, place[:, None]]).astype(np.float32)
