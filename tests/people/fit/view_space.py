"""Draws contact sheets of a space file: the mean with its points, random people, and walks along directions.

Example:
    python view_space.py ../space.bin --out /tmp/sheets
"""

import argparse
from pathlib import Path

import cv2
import numpy as np

import flow
import frame
import space_file


def _inverse(move: np.ndarray) -> np.ndarray:
    """Where a person's pixel comes from on the mean shape: the fixed point of q = p + D(p)."""
    y, x = np.mgrid[0 : frame.HIGH, 0 : frame.WIDE].astype(np.float32)
    u, v = x.copy(), y.copy()
    for _ in range(6):
        here = cv2.remap(move, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        u, v = x - here[:, :, 0], y - here[:, :, 1]
    return np.dstack([u, v])


def face(
    arrays: dict[str, np.ndarray], texture: np.ndarray, shape: np.ndarray, masked: bool = True, smile: float = 0.0
) -> np.ndarray:
    """A person's face, BGR u8, on grey outside the mask."""
    y = arrays["mean_y"] + np.tensordot(texture, arrays["texture_y"], 1)
    size = (frame.WIDE, frame.HIGH)
    chroma = [arrays[f"mean_{c}"] - 128 + np.tensordot(texture, arrays[f"texture_{c}"], 1) for c in ("cb", "cr")]
    if smile:
        y = y + smile * arrays["smile_y"][0]
        chroma = [c + smile * arrays[f"smile_{name}"][0] for c, name in zip(chroma, ("cb", "cr"))]
    cb, cr = (cv2.resize(c.astype(np.float32), size, interpolation=cv2.INTER_LINEAR) for c in chroma)
    rgb = np.dstack([y + 1.402 * cr, y - 0.344136 * cb - 0.714136 * cr, y + 1.772 * cb])
    if masked:
        m = arrays["mask"][:, :, None] / 255
        rgb = rgb * m + 140 * (1 - m)
    grid = np.tensordot(shape, arrays["shape"], 1) + (smile * arrays["smile_shape"] if smile else 0)
    move = flow.dense(grid.astype(np.float32)).astype(np.float32)
    at = _inverse(move)
    out = cv2.remap(rgb.astype(np.float32), at[:, :, 0], at[:, :, 1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.clip(out[:, :, ::-1], 0, 255).astype(np.uint8)


def sheet(faces: list[np.ndarray], across: int) -> np.ndarray:
    """Faces in rows."""
    faces = faces + [np.zeros_like(faces[0])] * (-len(faces) % across)
    return np.vstack([np.hstack(faces[i : i + across]) for i in range(0, len(faces), across)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("space", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="folder for the sheets")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--spread", type=float, default=0.8, help="deviation of drawn coefficients")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    header, arrays = space_file.read(args.space)
    k, m = len(arrays["texture_y"]), len(arrays["shape"])
    rng = np.random.default_rng(args.seed)

    mean = cv2.resize(face(arrays, np.zeros(k), np.zeros(m), False), None, fx=4, fy=4, interpolation=cv2.INTER_CUBIC)
    cv2.imwrite(str(args.out / "mean.png"), mean)
    for name, (x, y) in zip(header["points"], arrays["mean_points"]):
        at = (int(4 * x + 2), int(4 * y + 2))
        cv2.drawMarker(mean, at, (0, 255, 0), cv2.MARKER_CROSS, 12, 1)
        cv2.putText(mean, name, (at[0] + 6, at[1] - 4), cv2.FONT_HERSHEY_SIMPLEX, 0.35, (0, 0, 255), 1)
    cv2.imwrite(str(args.out / "points.png"), mean)

    draw = lambda: face(arrays, args.spread * rng.standard_normal(k), args.spread * rng.standard_normal(m))
    cv2.imwrite(str(args.out / "samples.png"), sheet([draw() for _ in range(32)], 8))
    rows = []
    for i in range(8):
        unit = np.eye(k)[i]
        rows += [face(arrays, t * unit, np.zeros(m)) for t in (-3, -1.5, 1.5, 3)]
        unit = np.eye(m)[i]
        rows += [face(arrays, np.zeros(k), t * unit) for t in (-3, -1.5, 1.5, 3)]
    cv2.imwrite(str(args.out / "components.png"), sheet(rows, 8))
    if "smile_y" in arrays:
        rows = []
        for _ in range(3):
            texture, shape = args.spread * rng.standard_normal(k), args.spread * rng.standard_normal(m)
            rows += [face(arrays, texture, shape, smile=s) for s in (0.0, 0.5, 1.0, 1.3)]
        cv2.imwrite(str(args.out / "smiles.png"), sheet(rows, 4))
    rows = []
    for name, way in header["directions"].items():
        texture, shape = np.array(way["texture"]), np.array(way["shape"])
        rows += [face(arrays, t * texture, t * shape) for t in (-4, -2, 0, 2, 4)]
    if rows:
        cv2.imwrite(str(args.out / "directions.png"), sheet(rows, 5))


if __name__ == "__main__":
    main()
