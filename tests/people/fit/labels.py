"""Labels made by looking, and their extension to the portraits nobody looked at.

The CSV holds `file,female,glasses,beard,closed,age,exclude`: 0 or 1, age young, middle or old, closed = mouth
closed, exclude = painting or tinted print. It names real people's portraits and stays out of the repository.
"""

import csv
from pathlib import Path

import cv2
import numpy as np

import frame
from textures import C_SIZE, CHROMA, Y_SIZE

# Places of the canonical frame that show a label: left, top, right, bottom.
PLACES = {"glasses": (36, 68, 156, 122), "beard": (52, 132, 140, 204), "closed": (60, 138, 132, 180)}
AGES = {"young": -1.0, "middle": 0.0, "old": 1.0}


def read(path: Path | None, names: np.ndarray) -> dict[str, np.ndarray]:
    """One f32 per name and label, NaN where not labelled."""
    keys = ("female", "glasses", "beard", "closed", "age", "exclude")
    known = {}
    if path is not None:
        with path.open(newline="") as file:
            known = {row["file"]: row for row in csv.DictReader(file)}
    columns = {key: np.full(len(names), np.nan, np.float32) for key in keys}
    for i, name in enumerate(names):
        row = known.get(str(name))
        for key in keys if row else ():
            columns[key][i] = AGES[row[key]] if key == "age" else float(row[key])
    return columns


def _features(rows: np.ndarray, place: tuple[int, int, int, int]) -> np.ndarray:
    left, top, right, bottom = place
    out = []
    for row in rows:
        luma = row[:Y_SIZE].reshape(frame.HIGH, frame.WIDE)[top:bottom, left:right]
        small = cv2.resize(luma, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA)
        small = (small - small.mean()) / (small.std() + 4)
        edges = np.hypot(cv2.Sobel(small, cv2.CV_32F, 1, 0), cv2.Sobel(small, cv2.CV_32F, 0, 1))
        cr = row[Y_SIZE + C_SIZE :].reshape(CHROMA[::-1])[top // 4 : bottom // 4, left // 4 : right // 4] / 10
        out.append(np.concatenate([small.ravel(), edges.ravel(), (cr - cr.mean()).ravel()]))
    return np.array(out, np.float32)


def _ridge(kernel: np.ndarray, train: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    return np.linalg.solve(kernel[np.ix_(train, train)] + 0.3 * np.eye(len(train)), wanted[train])


def extend(rows: np.ndarray, labels: dict[str, np.ndarray], seed: int) -> dict[str, np.ndarray]:
    """For each label with a place: a bool for every texture row; told ones as told, others by ridge regression."""
    out = {}
    for name, place in PLACES.items():
        told = ~np.isnan(labels[name])
        if told.sum() < 60:
            out[name] = np.zeros(len(rows), bool)
            continue
        features = _features(rows, place)
        features -= features[told].mean(axis=0)
        kernel = features @ features.T
        kernel /= np.diag(kernel).mean()
        index = np.random.default_rng(seed).permutation(np.nonzero(told)[0])
        scores = np.zeros(len(rows), np.float32)
        rate = labels[name][told].mean()
        for fold in range(5):
            test = index[fold::5]
            train = np.setdiff1d(index, test)
            scores[test] = kernel[np.ix_(test, train)] @ _ridge(kernel, train, labels[name] - rate)
        order = np.sort(scores[told])
        limit = order[int(len(order) * (1 - rate))]
        right = ((scores[told] > limit) == (labels[name][told] > 0.5)).mean()
        print(f"labels: {name}: {int(told.sum())} looked at, {rate:.2f} so, {right:.3f} right held out", flush=True)
        scores = kernel[:, index] @ _ridge(kernel, index, labels[name] - rate)
        out[name] = np.where(told, labels[name] > 0.5, scores > limit)
    return out
