"""Step 3c: brings laughing faces to rest, so that invented people look ahead with their mouths closed.

The mean difference between faces with open and closed mouths is taken out of the former; what lies under the
open mouth is left out and filled by the components. The difference itself is kept as the smile.
"""

import cv2
import numpy as np

import flow
import frame


def region(left: float, top: float, right: float, bottom: float, soft: float = 3.0) -> np.ndarray:
    """A soft-edged ellipse in the canonical frame, bounds given, 1 inside."""
    y, x = np.mgrid[0 : frame.HIGH, 0 : frame.WIDE].astype(np.float32)
    cx, cy, rx, ry = (left + right) / 2, (top + bottom) / 2, (right - left) / 2, (bottom - top) / 2
    inside = (((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 <= 1).astype(np.float32)
    return np.clip(cv2.GaussianBlur(inside, (0, 0), soft), 0, 1)


def reframed(transforms: np.ndarray, grids: np.ndarray, offset: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Shapes about a new mean shape: the old one moved by `offset`, levelled so that its eyes stay."""
    nodes = frame.nodes()
    eyes = np.stack([_at(offset, x, y) for x, y in frame.EYES]) + frame.EYES
    undo = frame.similarity(eyes, frame.EYES)
    offset = (frame.apply(undo, nodes + offset) - nodes).astype(np.float32)
    move = flow.dense(offset)
    y, x = np.mgrid[0 : frame.HIGH, 0 : frame.WIDE].astype(np.float32)
    u, v = x.copy(), y.copy()
    for _ in range(8):
        here = cv2.remap(move, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        u, v = x - here[:, :, 0], y - here[:, :, 1]
    # Old mean-shape place of each new node; beyond the picture's edge the last pixel's move holds.
    rows = np.minimum(np.arange(frame.GRID_HIGH) * frame.STEP, frame.HIGH - 1)
    cols = np.minimum(np.arange(frame.GRID_WIDE) * frame.STEP, frame.WIDE - 1)
    shift = np.dstack([u - x, v - y])[np.ix_(rows, cols)]
    old = nodes + shift
    at = np.clip(old / frame.STEP, 0, [frame.GRID_WIDE - 1, frame.GRID_HIGH - 1]).astype(np.float32)
    out_t, out_g = transforms.copy(), np.empty_like(grids)
    for i in range(len(grids)):
        there = cv2.remap(grids[i], at[:, :, 0], at[:, :, 1], cv2.INTER_LINEAR)
        out_t[i] = frame.compose(undo, transforms[i])
        out_g[i] = frame.apply(undo, old + there) - nodes
    return out_t, out_g


def _at(grid: np.ndarray, x: float, y: float) -> np.ndarray:
    place = np.float32([[x / frame.STEP]]), np.float32([[y / frame.STEP]])
    return cv2.remap(grid.astype(np.float32), *place, cv2.INTER_LINEAR)[0, 0]
