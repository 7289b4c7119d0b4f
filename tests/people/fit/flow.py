"""Step 2: dense correspondence by collection flow.

Each aligned portrait is compared with its own low-rank reconstruction in the mean frame (the same face in
mean shape); the optical flow between them is its shape. Rank grows round by round, so the mean sharpens.
"""

from pathlib import Path

import cv2
import numpy as np

import frame

HALF = (frame.WIDE // 2, frame.HIGH // 2)


def oval(reach: tuple[float, float], wide: int = frame.WIDE, high: int = frame.HIGH, soft: float = 0.12) -> np.ndarray:
    """A soft face oval in the canonical frame, `reach` pixels aside and up; 1 inside and 0 outside."""
    y, x = np.mgrid[0:high, 0:wide].astype(np.float32)
    x, y = x * (frame.WIDE / wide) - 96, y * (frame.HIGH / high) - 118
    radius = np.sqrt((x / reach[0]) ** 2 + (y / np.where(y < 0, reach[1], 96)) ** 2)
    return np.clip((1 + soft - radius) / (2 * soft), 0, 1)


def _interpolation(size: int, count: int) -> np.ndarray:
    """[size, count] linear interpolation from grid nodes to pixels."""
    at = np.arange(size) / frame.STEP
    low = np.minimum(at.astype(int), count - 2)
    weights = np.zeros((size, count), np.float32)
    weights[np.arange(size), low] = 1 - (at - low)
    weights[np.arange(size), low + 1] = at - low
    return weights


UP_Y = _interpolation(frame.HIGH, frame.GRID_HIGH)
UP_X = _interpolation(frame.WIDE, frame.GRID_WIDE)
_Y, _X = np.mgrid[0 : frame.HIGH, 0 : frame.WIDE].astype(np.float32)


def dense(grid: np.ndarray) -> np.ndarray:
    """Displacements at every pixel [224, 192, 2] of a node grid [29, 25, 2]."""
    return np.stack([UP_Y @ grid[:, :, axis] @ UP_X.T for axis in (0, 1)], axis=-1)


def warp(picture: np.ndarray, transform: np.ndarray, grid: np.ndarray | None) -> np.ndarray:
    """The portrait in the canonical frame, in its own shape (no grid) or brought to mean shape."""
    back = cv2.invertAffineTransform(transform)
    # Downsizing needs a low-pass first, or eyes alias.
    step = float(np.hypot(back[0, 0], back[1, 0]))
    if step > 1.3:
        picture = cv2.GaussianBlur(picture, (0, 0), 0.45 * step)
    x, y = _X, _Y
    if grid is not None:
        move = dense(grid)
        x, y = x + move[:, :, 0], y + move[:, :, 1]
    u = (back[0, 0] * x + back[0, 1] * y + back[0, 2]).astype(np.float32)
    v = (back[1, 0] * x + back[1, 1] * y + back[1, 2]).astype(np.float32)
    return cv2.remap(picture, u, v, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)


def even(luma: np.ndarray, sigma: float) -> np.ndarray:
    """Luminance with its light and contrast levelled: local mean 0, local deviation near 1, f32."""
    luma = luma.astype(np.float32)
    high = luma - cv2.GaussianBlur(luma, (0, 0), sigma)
    return np.clip(high / (np.sqrt(cv2.GaussianBlur(high * high, (0, 0), sigma * 1.5)) + 4.0), -3, 3)


def low_rank(rows: np.ndarray, rank: int, rng: np.random.Generator) -> np.ndarray:
    """An orthonormal basis [rank, D] of the main directions of centred rows (randomised SVD)."""
    sketch = rng.standard_normal((len(rows), rank + 12), dtype=np.float32)
    basis = np.linalg.qr(rows.T @ sketch)[0]
    for _ in range(3):
        basis = np.linalg.qr(rows.T @ (rows @ basis))[0]
    small = rows @ basis
    _, _, turn = np.linalg.svd(small.T @ small)
    return (basis @ turn[:rank].T).T.astype(np.float32)


def smooth(flow: np.ndarray, weight: np.ndarray, fine: float) -> np.ndarray:
    """Flow on the node grid: the weighted mean nearby, of a wider neighbourhood where there is little texture."""
    total = np.zeros((frame.GRID_HIGH, frame.GRID_WIDE, 2), np.float32)
    trust = np.zeros((frame.GRID_HIGH, frame.GRID_WIDE, 1), np.float32)
    layers = np.dstack([flow * weight[:, :, None], weight])
    small = cv2.resize(layers, HALF, interpolation=cv2.INTER_AREA)
    for sigma, share in ((fine, 1.0), (8.0, 0.15), (20.0, 0.03)):
        blurred = cv2.GaussianBlur(small, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)
        padded = cv2.copyMakeBorder(blurred, 0, 1, 0, 1, cv2.BORDER_REPLICATE)
        at = padded[::4, ::4][: frame.GRID_HIGH, : frame.GRID_WIDE]
        total += at[:, :, :2] * share
        trust += at[:, :, 2:] * share
    return total / (trust + 1e-6)


def level(transform: np.ndarray, grid: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Moves the similarity part of a shape into the portrait's transform."""
    nodes = frame.nodes()
    moved = nodes + grid
    part = frame.similarity(nodes.reshape(-1, 2), moved.reshape(-1, 2), weights.ravel())
    undo = cv2.invertAffineTransform(part)
    return frame.compose(undo, transform), (frame.apply(undo, moved) - nodes).astype(np.float32)


def eyes_in_place(luma: list[np.ndarray], transforms: np.ndarray, grids: np.ndarray) -> np.ndarray:
    """The similarity that brings the pupils of the sharp mean to their canonical places."""
    mean = np.mean([even(warp(one, t, g), 18.0) for one, t, g in zip(luma, transforms, grids)], axis=0)
    dark = cv2.GaussianBlur(-mean, (0, 0), 3.0)
    found = []
    for x, y in frame.EYES.astype(int):
        part = dark[y - 10 : y + 11, x - 14 : x + 15]
        row, col = np.unravel_index(int(part.argmax()), part.shape)
        across, down = _between(part[row, col - 1 : col + 2]), _between(part[row - 1 : row + 2, col])
        found.append((x - 14 + col + across, y - 10 + row + down))
    places = " and ".join(f"({px:.2f}, {py:.2f})" for px, py in found)
    print(f"flow: pupils of the mean at {places}, moved to (64, 88) and (128, 88)", flush=True)
    return frame.similarity(np.array(found, np.float32), frame.EYES)


def _between(three: np.ndarray) -> float:
    """Where the top of a parabola through three neighbours lies, from the middle one."""
    if len(three) < 3:
        return 0.0
    left, middle, right = (float(v) for v in three)
    return (left - right) / (2 * (left - 2 * middle + right) - 1e-9)


def moved(fix: np.ndarray, transform: np.ndarray, grid: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A portrait's transform and shape after a similarity of the canonical frame itself."""
    back = cv2.invertAffineTransform(fix)
    at = frame.apply(back, frame.nodes()).astype(np.float32) / frame.STEP
    at = np.clip(at, 0, [frame.GRID_WIDE - 1, frame.GRID_HIGH - 1]).astype(np.float32)
    there = cv2.remap(grid, at[:, :, 0], at[:, :, 1], cv2.INTER_LINEAR)
    return frame.compose(fix, transform), (there @ fix[:, :2].T).astype(np.float32)


class Plan:
    """How one run of collection flow goes: ranks of its rounds, smoothness and what keeps the mean in place."""

    def __init__(
        self,
        ranks: tuple[int, ...],
        reach: tuple[float, float],
        fine: float,
        kept: float,
        shape_rank: int,
        anchor: np.ndarray | None,
    ):
        self.ranks = ranks
        # Half-axes of the face oval that is looked at: hair and collar would pull the flow astray.
        self.reach = reach
        # Smoothing of the flow, half-resolution pixels.
        self.fine = fine
        # Share of a shape outside the main shapes that is kept: most of it is flow gone astray.
        self.kept = kept
        self.shape_rank = shape_rank
        # Faces whose mean shape stays nought. With them the mean face is also made mirror-symmetric.
        self.anchor = anchor


def collection_flow(
    pictures: list[np.ndarray], transforms: np.ndarray, grids: np.ndarray, plan: Plan, cache: Path, seed: int
) -> dict[str, np.ndarray]:
    """Final transforms, shapes [N, 29, 25, 2] and residuals (mean difference to the reconstruction)."""
    if cache.exists():
        with np.load(cache) as stored:
            return {key: stored[key] for key in stored.files}
    rng = np.random.default_rng(seed)
    count = len(pictures)
    luma = [_grey(picture) for picture in pictures]
    transforms, grids = transforms.copy(), grids.copy()
    face = oval(plan.reach)
    face_half = oval(plan.reach, *HALF).ravel()
    node_weights = cv2.copyMakeBorder(face, 0, 8, 0, 8, cv2.BORDER_REPLICATE)[::8, ::8]
    node_weights = node_weights[: frame.GRID_HIGH, : frame.GRID_WIDE]
    root = np.repeat(np.sqrt(node_weights + 0.02).ravel(), 2)
    dis = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    dis.setFinestScale(1)
    residual = np.zeros(count, np.float32)
    for number, rank in enumerate(plan.ranks):
        start = cv2.getTickCount()
        stack = _stack(luma, transforms, grids, face_half)
        rebuilt, residual = _rebuilt(stack, rank, plan.anchor is not None, rng)
        residual /= np.sqrt(face_half.sum())
        for i in range(count):
            grids[i] = matched(dis, rebuilt[i], luma[i], transforms[i], grids[i], face, plan.fine)
        if plan.anchor is not None:
            grids += _evened(dis, stack[plan.anchor].mean(axis=0), face, plan.fine)
        np.clip(grids, -18, 18, out=grids)
        grids -= _drift(grids, plan.anchor)
        for i in range(count):
            transforms[i], grids[i] = level(transforms[i], grids[i], node_weights)
        grids -= _drift(grids, plan.anchor)
        flat = grids.reshape(count, -1)
        middle = flat.mean(axis=0)
        rows = (flat - middle) * root
        shapes = low_rank(rows, plan.shape_rank, rng)
        main = middle + (rows @ shapes.T) @ shapes / root
        grids = (plan.kept * flat + (1 - plan.kept) * main).reshape(grids.shape).astype(np.float32)
        seconds = (cv2.getTickCount() - start) / cv2.getTickFrequency()
        print(f"flow: round {number + 1} of {len(plan.ranks)}, rank {rank}, residual {residual.mean():.4f}, "
              f"shape deviation {grids.std():.2f} px, {seconds:.0f} s", flush=True)
    some = np.ones(count, bool) if plan.anchor is None else plan.anchor
    fix = eyes_in_place([one for one, s in zip(luma, some) if s], transforms[some], grids[some])
    for i in range(count):
        transforms[i], grids[i] = moved(fix, transforms[i], grids[i])
    stored = {"transform": transforms, "grid": grids, "residual": residual}
    np.savez(cache, **stored)
    return stored


def matched(
    dis: cv2.DISOpticalFlow, rebuilt: np.ndarray, luma: np.ndarray, transform: np.ndarray, grid: np.ndarray,
    face: np.ndarray, fine: float,
) -> np.ndarray:
    """The shape that takes a reconstruction in the mean frame to the portrait itself."""
    target = _full(rebuilt)
    own = cv2.GaussianBlur(even(warp(luma, transform, None), 18.0) * face, (0, 0), 1.2)
    found = dis.calc(_levels(target), _levels(own), dense(grid).astype(np.float32))
    slope = cv2.Sobel(target, cv2.CV_32F, 1, 0) ** 2 + cv2.Sobel(target, cv2.CV_32F, 0, 1) ** 2
    return smooth(found, face * (0.02 + np.minimum(slope, 4.0)), fine)


def _evened(dis: cv2.DISOpticalFlow, mean: np.ndarray, face: np.ndarray, fine: float) -> np.ndarray:
    """Half the way from the mean face to its mirror image: added to all shapes, the mean becomes symmetric."""
    target = _full(mean)
    turned = np.ascontiguousarray(target[:, ::-1])
    found = dis.calc(_levels(turned), _levels(target), None)
    slope = cv2.Sobel(turned, cv2.CV_32F, 1, 0) ** 2 + cv2.Sobel(turned, cv2.CV_32F, 0, 1) ** 2
    way = smooth(found, face * (0.02 + np.minimum(slope, 4.0)), 2 * fine)
    return (way - way[:, ::-1] * np.array([-1, 1], np.float32)) / 4


def _full(half: np.ndarray) -> np.ndarray:
    return cv2.resize(half.reshape(HALF[1], HALF[0]), (frame.WIDE, frame.HIGH), interpolation=cv2.INTER_CUBIC)


def _levels(values: np.ndarray) -> np.ndarray:
    return np.clip(128 + 45 * values, 0, 255).astype(np.uint8)


def _rebuilt(stack: np.ndarray, rank: int, mirror: bool, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Low-rank reconstructions of rectified faces, and their residual norms."""
    learnt = stack
    if mirror:
        turned = stack.reshape(-1, HALF[1], HALF[0])[:, :, ::-1].reshape(len(stack), -1)
        learnt = np.vstack([stack, turned])
    mean = learnt.mean(axis=0)
    basis = low_rank(learnt - mean, rank, rng)
    rebuilt = ((stack - mean) @ basis.T) @ basis + mean
    return rebuilt, np.linalg.norm(stack - rebuilt, axis=1)


def _drift(grids: np.ndarray, anchor: np.ndarray | None) -> np.ndarray:
    """The mean shape to take out. Its uneven half stays where the mean face shall become symmetric."""
    if anchor is None:
        return grids.mean(axis=0)
    mean = grids[anchor].mean(axis=0)
    return (mean + mean[:, ::-1] * np.array([-1, 1], np.float32)) / 2


def transfer(
    pictures: list[np.ndarray],
    transforms: np.ndarray,
    grids: np.ndarray,
    basis_of: tuple,
    plan: Plan,
    cache: Path,
    seed: int,
) -> dict[str, np.ndarray]:
    """Brings further portraits into the frame of others (`basis_of`: their pictures, transforms and shapes)."""
    if cache.exists():
        with np.load(cache) as stored:
            return {key: stored[key] for key in stored.files}
    face, face_half = oval(plan.reach), oval(plan.reach, *HALF).ravel()
    learnt = _stack([_grey(one) for one in basis_of[0]], basis_of[1], basis_of[2], face_half)
    learnt = np.vstack([learnt, learnt.reshape(-1, HALF[1], HALF[0])[:, :, ::-1].reshape(len(learnt), -1)])
    mean = learnt.mean(axis=0)
    basis = low_rank(learnt - mean, plan.ranks[-1], np.random.default_rng(seed))
    flat = basis_of[2].reshape(len(basis_of[2]), -1)
    shapes = low_rank(flat - flat.mean(axis=0), plan.shape_rank, np.random.default_rng(seed))
    luma, grids = [_grey(one) for one in pictures], grids.copy()
    dis = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    dis.setFinestScale(1)
    residual = np.zeros(len(luma), np.float32)
    for number in range(2):
        for i in range(len(luma)):
            row = _stack(luma[i : i + 1], transforms[i : i + 1], grids[i : i + 1], face_half)
            rebuilt = ((row - mean) @ basis.T) @ basis + mean
            residual[i] = np.linalg.norm(row - rebuilt) / np.sqrt(face_half.sum())
            grids[i] = matched(dis, rebuilt[0], luma[i], transforms[i], grids[i], face, plan.fine)
        own = grids.reshape(len(luma), -1)
        main = flat.mean(axis=0) + ((own - flat.mean(axis=0)) @ shapes.T) @ shapes
        grids = (plan.kept * own + (1 - plan.kept) * main).reshape(grids.shape).astype(np.float32)
        print(f"flow: transfer round {number + 1} of 2, residual {residual.mean():.4f}", flush=True)
    stored = {"grid": grids, "residual": residual}
    np.savez(cache, **stored)
    return stored


def _grey(picture: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)


def _stack(luma: list[np.ndarray], transforms: np.ndarray, grids: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Rectified, levelled faces at half resolution, one a row."""
    stack = np.empty((len(luma), HALF[0] * HALF[1]), np.float32)
    for i, one in enumerate(luma):
        rectified = even(warp(one, transforms[i], grids[i]), 18.0)
        stack[i] = cv2.resize(rectified, HALF, interpolation=cv2.INTER_AREA).ravel() * weight
    return stack


COARSE = Plan(ranks=(3, 6, 10, 16, 24, 32, 40), reach=(62, 86), fine=3.5, kept=0.15, shape_rank=30, anchor=None)


def fine_plan(rest: np.ndarray) -> Plan:
    """Sharpens the correspondence among the portraits of the basis, about the mean of the faces at rest."""
    return Plan(ranks=(16, 24, 32, 40, 50), reach=(66, 90), fine=2.6, kept=0.3, shape_rank=40, anchor=rest)
