"""Step 3a: shape-free textures with even light, and their mirror-symmetric halves.

A texture row is Y at full and Cb, Cr at quarter resolution. Old photographs, side light and colour casts differ
more than people do; what a low-order surface explains of the brightness is taken as light and divided out.
"""

from pathlib import Path

import cv2
import numpy as np

import flow
import frame

CHROMA = (frame.WIDE // 4, frame.HIGH // 4)
Y_SIZE = frame.WIDE * frame.HIGH
C_SIZE = CHROMA[0] * CHROMA[1]
EXPOSURE_KEPT = 0.5  # of a portrait's own brightness: it is skin as much as exposure
CHROMA_KEPT = 0.35  # of a portrait's own mean skin chroma; the rest is the photographer's light


def face_mask() -> np.ndarray:
    """The trustworthy face area [224, 192], 0..1, soft: hairline to chin, cheek to cheek."""
    y, x = np.mgrid[0 : frame.HIGH, 0 : frame.WIDE].astype(np.float32)
    x, y = np.abs(x - 96), y - 112
    across = np.where(y > 0, 66 - 0.10 * np.maximum(y, 0), 66 - 0.05 * np.maximum(-y, 0))
    power = np.where(y > 0, 2.2, 2.8)
    radius = ((x / across) ** power + (np.abs(y) / np.where(y < 0, 94, 93)) ** power) ** (1 / power)
    return np.clip((1.03 - radius) / 0.14, 0, 1)


def split(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Y [224, 192], Cb and Cr [56, 48] (about 0) of a canonical BGR picture, f32 levels."""
    ycc = cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_BGR2YCrCb) * 255
    small = cv2.resize(ycc, CHROMA, interpolation=cv2.INTER_AREA)
    return ycc[:, :, 0], small[:, :, 2] - 127.5, small[:, :, 1] - 127.5


def _surface() -> np.ndarray:
    """Low-order surfaces over the frame, constant last: [224 * 192, 6]."""
    y, x = np.mgrid[0 : frame.HIGH, 0 : frame.WIDE].astype(np.float32)
    x, y = (x - 96) / 60, (y - 118) / 80
    return np.stack([x, y, x * y, x * x, y * y, np.ones_like(x)], axis=-1).reshape(-1, 6)


def textures(pictures: list[np.ndarray], transforms: np.ndarray, grids: np.ndarray, cache: Path) -> np.ndarray:
    """Textures with even light, f16 [N, Y + 2 C], not yet split in halves."""
    if cache.exists():
        return np.load(cache)
    out = np.empty((len(pictures), Y_SIZE + 2 * C_SIZE), np.float16)
    for i, (picture, transform, grid) in enumerate(zip(pictures, transforms, grids)):
        y, cb, cr = split(flow.warp(picture, transform, grid))
        out[i] = np.concatenate([y.ravel(), cb.ravel(), cr.ravel()])
    mean = np.median(out[:: max(1, len(out) // 500), :Y_SIZE].astype(np.float32), axis=0)
    mean = mean.reshape(frame.HIGH, frame.WIDE)
    mean = (mean + np.roll(mean[:, ::-1], 1, axis=1)) / 2
    surface, weight = _surface(), face_mask().ravel()
    # Solved on every fourth row and column: the surface is smooth.
    thin = np.zeros((frame.HIGH, frame.WIDE), bool)
    thin[2::4, 2::4] = True
    thin = thin.ravel()
    for i in range(len(out)):
        luma = out[i, :Y_SIZE].astype(np.float32)
        out[i, :Y_SIZE] = _levelled(luma, mean.ravel(), surface, weight, thin)
    np.save(cache, out)
    return out


def _levelled(
    luma: np.ndarray, mean: np.ndarray, surface: np.ndarray, weight: np.ndarray, thin: np.ndarray
) -> np.ndarray:
    """Luminance with its slopes of light taken out; solved on the `thin` pixels."""
    ratio = np.log(np.maximum(luma, 0) + 12) - np.log(mean + 12)
    some, w, rows = ratio[thin], weight[thin].copy(), surface[thin]
    for _ in range(3):  # again without brows that are elsewhere, glare and hair
        a = rows * w[:, None]
        part = np.linalg.solve(a.T @ rows + 1e-3 * np.eye(6), a.T @ some)
        w = weight[thin] / (1 + ((some - rows @ part) / 0.2) ** 2)
    part[5] *= EXPOSURE_KEPT
    return np.exp(ratio - surface @ part + np.log(mean + 12)) - 12


def balance(rows: np.ndarray, mask_c: np.ndarray) -> None:
    """White balance in place: a portrait's mean skin chroma keeps CHROMA_KEPT of its difference to everybody's."""
    weight = mask_c / mask_c.sum()
    for start in (Y_SIZE, Y_SIZE + C_SIZE):
        own = rows[:, start : start + C_SIZE] @ weight
        change = (np.median(own) - own) * (1 - CHROMA_KEPT)
        rows[:, start : start + C_SIZE] += change[:, None]


def mirrored(rows: np.ndarray) -> np.ndarray:
    """Texture rows of the faces mirrored at x = 96, the middle between the eyes."""
    y = np.roll(rows[:, :Y_SIZE].reshape(-1, frame.HIGH, frame.WIDE)[:, :, ::-1], 1, axis=2)
    c = rows[:, Y_SIZE:].reshape(-1, 2, CHROMA[1], CHROMA[0])[:, :, :, ::-1]
    return np.hstack([y.reshape(len(rows), -1), c.reshape(len(rows), -1)])


def mirrored_shapes(grids: np.ndarray) -> np.ndarray:
    """Shapes of the mirrored faces."""
    return grids[:, :, ::-1] * np.array([-1, 1], np.float32)
