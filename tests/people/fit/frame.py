"""The canonical face frame of space.bin, and similarities into it."""

import numpy as np

WIDE, HIGH = 192, 224
EYES = np.array([[64, 88], [128, 88]], np.float32)
# The middle of the mouth lies about 1.1 eye distances under the eyes (measured over the portraits).
ANCHORS = np.array([[64, 88], [128, 88], [96, 158]], np.float32)
GRID_WIDE, GRID_HIGH, STEP = 25, 29, 8


def similarity(source: np.ndarray, target: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """The 2x3 similarity (no reflection) that takes source points nearest to target points."""
    w = np.ones(len(source)) if weights is None else np.asarray(weights, np.float64)
    w = w / w.sum()
    a, b = source.astype(np.float64), target.astype(np.float64)
    ca, cb = w @ a, w @ b
    a, b = a - ca, b - cb
    spread = (w[:, None] * a * a).sum()
    cos = (w[:, None] * a * b).sum() / spread
    sin = (w * (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])).sum() / spread
    turn = np.array([[cos, -sin], [sin, cos]])
    return np.hstack([turn, (cb - turn @ ca)[:, None]])


def compose(second: np.ndarray, first: np.ndarray) -> np.ndarray:
    """The 2x3 transform that applies `first`, then `second`."""
    return np.hstack([second[:, :2] @ first[:, :2], (second[:, :2] @ first[:, 2] + second[:, 2])[:, None]])


def apply(transform: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Points [.., 2] through a 2x3 transform."""
    return points @ transform[:, :2].T + transform[:, 2]


def nodes() -> np.ndarray:
    """The grid nodes [29, 25, 2] in canonical pixels."""
    x, y = np.meshgrid(np.arange(GRID_WIDE) * STEP, np.arange(GRID_HIGH) * STEP)
    return np.stack([x, y], axis=-1).astype(np.float32)
