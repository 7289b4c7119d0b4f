"""What the detector is trained on: pictures with labelled faces, laid at many sizes onto small canvases and made worse.

A canvas of 160 is what tracking sees (the last box grown twice) or any cut; one of 320 a whole frame laid above left on
black, a card photo, or four cuts beside each other.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

import data

# Most faces of one canvas.
MOST = 8
# Faces smaller than this (longer side of the box, pixels of the canvas) are neither face nor background.
SMALLEST = 11.0
# Pictures are kept so large that their largest face has at most this many pixels.
KEPT = 140.0


@dataclass
class Picture:
    """RGB, its faces' boxes (k x 4) and points (k x 5 x 2), and whether the points were fitted rather than drawn."""

    rgb: np.ndarray
    boxes: np.ndarray
    points: np.ndarray
    fitted: bool = False


def crowd(folder: str | Path, first: int = 0) -> list[tuple[Picture, set[str]]]:
    """What `people crowd` wrote with the kinds of its faces, people below `first` left out; large faces are shrunk once."""
    pictures = []
    for file, rows in data.by_file(data.read_labels(folder)).items():
        if any(row.person < first for row in rows):
            continue
        boxes = np.array([row.box for row in rows], np.float32).reshape(-1, 4)
        points = np.array([row.points for row in rows], np.float32).reshape(-1, 5, 2)
        pictures.append((kept(Picture(data.read_picture(file), boxes, points)), {row.kind for row in rows}))
    return pictures


def portraits(table: str | Path, folder: str | Path, least: float = 0.25) -> list[Picture]:
    """Real portraits with box and points as tests/people/fit fitted them, those fitted worse than `least` left out."""
    pictures = []
    with open(table, newline="") as file:
        for line in csv.DictReader(file):
            if float(line["quality"]) < least:
                continue
            number = lambda *names: np.array([[float(line[name]) for name in names]], np.float32)
            points = number("lx", "ly", "rx", "ry", "nx", "ny", "mlx", "mly", "mrx", "mry").reshape(1, 5, 2)
            rgb = data.read_picture(Path(folder) / line["file"])
            pictures.append(kept(Picture(rgb, number("x", "y", "w", "h"), points, fitted=True)))
    return pictures


def kept(picture: Picture) -> Picture:
    """Shrunk when the face is larger than ever needed."""
    largest = picture.boxes[:, 2:].max() if len(picture.boxes) else 0.0
    if largest <= KEPT:
        return picture
    scale = KEPT / float(largest)
    height, width = picture.rgb.shape[:2]
    # Frames remain 4:3 to the pixel, so that they are known as frames.
    size = (4 * round(width * scale / 4), 3 * round(height * scale / 3))
    step = np.array([size[0] / width, size[1] / height], np.float32)
    rgb = cv2.resize(picture.rgb, size, interpolation=cv2.INTER_AREA)
    return Picture(rgb, picture.boxes * np.tile(step, 2), picture.points * step, picture.fitted)


class Scenes:
    """Makes canvases of invented pictures, of which `photos` are card photos, and of real portraits."""

    def __init__(self, pictures: list[Picture], photos: list[Picture], real: list[Picture]):
        self.faces = [picture for picture in pictures if len(picture.boxes)]
        self.frames = [p for p in self.faces if 3 * p.rgb.shape[1] == 4 * p.rgb.shape[0]]
        self.empty = [picture for picture in pictures if not len(picture.boxes)]
        self.photos, self.real = photos, real

    def batch(self, side: int, count: int, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
        """`count` canvases (BGR, N x 3 x side x side, uint8), boxes, points and kinds as detector_net.loss reads them."""
        canvases = np.empty((count, 3, side, side), np.uint8)
        boxes, points = np.zeros((count, MOST, 4), np.float32), np.zeros((count, MOST, 10), np.float32)
        kinds = np.zeros((count, MOST), np.int64)
        for i in range(count):
            scene = self.small(side, rng) if side == 160 else self.large(side, rng)
            canvas, faces = finish(*scene, rng)
            canvases[i] = canvas[..., ::-1].transpose(2, 0, 1)
            order = np.argsort([-box[2] * box[3] for box, _, _ in faces], kind="stable")
            for k, at in enumerate(order[:MOST]):
                boxes[i, k], points[i, k], kinds[i, k] = faces[at][0], faces[at][1].reshape(10), faces[at][2]
        return canvases, boxes, points, kinds

    def face(self, rng: np.random.Generator) -> Picture:
        """A picture with a face: one in five is real."""
        pictures = self.real if not self.faces or (self.real and rng.random() < 0.2) else self.faces
        return pick(pictures, rng)

    def small(self, side: int, rng: np.random.Generator):
        """One cut: a face as tracking sees it, a face of any size, or background."""
        draw = rng.random()
        if draw < 0.10:
            return self.background(side, rng)
        picture = self.face(rng)
        if draw < 0.20:
            # Anywhere in a picture: faces cut by the edge, and none.
            height, width = picture.rgb.shape[:2]
            scale = np.exp(rng.uniform(np.log(0.5), np.log(1.6)))
            middle = rng.uniform(0, 1, 2) * [width, height]
            return lay(picture, middle, scale, rng.normal(0, 4), np.full(2, side / 2), side, rng)
        chosen = int(rng.integers(len(picture.boxes)))
        box = picture.boxes[chosen]
        share = rng.normal(0.5, 0.07) if rng.random() < 0.55 else np.exp(rng.uniform(np.log(0.14), np.log(1.0)))
        scale = min(share * side / box[2:].max(), 1.4)
        room = max(0.0, 1.0 - scale * box[2:].max() / side) * side / 2
        spread = min(room, side * 0.1) if rng.random() < 0.6 else room
        target = side / 2 + np.clip(rng.normal(0, 0.5, 2), -1.1, 1.1) * spread
        return lay(picture, box[:2] + box[2:] / 2, scale, rng.normal(0, 7), target, side, rng)

    def large(self, side: int, rng: np.random.Generator):
        """A whole frame or a card photo above left on black, or four cuts."""
        draw = rng.random()
        if draw < 0.45:
            picture = pick(self.frames, rng) if self.frames and rng.random() < 0.85 else self.face(rng)
            scale = min(1.0, side / picture.rgb.shape[1]) * (1.0 if rng.random() < 0.6 else rng.uniform(0.6, 1.25))
            return lay(picture, np.zeros(2), scale, 0.0, np.zeros(2), side, rng, black=True)
        if draw < 0.65:
            return self.photo(side, rng)
        canvas, faces = np.empty((side, side, 3), np.uint8), []
        half = side // 2
        for y in (0, half):
            for x in (0, half):
                part, inside = self.small(half, rng)
                canvas[y : y + half, x : x + half] = part
                faces += [(box + [x, y, 0, 0], points + [x, y], kind) for box, points, kind in inside]
        return canvas, faces

    def photo(self, side: int, rng: np.random.Generator):
        """A card photo of 240 x 300: nearly always grey, the face large, plain around it."""
        picture = pick(self.photos, rng) if self.photos and rng.random() < 0.6 else self.face(rng)
        box = picture.boxes[0]
        width, height = (240, 300) if rng.random() < 0.7 else (int(rng.integers(150, 260)), int(rng.integers(200, 320)))
        scale = min(rng.uniform(0.38, 0.72) * width / box[2], 2.2)
        target = np.array([width * rng.normal(0.5, 0.03), height * rng.normal(0.5, 0.06)])
        part, faces = lay(picture, box[:2] + box[2:] / 2, scale, rng.normal(0, 3), target, side, rng, edge=True)
        if rng.random() < 0.85:
            part = data.grey(part)
        canvas = np.zeros_like(part)
        canvas[:height, :width] = part[:height, :width]
        return canvas, seen(faces, width, height)

    def background(self, side: int, rng: np.random.Generator):
        """No face: a piece of an empty picture, a shuffled face, or a smooth blob of skin's colour."""
        draw = rng.random()
        if draw < 0.5 and self.empty:
            picture = pick(self.empty, rng)
            height, width = picture.rgb.shape[:2]
            scale = np.exp(rng.uniform(np.log(0.5), np.log(2.0)))
            middle = rng.uniform(0.2, 0.8, 2) * [width, height]
            return lay(picture, middle, scale, rng.normal(0, 10), np.full(2, side / 2), side, rng)
        if draw < 0.75:
            picture = self.face(rng)
            box = picture.boxes[0]
            scale = rng.uniform(0.6, 1.3) * side / box[2:].max()
            part, _ = lay(picture, box[:2] + box[2:] / 2, scale, 0.0, np.full(2, side / 2), side, rng, edge=True)
            n = int(rng.choice([4, 5, 8]))
            step = side // n
            tiles = [part[y : y + step, x : x + step].copy() for y in range(0, step * n, step) for x in range(0, step * n, step)]
            for at, tile in zip(rng.permutation(len(tiles)), tiles):
                y, x = divmod(int(at), n)
                part[y * step : (y + 1) * step, x * step : (x + 1) * step] = tile
            return part, []
        canvas = cv2.resize(rng.integers(0, 256, (4, 4, 3), dtype=np.uint8), (side, side), interpolation=cv2.INTER_CUBIC)
        for _ in range(int(rng.integers(1, 4))):
            skin = np.array([200, 150, 120]) * rng.uniform(0.3, 1.25) + rng.normal(0, 12, 3)
            axes = rng.uniform(0.06, 0.4) * side * np.array([1.0, rng.uniform(1.0, 1.6)])
            middle = rng.uniform(0, side, 2)
            place = (tuple(int(v) for v in middle), tuple(int(v) for v in axes))
            cv2.ellipse(canvas, *place, float(rng.uniform(-40, 40)), 0, 360, [int(v) for v in np.clip(skin, 0, 255)], -1)
        return cv2.GaussianBlur(canvas, (0, 0), rng.uniform(0.8, 3.0)), []


def pick(pictures: list[Picture], rng: np.random.Generator) -> Picture:
    """One of them."""
    return pictures[int(rng.integers(len(pictures)))]


def lay(picture, source, scale, degrees, target, side, rng, black=False, edge=False):
    """The picture turned and scaled about `source`, which comes to `target`; half of the times mirrored."""
    rgb, boxes, points = picture.rgb, picture.boxes, picture.points
    height, width = rgb.shape[:2]
    if scale < 0.6:
        # Shrunk with an area filter first, so that nothing aliases.
        size = (max(8, round(width * scale)), max(8, round(height * scale)))
        step = np.array([size[0] / width, size[1] / height])
        rgb = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
        boxes, points, source, scale = boxes * np.tile(step, 2), points * step, source * step, scale / step[0]
        height, width = rgb.shape[:2]
    turn = np.deg2rad(degrees)
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) * scale
    mirrored = rng.random() < 0.5
    if mirrored:
        matrix = matrix @ np.diag([-1.0, 1.0])
        source = source if not black else np.array([width - 1.0, 0.0])
    full = np.hstack([matrix, (np.asarray(target) - matrix @ source)[:, None]])
    way, colour = cv2.BORDER_CONSTANT, 0
    if edge or (not black and rng.random() < 0.35):
        way = cv2.BORDER_REPLICATE
    elif not black and rng.random() < 0.4:
        colour = [int(v) for v in rng.integers(0, 256, 3)]
    # The daemon counts from a pixel's corner when it scales and from its centre otherwise: so do the labels.
    moved = full + [[0, 0, 0.5 * (scale - 1)]] * 2
    canvas = cv2.warpAffine(rgb, moved, (side, side), flags=cv2.INTER_LINEAR, borderMode=way, borderValue=colour)
    faces = []
    for box, five in zip(boxes, points):
        centre = matrix @ (box[:2] + box[2:] / 2) + full[:, 2]
        size = box[2:] * scale
        five = five @ matrix.T + full[:, 2]
        if mirrored:
            five = five[[1, 0, 2, 4, 3]]
        # Cut by the picture's own edge: as if cut by the canvas.
        whole = np.clip(np.minimum(box[:2] + box[2:], [width, height]) - np.maximum(box[:2], 0), 0, None).prod()
        kind = 3 if whole < 0.6 * box[2:].prod() else 2 if picture.fitted else 1
        faces.append((np.concatenate([centre - size / 2, size]), five, kind))
    return canvas, seen(faces, side, side)


def seen(faces, width, height):
    """Faces that remain inside: those far outside are left out, those cut or too small do not count."""
    remaining = []
    for box, points, kind in faces:
        inside = np.clip(np.minimum(box[:2] + box[2:], [width, height]) - np.maximum(box[:2], 0), 0, None).prod()
        share = inside / max(box[2:].prod(), 1e-6)
        if share > 0.05:
            clear = kind != 3 and share >= 0.78 and box[2:].max() >= SMALLEST
            remaining.append((box, points, kind if clear else 3))
    return remaining


def finish(canvas, faces, rng):
    """Covered in places, then as light, lens, sensor and compression leave it."""
    side = canvas.shape[0]
    if faces and rng.random() < 0.15:
        cover(canvas, faces[int(rng.integers(len(faces)))][0], rng)
    # One table for each channel: gamma, gain, colour cast, lift.
    x = np.linspace(0, 1, 256)[:, None] ** np.exp(rng.normal(0, 0.3))
    gain = np.exp(rng.normal(-0.05, 0.25)) * (rng.uniform(0.15, 0.5) if rng.random() < 0.1 else 1.0)
    table = x * gain * np.exp(rng.normal(0, 0.08, 3)) + rng.normal(0, 0.03)
    table = (np.clip(table, 0, 1) * 255).astype(np.uint8)[None]
    dark = cv2.inRange(canvas, (0, 0, 0), (0, 0, 0))
    canvas = cv2.LUT(canvas, table)
    if rng.random() < 0.2:
        canvas = slope(canvas, rng)
    if rng.random() < 0.2:
        canvas = data.grey(canvas)
    # Most canvases stay as sharp as they are.
    draw = rng.random() * 2
    if draw < 0.25:
        canvas = cv2.GaussianBlur(canvas, (0, 0), rng.uniform(0.4, 1.6))
    elif draw < 0.35:
        canvas = data.blur(canvas, rng, 1.2)
    elif draw < 0.6:
        canvas = data.low_resolution(canvas, rng, 0.5)
    if rng.random() < 0.3:
        level = rng.uniform(1.0, 14.0)
        shared = cv2.randn(np.empty((side, side), np.int16), 0, level)
        canvas = cv2.add(canvas, cv2.merge([shared] * 3), dtype=cv2.CV_8U)
    if rng.random() < 0.2:
        canvas = data.jpeg(canvas, rng, 25, 92)
    # What was black stays black: it is where no frame lies.
    canvas = cv2.bitwise_and(canvas, canvas, mask=cv2.bitwise_not(dark))
    return canvas, faces


def cover(canvas, box, rng):
    """A hand, a sheet, hair: a plain shape over a part of a face, in place."""
    size = box[2:] * rng.uniform(0.2, 0.55, 2)
    middle = box[:2] + box[2:] * rng.uniform(0, 1, 2)
    colour = [int(v) for v in rng.integers(0, 256, 3)]
    place = tuple(int(v) for v in middle), tuple(max(1, int(v)) for v in size / 2)
    if rng.random() < 0.5:
        cv2.ellipse(canvas, *place, float(rng.uniform(0, 180)), 0, 360, colour, -1)
    else:
        low, high = middle - size / 2, middle + size / 2
        cv2.rectangle(canvas, tuple(int(v) for v in low), tuple(int(v) for v in high), colour, -1)


def slope(canvas, rng):
    """Light that falls off across the canvas."""
    side = canvas.shape[0]
    angle, strength = rng.uniform(0, 2 * np.pi), rng.uniform(0.1, 0.6)
    line = np.linspace(-1, 1, side, dtype=np.float32)
    field = 1 + strength * (line[None] * np.cos(angle) + line[:, None] * np.sin(angle)).astype(np.float32)
    return cv2.multiply(canvas, cv2.merge([field] * 3), dtype=cv2.CV_8U)
