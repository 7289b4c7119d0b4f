"""Step 3b: principal components with parts left out (glasses, beards, fringes, laughing mouths).

A left-out part of a face is filled from what the components say about the rest of it, and the components are
fitted again; so such faces still teach skin, eyes or brows without leaving ghosts of the covered part.
"""

import cv2
import numpy as np

import frame
from flow import low_rank
from textures import C_SIZE, CHROMA, Y_SIZE


def spread_mask(mask: np.ndarray) -> np.ndarray:
    """A [N, 224 * 192] luminance mask for whole rows: the same parts of Cb and Cr."""
    small = mask.reshape(-1, CHROMA[1], 4, CHROMA[0], 4).mean(axis=(2, 4)).reshape(len(mask), -1)
    return np.hstack([mask, small, small])


def outliers(residual: np.ndarray, limit: float) -> np.ndarray:
    """Where (bool [N, Y]) blurred luminance residuals stand far out of what is usual at that place."""
    blurred = np.empty_like(residual)
    for i, row in enumerate(residual):
        square = (row * row).reshape(frame.HIGH, frame.WIDE)
        blurred[i] = np.sqrt(cv2.GaussianBlur(square, (0, 0), 3.0)).ravel()
    usual = np.median(blurred[:: max(1, len(blurred) // 400)], axis=0) + 1.5
    grow = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9))
    out = np.empty(residual.shape, bool)
    for i in range(len(out)):
        far = (blurred[i] > limit * usual).astype(np.uint8).reshape(frame.HIGH, frame.WIDE)
        out[i] = cv2.dilate(far, grow).ravel() > 0
    return out


class Components:
    """A mean, orthonormal directions [K, D] of the scaled rows and their deviations [K]."""

    def __init__(self, mean: np.ndarray, basis: np.ndarray, deviation: np.ndarray, scale: np.ndarray):
        self.mean, self.basis, self.deviation, self.scale = mean, basis, deviation, scale

    def parts(self) -> np.ndarray:
        """Components in levels, one standard deviation each: [K, D]."""
        return self.basis * self.deviation[:, None] * _inverse(self.scale)

    def latent(self, rows: np.ndarray) -> np.ndarray:
        """Whitened coefficients [N, K] of rows."""
        return ((rows - self.mean) * self.scale) @ self.basis.T / self.deviation


def fit(
    rows: np.ndarray, seen: np.ndarray, scale: np.ndarray, count: int, rounds: int, limit: float, seed: int
) -> tuple[Components, np.ndarray]:
    """Fits `count` components to rows [N, D] of which `seen` (0..1 [N, D]) is trusted.

    `scale` weighs each value (0 = not looked at). Each round also leaves out outliers over `limit` times the
    usual residual. Returns the components and the whitened coefficients.
    """
    rng = np.random.default_rng(seed)
    given = seen
    mean = (rows * seen).sum(axis=0) / np.maximum(seen.sum(axis=0), 1e-3)
    filled = seen * rows + (1 - seen) * mean
    for number in range(rounds):
        mean = filled.mean(axis=0)
        centred = (filled - mean) * scale
        basis = low_rank(centred, count, rng)
        deviation = (centred @ basis.T).std(axis=0) + 1e-6
        rebuilt = mean + _guess((rows - mean) * scale, seen, basis, deviation) @ basis * _inverse(scale)
        if limit > 0 and number >= 2:
            far = outliers((rows - rebuilt)[:, :Y_SIZE] * (scale[:Y_SIZE] > 0.05), limit)
            seen = given * (1 - spread_mask(_softened(far)))
        filled = seen * rows + (1 - seen) * rebuilt
        counted = scale > 0.05
        print(f"model: round {number + 1} of {rounds}, {count} components, "
              f"{1 - seen[:, counted].mean():.3f} left out", flush=True)
    mean = filled.mean(axis=0)
    centred = (filled - mean) * scale
    basis = low_rank(centred, count, rng)
    found = centred @ basis.T
    deviation = found.std(axis=0) + 1e-6
    print(f"model: {count} components explain {(found**2).sum() / (centred**2).sum():.3f}", flush=True)
    return Components(mean, basis, deviation, scale), found / deviation


def _inverse(scale: np.ndarray) -> np.ndarray:
    return (scale > 1e-3) / np.maximum(scale, 1e-3)


def _softened(far: np.ndarray) -> np.ndarray:
    pictures = far.reshape(-1, frame.HIGH, frame.WIDE).astype(np.float32)
    return np.array([cv2.GaussianBlur(one, (0, 0), 2.5).ravel() for one in pictures])


def _guess(centred: np.ndarray, seen: np.ndarray, basis: np.ndarray, deviation: np.ndarray) -> np.ndarray:
    """The likeliest coefficients [N, K] given what is seen of each row, on every sixteenth luminance pixel."""
    thin = np.zeros((frame.HIGH, frame.WIDE), bool)
    thin[1::4, 1::4] = True
    at = np.concatenate([np.nonzero(thin.ravel())[0], np.arange(Y_SIZE, len(basis[0]), 4)])
    b, x, w = basis[:, at], centred[:, at], seen[:, at]
    full = x @ np.linalg.pinv(b)
    rest = float(np.median((w * (x - full @ b) ** 2).sum(axis=1) / np.maximum(w.sum(axis=1), 1)))
    prior = np.diag(4 * rest / deviation**2)
    out = np.empty((len(x), len(b)), np.float32)
    for i in range(len(x)):
        weighed = b * w[i]
        out[i] = np.linalg.solve(weighed @ b.T + prior, weighed @ x[i])
    return out


def extended(row: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """A row whose values outside the mask go on smoothly from inside it, so that soft edges show no hair."""
    out = row.copy()
    chroma_mask = cv2.resize(mask, CHROMA, interpolation=cv2.INTER_AREA)
    for part, inside, size in (
        (slice(0, Y_SIZE), mask, (frame.HIGH, frame.WIDE)),
        (slice(Y_SIZE, Y_SIZE + C_SIZE), chroma_mask, CHROMA[::-1]),
        (slice(Y_SIZE + C_SIZE, Y_SIZE + 2 * C_SIZE), chroma_mask, CHROMA[::-1]),
    ):
        values = row[part].reshape(size)
        trust = (inside > 0.6).astype(np.float32)
        filled = np.zeros_like(values)
        known = np.zeros_like(values)
        sigma = 2.0 * size[1] / CHROMA[0]
        for step in (sigma, 3 * sigma, 9 * sigma):
            share = 1e-3 if step > sigma else 1.0
            share = share * 1e-3 if step > 3 * sigma else share
            filled += share * cv2.GaussianBlur(values * trust, (0, 0), step)
            known += share * cv2.GaussianBlur(trust, (0, 0), step)
        # Blend over the mask's own soft edge: values there are still seen, only less surely.
        blend = np.clip((inside - 0.3) / 0.4, 0, 1)
        out[part] = (blend * values + (1 - blend) * filled / (known + 1e-12)).ravel()
    return out
