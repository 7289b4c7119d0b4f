"""The detector: a small ReLU net with YuNet's interface, what it shall answer, its losses, and how its answer is read.

Places are input pixels. Cell (row, column) of a level with stride s stands for the place (column * s, row * s).
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

STRIDES = (8, 16, 32)
# Which faces belong to a level: square root of the box's area, pixels. Where ranges overlap both levels answer.
RANGES = ((0.0, 40.0), (28.0, 150.0), (110.0, 1e9))
# Cells that stand for a face: within this many strides of the middle of its box, on each axis.
NEAR = 1.25
# Score, class, box and points of a cell, in the order of the head's channels.
CHANNELS = 16
# How far two boxes of one face overlap at least (limits.rs, SAME_FACE).
SAME_FACE = 0.3


def conv(inputs: int, outputs: int, kernel: int, stride: int = 1, relu: bool = True) -> nn.Sequential:
    """Convolution and norm, as export.py folds them, and ReLU."""
    padding = 0 if kernel == stride else kernel // 2
    layers = [nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False), nn.BatchNorm2d(outputs)]
    return nn.Sequential(*layers, *([nn.ReLU(inplace=True)] if relu else []))


class Block(nn.Module):
    """Residual, half as wide inside."""

    def __init__(self, width: int):
        super().__init__()
        self.way = nn.Sequential(
            conv(width, width // 2, 1), conv(width // 2, width // 2, 3), conv(width // 2, width, 1, relu=False)
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.relu(x + self.way(x))


class Detector(nn.Module):
    """Input BGR 0..255. In training the raw head of each level, otherwise YuNet's twelve outputs."""

    def __init__(self, widths: tuple[int, int, int] = (40, 80, 96), depths: tuple[int, int, int] = (1, 2, 3)):
        super().__init__()
        a, b, c = widths
        # 4x4 pixels at once: large maps are what costs time.
        self.stem = nn.Sequential(conv(3, 24, 4, 4), conv(24, a, 3, 2))
        self.body8 = nn.Sequential(*[Block(a) for _ in range(depths[0])])
        self.body16 = nn.Sequential(conv(a, b, 3, 2), *[Block(b) for _ in range(depths[1])])
        self.body32 = nn.Sequential(conv(b, c, 3, 2), *[Block(c) for _ in range(depths[2])])
        self.from32, self.from16 = conv(c, b, 1, relu=False), conv(b, a, 1, relu=False)
        # Most faces belong to the middle level: what came down is mixed in there.
        self.mix16 = nn.Sequential(Block(b), Block(b))
        self.heads = nn.ModuleList([nn.Conv2d(width, CHANNELS, 1) for width in widths])
        for head in self.heads:
            nn.init.normal_(head.weight, 0.0, 0.01)
            nn.init.zeros_(head.bias)
            # Nearly every cell is no face.
            head.bias.data[:2] = -3.0
        # At export added to the logits of class and object, so that a score of 0.6 lies where the held-out set wants it.
        self.register_buffer("shift", torch.zeros(1))

    def forward(self, x: torch.Tensor):
        f8 = self.body8(self.stem(x / 255.0 if self.training_scale else x))
        f16 = self.body16(f8)
        f32 = self.body32(f16)
        f16 = self.mix16(F.relu(f16 + F.interpolate(self.from32(f32), scale_factor=2.0, mode="nearest")))
        f8 = F.relu(f8 + F.interpolate(self.from16(f16), scale_factor=2.0, mode="nearest"))
        # Points need more than bf16's eight bits.
        with torch.autocast("cpu", enabled=False):
            raw = [head(f.float() if self.training else f) for head, f in zip(self.heads, (f8, f16, f32))]
        levels = [level.permute(0, 2, 3, 1).reshape(x.shape[0], -1, CHANNELS) for level in raw]
        if self.training_scale:
            return levels
        cls = [torch.sigmoid(level[..., 0:1]) for level in levels]
        obj = [torch.sigmoid(level[..., 1:2]) for level in levels]
        return (*cls, *obj, *[level[..., 2:6] for level in levels], *[level[..., 6:16] for level in levels])

    # False once `ship` has put the scale into the first convolution.
    training_scale = True

    def ship(self) -> "Detector":
        """For export: scale into the first convolution, shift into the heads, sigmoids on. In place."""
        self.eval()
        self.stem[0][0].weight.data /= 255.0
        for head in self.heads:
            head.bias.data[:2] += self.shift
        self.training_scale = False
        return self


OUTPUTS = [f"{name}_{stride}" for name in ("cls", "obj", "bbox", "kps") for stride in STRIDES]


def cells(side: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Places of all cells of all levels, n x 2, and their strides, n."""
    places, strides = [], []
    for stride in STRIDES:
        n = side // stride
        row, column = torch.meshgrid(torch.arange(n), torch.arange(n), indexing="ij")
        places.append(torch.stack([column, row], -1).reshape(-1, 2).float() * stride)
        strides.append(torch.full((n * n,), float(stride)))
    return torch.cat(places), torch.cat(strides)


def loss(levels: list[torch.Tensor], boxes: torch.Tensor, points: torch.Tensor, kinds: torch.Tensor, side: int) -> dict:
    """Losses of a batch. `boxes` B x M x 4 (x, y, w, h), `points` B x M x 10, `kinds` B x M: 0 nothing, 1 face, 2 face whose
    points count half, 3 a face too small or cut: neither face nor background."""
    answer = torch.cat(levels, 1).float()
    place, stride = cells(side)
    owner, ignored = assign(boxes, kinds, place, stride)
    positive = owner >= 0
    count = positive.sum().clamp(min=1)
    batch = torch.arange(len(boxes))[:, None].expand_as(owner)[positive]
    which = owner[positive]
    box, target, kind = boxes[batch, which], points[batch, which], kinds[batch, which]
    mine = answer[positive]
    at = place[None].expand(len(boxes), -1, -1)[positive]
    step = stride[None].expand(len(boxes), -1)[positive][:, None]
    # Boxes: overlap, and the logarithms of the sides so that a far answer finds its way.
    centre, size = at + mine[:, 0 + 2 : 4] * step, torch.exp(mine[:, 4:6].clamp(-6.0, 6.0)) * step
    overlap, generalised = overlaps(torch.cat([centre - size / 2, size], 1), box)
    sides = F.smooth_l1_loss(mine[:, 4:6], torch.log(box[:, 2:] / step), beta=0.1)
    # Points: in eye distances, nearly linear: the last percent counts. Faces too small to be used say less.
    unit = (0.45 * torch.sqrt(box[:, 2] * box[:, 3]))[:, None]
    found = at.repeat(1, 5) + mine[:, 6:16] * step
    error = (found - target) / unit
    each = F.smooth_l1_loss(error, torch.zeros_like(error), beta=0.02, reduction="none").mean(1)
    weight = torch.where(kind == 2, 0.5, 1.0) * (unit[:, 0] / 24.0).clamp(0.15, 1.0)
    five = (each * weight).sum() / count
    # Class: is there a face. Object: how well box and points fit.
    cls, obj = torch.zeros_like(answer[..., 0]), torch.zeros_like(answer[..., 0])
    cls[positive] = 1.0
    distance = error.detach().reshape(-1, 5, 2).norm(dim=2).mean(1)
    obj[positive] = overlap.detach().clamp(0.0, 1.0) * torch.exp(-distance)
    counted = (~ignored).float()
    score = lambda logits, wanted: (
        (torch.sigmoid(logits.detach()) - wanted).abs().square()
        * F.binary_cross_entropy_with_logits(logits, wanted, reduction="none")
        * counted
    ).sum() / count
    parts = {
        "cls": score(answer[..., 0], cls),
        "obj": score(answer[..., 1], obj),
        "box": (1.0 - generalised).mean() if len(box) else answer.sum() * 0.0,
        "sides": sides if len(box) else answer.sum() * 0.0,
        "points": five,
    }
    parts["all"] = parts["cls"] + parts["obj"] + parts["box"] + 0.3 * parts["sides"] + 8.0 * parts["points"]
    return parts


def assign(boxes: torch.Tensor, kinds: torch.Tensor, place: torch.Tensor, stride: torch.Tensor):
    """Which face each cell stands for (-1: none), and which cells do not count, both B x n."""
    size = torch.sqrt((boxes[..., 2] * boxes[..., 3]).clamp(min=1e-3))
    centre = boxes[..., :2] + boxes[..., 2:] / 2
    away = (centre[:, :, None] - place).abs().amax(-1)
    low = torch.cat([torch.full((int((stride == s).sum()),), r[0]) for s, r in zip(STRIDES, RANGES)])
    high = torch.cat([torch.full((int((stride == s).sum()),), r[1]) for s, r in zip(STRIDES, RANGES)])
    face = ((kinds == 1) | (kinds == 2))[:, :, None]
    level = (size[:, :, None] >= low) & (size[:, :, None] <= high)
    almost = (size[:, :, None] >= low / 1.3) & (size[:, :, None] <= high * 1.3)
    mine = face & level & (away <= NEAR * stride)
    # The smaller of two faces at one cell.
    rank = torch.where(mine, size[:, :, None], torch.inf)
    best = rank.min(1)
    owner = torch.where(torch.isfinite(best.values), best.indices, -1)
    around = face & almost & (away <= (NEAR + 0.5) * stride)
    inside = (place >= boxes[:, :, None, :2]) & (place <= boxes[:, :, None, :2] + boxes[:, :, None, 2:])
    unclear = (kinds == 3)[:, :, None] & inside.all(-1)
    return owner, (around | unclear).any(1) & (owner < 0)


def overlaps(a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Intersection over union of boxes in pairs, and its generalised form, which is negative for boxes apart."""
    least, most = torch.maximum(a[:, :2], b[:, :2]), torch.minimum(a[:, :2] + a[:, 2:], b[:, :2] + b[:, 2:])
    both = (most - least).clamp(min=0.0).prod(1)
    union = a[:, 2:].prod(1) + b[:, 2:].prod(1) - both
    hull = torch.maximum(a[:, :2] + a[:, 2:], b[:, :2] + b[:, 2:]) - torch.minimum(a[:, :2], b[:, :2])
    hull = hull.prod(1).clamp(min=1e-6)
    overlap = both / union.clamp(min=1e-6)
    return overlap, overlap - (hull - union) / hull


def read(outputs: list[np.ndarray], side: int, least: float) -> list[tuple[float, np.ndarray, np.ndarray]]:
    """Score, box and five points of each face, best first, as detector.rs reads YuNet's twelve outputs."""
    found = []
    for level, stride in enumerate(STRIDES):
        n = side // stride
        cls, obj, box, kps = (outputs[level + 3 * k][0] for k in range(4))
        score = np.sqrt(np.clip(cls[:, 0], 0, 1) * np.clip(obj[:, 0], 0, 1))
        for i in np.nonzero(score >= least)[0]:
            at = np.array([i % n, i // n], np.float32)
            centre, size = (at + box[i, :2]) * stride, np.exp(box[i, 2:]) * stride
            points = (at + kps[i].reshape(5, 2)) * stride
            found.append((float(score[i]), np.concatenate([centre - size / 2, size]), points))
    found.sort(key=lambda face: -face[0])
    chosen: list[tuple[float, np.ndarray, np.ndarray]] = []
    for face in found[:256]:
        if all(overlap(other[1], face[1]) <= SAME_FACE for other in chosen):
            chosen.append(face)
    return chosen


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    """Intersection over union of two boxes."""
    both = np.clip(np.minimum(a[:2] + a[2:], b[:2] + b[2:]) - np.maximum(a[:2], b[:2]), 0, None).prod()
    return float(both / max(a[2:].prod() + b[2:].prod() - both, 1e-9))
