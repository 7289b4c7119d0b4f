"""What the face-vector net is shown: invented people and portraits, aligned and made worse; batches by their number."""

from __future__ import annotations

import csv
from pathlib import Path

import cv2
import numpy as np
import torch

import data

# Where the mouth's corners are not known, its middle stands for both.
FOUR = np.vstack([data.STANDARD[:3], data.STANDARD[3:].mean(0)])

# The training pictures are small and end beside the face; a camera's frame goes on. So what is outside must not count.
BORDERS = (cv2.BORDER_CONSTANT, cv2.BORDER_REPLICATE, cv2.BORDER_REPLICATE, cv2.BORDER_REFLECT)


class People:
    """Invented people: the pictures as JPEG in memory, the points, and who it is."""

    def __init__(self, folders: list[str]) -> None:
        rows = [row for folder in folders for row in data.read_labels(folder) if row.kind in ("live", "photo")]
        if any(row.person < 100_000 for row in rows):
            raise SystemExit("people below 100000 are held out: render the training people from 100000 on")
        self.bytes = [row.file.read_bytes() for row in rows]
        self.points = [row.points for row in rows]
        ids = {person: number for number, person in enumerate(sorted({row.person for row in rows}))}
        self.label = np.array([ids[row.person] for row in rows])
        self.count = len(ids)
        self.photos = [i for i, row in enumerate(rows) if row.kind == "photo"]
        self.lives = [i for i, row in enumerate(rows) if row.kind == "live"]
        # Shuffled orders in use: one for the photos, one for the live pictures.
        self.orders: dict[tuple[int, int, int], np.ndarray] = {}

    def pick(self, number: int, seed: int) -> int:
        """The picture of that sample: every sixth is a card photo; live pictures come in turn, shuffled each round."""
        pool = self.photos if number % 6 == 0 else self.lives
        turn = number // 6 if number % 6 == 0 else number - number // 6 - 1
        key = (seed, turn // len(pool), len(pool))
        if key not in self.orders:
            self.orders = {k: v for k, v in self.orders.items() if k[2] != len(pool)}
            self.orders[key] = np.random.default_rng(key).permutation(len(pool))
        return pool[self.orders[key][turn % len(pool)]]

    def sample(self, number: int, seed: int) -> tuple[np.ndarray, int]:
        """An aligned face made worse, and whose it is."""
        rng = np.random.default_rng((seed, 1, number))
        i = self.pick(number, seed)
        points = data.jitter(self.points[i], rng.uniform(0.005, 0.045), rng)
        border = BORDERS[int(rng.integers(len(BORDERS)))]
        return worse(data.align(data.decode(self.bytes[i]), points, border=border), rng), int(self.label[i])

    def looks(self, numbers: int) -> np.ndarray:
        """How each person looks on the card photo: principal components of the inner face, each of spread 1."""
        faces = np.zeros((self.count, 24 * 24), np.float32)
        for i in self.photos:
            face = cv2.cvtColor(data.align(data.decode(self.bytes[i]), self.points[i]), cv2.COLOR_RGB2GRAY)
            small = cv2.resize(face[30:106, 20:92], (24, 24), interpolation=cv2.INTER_AREA).astype(np.float32)
            faces[self.label[i]] = ((small - small.mean()) / max(1.0, float(small.std()))).reshape(-1)
        faces -= faces.mean(0)
        values, axes = np.linalg.eigh(faces.T @ faces / self.count)
        best = slice(-1, -1 - numbers, -1)
        return (faces @ axes[:, best] / np.sqrt(np.maximum(values[best], 1e-9))).clip(-3.0, 3.0)


class Portraits:
    """Real portraits, each a person of its own as far as anybody knows."""

    def __init__(self, folder: str, points: str) -> None:
        self.bytes, self.to_standard = [], []
        with open(points, newline="") as file:
            for line in csv.DictReader(file):
                place = portrait_points(line)
                path = Path(folder) / line["file"]
                if place is not None and path.exists():
                    self.bytes.append(path.read_bytes())
                    self.to_standard.append(place)
        if not self.bytes:
            raise SystemExit(f"{points}: no portrait with points")

    def sample(self, number: int, view: int, seed: int) -> np.ndarray:
        """The portrait of that number as one of its views: moved, turned, lit, cut and coloured otherwise."""
        rng = np.random.default_rng((seed, 2, number, view))
        order = np.random.default_rng((seed, 3, number // len(self.bytes))).permutation(len(self.bytes))
        i = order[number % len(self.bytes)]
        points = data.jitter(self.to_standard[i], rng.uniform(0.01, 0.03), rng)
        standard = FOUR if len(points) == 4 else data.STANDARD
        place = data.similarity(points, standard)
        picture = data.warp(data.decode(self.bytes[i]), place, data.FACE_SIDE, BORDERS[view])
        if rng.random() < 0.6:
            picture = turned(picture, rng)
        if rng.random() < 0.5:
            picture = without_background(picture, rng)
        if rng.random() < 0.7:
            picture = data.light(picture, rng)
        return worse(picture, rng)


def portrait_points(line: dict[str, str]) -> np.ndarray | None:
    """Eyes, nose and mouth (its corners or its middle) of a row of the points file."""
    names = [key for key in ("lx", "ly", "rx", "ry", "nx", "ny", "mlx", "mly", "mrx", "mry") if key in line]
    if len(names) != 10:
        names = ["lx", "ly", "rx", "ry", "nx", "ny", "mx", "my"]
    if any(not line.get(name) for name in names):
        return None
    return np.array([float(line[name]) for name in names], np.float32).reshape(-1, 2)


def depth(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """How far an aligned face stands out there, 0 to 1: an ellipsoid and a nose."""
    ball = np.sqrt(np.clip(1.0 - ((x - 56.0) / 48.0) ** 2 - ((y - 68.0) / 62.0) ** 2, 0.0, 1.0))
    nose = np.exp(-(((x - 56.0) / 8.0) ** 2) - ((y - 72.0) / 12.0) ** 2)
    return (0.85 * ball + 0.25 * nose).astype(np.float32)


ACROSS, DOWN = np.meshgrid(np.arange(112, dtype=np.float32), np.arange(112, dtype=np.float32))


def turned(face: np.ndarray, rng: np.random.Generator, most: float = 12.0) -> np.ndarray:
    """About as if the head turned a little: what stands out moves across, then the face is aligned again."""
    dx, dy = rng.uniform(-most, most), rng.uniform(-0.5 * most, 0.5 * most)
    shift = depth(data.STANDARD[:, 0], data.STANDARD[:, 1])[:, None] * np.array([dx, dy], np.float32)
    back = np.linalg.inv(np.vstack([data.similarity(data.STANDARD + shift), [0, 0, 1]])).astype(np.float32)
    x = back[0, 0] * ACROSS + back[0, 1] * DOWN + back[0, 2]
    y = back[1, 0] * ACROSS + back[1, 1] * DOWN + back[1, 2]
    out = depth(x, y)
    return cv2.remap(
        face, x - np.float32(dx) * out, y - np.float32(dy) * out, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )


# 1 in the face, 0 around it, soft between.
OVAL = np.clip(4.0 * (1.05 - np.hypot((ACROSS - 56.0) / 44.0, (DOWN - 66.0) / 60.0)), 0.0, 1.0)[..., None]


def without_background(face: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One colour around the face, so that nothing there tells one portrait from another."""
    colour = rng.integers(0, 256, 3) if rng.random() < 0.5 else np.full(3, rng.integers(0, 256))
    return (face * OVAL + colour * (1.0 - OVAL)).astype(np.uint8)


def worse(face: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """What a terminal's camera or a card photo may do to an aligned face, beyond what was rendered."""
    if rng.random() < 0.3:
        face = data.grey(face)
    if rng.random() < 0.3:
        face = data.light(face, rng, 0.6)
    if rng.random() < 0.2:
        face = data.low_resolution(face, rng)
    if rng.random() < 0.12:
        face = data.blur(face, rng)
    if rng.random() < 0.15:
        face = data.noise(face, rng)
    if rng.random() < 0.2:
        face = data.jpeg(face, rng)
    if rng.random() < 0.15:
        face = data.erase(face, rng)
    return face


class Batches(torch.utils.data.Dataset):
    """Batch after batch; its number decides everything in it."""

    def __init__(
        self, people: People, portraits: Portraits | None, size: int, seed: int, first: int, last: int
    ) -> None:
        self.people, self.portraits, self.seed, self.first, self.last = people, portraits, seed, first, last
        # Two views of each portrait: about an eighth of the batch.
        self.pairs = size // 16 if portraits else 0
        self.invented = size - 2 * self.pairs

    def __len__(self) -> int:
        return self.last - self.first

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        if index >= len(self):
            raise IndexError(index)
        batch = self.first + index
        faces, labels = [], []
        for k in range(self.invented):
            face, label = self.people.sample(batch * self.invented + k, self.seed)
            faces.append(face)
            labels.append(label)
        for view in range(2):
            for k in range(self.pairs):
                faces.append(self.portraits.sample(batch * self.pairs + k, view, self.seed))
        return torch.from_numpy(np.stack(faces)), torch.tensor(labels)
