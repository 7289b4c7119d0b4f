"""Step 1: each portrait's similarity into the canonical frame, from BlazeFace points.

A portrait whose face is not found surely, is too small, turned far or cut off is left out.
"""

from pathlib import Path

import cv2
import numpy as np

import frame
from blazeface import BlazeFace

MIN_SCORE = 0.8
MIN_EYES = 18.0  # pixels; smaller faces have no detail to learn from


def _plausible(score: float, points: np.ndarray, to_frame: np.ndarray, size: tuple[int, int]) -> bool:
    in_frame = frame.apply(to_frame, points)
    eyes = float(np.hypot(*(points[1] - points[0])))
    off = np.abs(in_frame[[0, 1, 3]] - frame.ANCHORS).max()
    back = np.linalg.inv(np.vstack([to_frame, [0, 0, 1]]))[:2]
    corners = frame.apply(back, np.array([[40, 50], [152, 50], [96, 196]]))
    inside = (corners >= -2).all() and (corners[:, 0] <= size[1] + 2).all() and (corners[:, 1] <= size[0] + 2).all()
    # The nose tip stands off the middle line of the eyes when the head is turned.
    turned = abs(in_frame[2, 0] - in_frame[:2, 0].mean())
    return score >= MIN_SCORE and eyes >= MIN_EYES and off < 12 and turned < 22 and bool(inside)


def colour_spread(picture: np.ndarray) -> float:
    """How far the chroma of a picture varies beside its luminance (levels); small for grey and toned pictures."""
    small = cv2.resize(picture, (48, 56), interpolation=cv2.INTER_AREA)
    ycc = cv2.cvtColor(small, cv2.COLOR_BGR2YCrCb).reshape(-1, 3).astype(np.float32)
    luma, chroma = ycc[:, 0] / 255, ycc[:, 1:]
    # A toned print has one hue for each brightness.
    tone = np.stack([np.ones_like(luma), luma, luma**2, luma**3], axis=-1)
    rest = chroma - tone @ np.linalg.lstsq(tone, chroma, rcond=None)[0]
    return float(rest.std(axis=0).max())


def skin_chroma(picture: np.ndarray, transform: np.ndarray) -> np.ndarray:
    """Mean Cb and Cr (about 0) of the middle of the face."""
    face = cv2.warpAffine(picture, transform, (frame.WIDE, frame.HIGH), flags=cv2.INTER_LINEAR)[60:190, 60:132]
    ycc = cv2.cvtColor(face, cv2.COLOR_BGR2YCrCb).reshape(-1, 3)
    return np.median(ycc, axis=0)[[2, 1]].astype(np.float32) - 128


def align(portraits: Path, model: Path, cache: Path) -> dict[str, np.ndarray]:
    """Names, portrait→frame transforms, points, scores, chroma spread and skin chroma of usable portraits."""
    if cache.exists():
        with np.load(cache) as stored:
            return {key: stored[key] for key in stored.files}
    net = BlazeFace(model)
    files = sorted(path for path in portraits.iterdir() if path.suffix.lower() == ".jpg")
    kept: dict[str, list] = {"name": [], "transform": [], "points": [], "score": [], "chroma": [], "skin": []}
    for number, path in enumerate(files):
        if number % 1000 == 0:
            print(f"align: {number} of {len(files)} looked at, {len(kept['name'])} kept", flush=True)
        picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
        found = None if picture is None else net.find(picture)
        if found is None:
            continue
        score, points = found
        transform = frame.similarity(points[[0, 1, 3]], frame.ANCHORS)
        if not _plausible(score, points, transform, picture.shape[:2]):
            continue
        kept["name"].append(path.name)
        kept["transform"].append(transform)
        kept["points"].append(points)
        kept["score"].append(score)
        kept["chroma"].append(colour_spread(picture))
        kept["skin"].append(skin_chroma(picture, transform))
    stored = {key: np.array(values) for key, values in kept.items()}
    np.savez(cache, **stored)
    print(f"align: {len(files)} looked at, {len(stored['name'])} kept", flush=True)
    return stored


def warped(portraits: Path, names: np.ndarray, transforms: np.ndarray, cache: Path) -> np.ndarray:
    """The aligned portraits, BGR u8 [N, 224, 192, 3], as a file mapped into memory."""
    shape = (len(names), frame.HIGH, frame.WIDE, 3)
    if cache.exists():
        return np.load(cache, mmap_mode="r")
    part = cache.with_suffix(".part.npy")
    out = np.lib.format.open_memmap(part, mode="w+", dtype=np.uint8, shape=shape)
    for number, (name, transform) in enumerate(zip(names, transforms)):
        picture = cv2.imread(str(portraits / str(name)), cv2.IMREAD_COLOR)
        out[number] = cv2.warpAffine(
            picture, transform, (frame.WIDE, frame.HIGH), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        )
    out.flush()
    part.rename(cache)
    return np.load(cache, mmap_mode="r")
