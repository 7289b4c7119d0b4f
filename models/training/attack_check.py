"""What the attack net is worth on people it was not trained on: attacks passed and live pictures refused, by kind."""

from __future__ import annotations

import numpy as np
import torch

import data
import export
from attack_crop import CLASSES, SIDE, square

# limits.rs, GOOD_FRAMES and a little more: the judge takes the median over at least five frames.
FRAMES = 6


def held(folder: str | None, factor: float, most: int | None = None, error: float = 0.03) -> list[tuple[np.ndarray, data.Row]]:
    """Cuts of a crowd's pictures with boxes off by `error` of their size, and their rows."""
    if not folder:
        return []
    rng = np.random.default_rng(7)
    rows = [row for row in data.read_labels(folder) if row.kind in CLASSES]
    if most and len(rows) > most:
        rows = [rows[i * len(rows) // most] for i in range(most)]
    pictures = []
    for row in rows:
        box = row.box + np.tile(rng.normal(0, error, 2) * row.box[2:], 2) * [1, 1, 0, 0]
        box[2:] *= np.exp(rng.normal(0, error, 2))
        pictures.append((square(data.read_picture(row.file), box, factor, SIDE), row))
    return pictures


@torch.no_grad()
def quick(net: torch.nn.Module, pictures: list[tuple[np.ndarray, data.Row]]) -> tuple[float, float]:
    """For the curve: share of live pictures below 0.5 and of attacks at or above it."""
    if not pictures:
        return float("nan"), float("nan")
    scores = []
    for start in range(0, len(pictures), 100):
        batch = np.stack([cut for cut, _ in pictures[start : start + 100]]).transpose(0, 3, 1, 2)
        scores.append(torch.softmax(net(torch.from_numpy(batch.astype(np.float32) / 255.0)), 1)[:, 0].numpy())
    score, live = np.concatenate(scores), np.array([row.kind == "live" for _, row in pictures])
    return float((score[live] < 0.5).mean()), float((score[~live] >= 0.5).mean())


def scores(path: str, pictures: list[tuple[np.ndarray, data.Row]]) -> np.ndarray:
    """Probability of "live" of each cut, by the ONNX file."""
    run = export.session(path)
    return np.array([softmax_live(run, cut) for cut, _ in pictures])


def softmax_live(run, cut: np.ndarray) -> float:
    """Probability of "live" of one cut."""
    logits = run.run(None, {"input": cut.transpose(2, 0, 1)[None].astype(np.float32) / 255.0})[0][0].astype(np.float64)
    e = np.exp(logits - logits.max())
    return float(e[0] / e.sum())


def report(path: str, folder: str, factor: float, live: float, attack: float) -> None:
    """Frame by frame, and the median of FRAMES frames of one person and kind, at the levels given; and what other levels do."""
    pictures = held(folder, factor)
    score = scores(path, pictures)
    kinds = np.array([row.kind for _, row in pictures])
    conditions = np.array([row.condition for _, row in pictures])
    for kind in CLASSES:
        mine = score[kinds == kind]
        medians = median(score, pictures, kind)
        if not len(mine):
            continue
        if kind == "live":
            print(f"live: {share(mine < live)} of frames below {live} (refused or unclear), {share(mine < attack)} below {attack}; "
                  f"medians of {FRAMES}: {share(medians < live)} below {live}, {share(medians < attack)} below {attack}")
            for condition in sorted(set(conditions[kinds == kind])):
                part = score[(kinds == kind) & (conditions == condition)]
                if (part < live).mean() > 0.01:
                    print(f"  {condition or 'plain'}: {share(part < live)} below {live}")
        else:
            print(f"{kind}: {share(mine >= live)} of frames at or above {live} (passed), {share(mine >= attack)} at or above {attack}; "
                  f"medians of {FRAMES}: {share(medians >= live)} at or above {live}, {share(medians >= attack)} at or above {attack}")
    alive = score[kinds == "live"]
    print("level: attacks' frames passed, live frames refused")
    for level in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98):
        print(f"  {level}: {share(score[kinds != 'live'] >= level)}, {share(alive < level)}")


def median(score: np.ndarray, pictures: list[tuple[np.ndarray, data.Row]], kind: str) -> np.ndarray:
    """Medians of FRAMES pictures of one person and kind, which stand for a visit; remaining pictures are left out."""
    groups: dict[int, list[float]] = {}
    for value, (_, row) in zip(score, pictures):
        if row.kind == kind:
            groups.setdefault(row.person, []).append(value)
    # People with fewer attacks of a kind than a visit has frames are joined with the next.
    line = [value for person in sorted(groups) for value in groups[person]]
    parts = [line[at : at + FRAMES] for at in range(0, len(line) - FRAMES + 1, FRAMES)]
    return np.array([np.median(part) for part in parts])


def share(which: np.ndarray) -> str:
    """`3 of 1000 = 0.30 %`."""
    return f"{int(which.sum())} of {len(which)} = {100 * which.mean() if len(which) else 0:.2f} %"
