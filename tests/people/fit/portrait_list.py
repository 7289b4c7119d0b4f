"""Writes portraits.csv for the trainers: five points and the face-oval box of every portrait, in its pixels.

The points are the mean face's, carried back through each portrait's shape and similarity.
"""

from pathlib import Path

import cv2
import numpy as np

import flow
import frame
from points import OVAL, POINTS

FIVE = ("eye_left", "eye_right", "nose_tip", "mouth_left", "mouth_right")


def write(
    path: Path, found: dict[str, np.ndarray], residual: np.ndarray, transforms: np.ndarray, grids: np.ndarray
) -> None:
    """`quality` is 1 at the best and 0 at the worst fit residual; `grey` is 1 for grey and toned pictures."""
    low, high = np.percentile(residual, [1, 99])
    at = np.array([POINTS[name] for name in FIVE], np.float32)
    edge = np.array(OVAL, np.float32)
    both = np.vstack([at, edge])
    lines = ["file,lx,ly,rx,ry,nx,ny,mlx,mly,mrx,mry,x,y,w,h,quality,grey"]
    for i, name in enumerate(found["name"]):
        move = flow.dense(grids[i]).astype(np.float32)
        shift = cv2.remap(move, both[None, :, 0].copy(), both[None, :, 1].copy(), cv2.INTER_LINEAR)[0]
        here = frame.apply(cv2.invertAffineTransform(transforms[i]), both + shift)
        five, oval = here[:5], here[5:]
        box = (*oval.min(axis=0), *(oval.max(axis=0) - oval.min(axis=0)))
        quality = float(np.clip((high - residual[i]) / (high - low), 0, 1))
        numbers = [f"{v:.2f}" for v in (*five.ravel(), *box)]
        lines.append(",".join([str(name), *numbers, f"{quality:.3f}", str(int(found["chroma"][i] < 4.0))]))
    path.write_text("\n".join(lines) + "\n")
    print(f"fit: {path} written, {len(lines) - 1} portraits", flush=True)
