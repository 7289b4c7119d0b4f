"""Pictures and labels that `people crowd` wrote, faces laid onto the standard points, and pictures made worse.

Used by every training program of this folder. Pictures are numpy arrays, height x width x 3, uint8, RGB.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

cv2.setNumThreads(1)

# Where the five points lie in an aligned face of 112x112 (reader-daemon/face, geometry.rs).
STANDARD = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]], np.float32
)
FACE_SIDE = 112
# More source pixels than this for one aligned pixel: read several times and average (limits.rs, ALIAS_FREE).
ALIAS_FREE = 2.3

KINDS = ("live", "photo", "print", "screen", "cut_out", "nobody")


@dataclass
class Row:
    """One face of labels.csv; of a picture without a face (`nobody`) the numbers are NaN."""

    file: Path
    person: int
    kind: str
    condition: str
    # Yaw, pitch, roll: degrees.
    pose: np.ndarray
    # x, y, width, height: pixels of the picture.
    box: np.ndarray
    # Eye on the image's left, eye on its right, tip of the nose, mouth corners: 5x2 pixels.
    points: np.ndarray

    def eye_distance(self) -> float:
        """Pixels between the eyes."""
        return float(np.hypot(*(self.points[1] - self.points[0])))


def read_labels(folder: str | Path) -> list[Row]:
    """Every row of FOLDER/labels.csv, in its order."""
    folder = Path(folder)
    rows = []
    with open(folder / "labels.csv", newline="") as file:
        for line in csv.DictReader(file):

            def numbers(*names: str) -> np.ndarray:
                return np.array([float(line[name]) if line[name] else np.nan for name in names], np.float32)

            if line["kind"] not in KINDS:
                raise ValueError(f"{folder}/labels.csv: unknown kind {line['kind']}")
            rows.append(
                Row(
                    file=folder / line["file"],
                    person=int(line["person"]) if line["person"] else -1,
                    kind=line["kind"],
                    condition=line["condition"],
                    pose=numbers("yaw", "pitch", "roll"),
                    box=numbers("x", "y", "w", "h"),
                    points=numbers("lx", "ly", "rx", "ry", "nx", "ny", "mlx", "mly", "mrx", "mry").reshape(5, 2),
                )
            )
    return rows


def by_file(rows: list[Row]) -> dict[Path, list[Row]]:
    """The faces of each picture; a picture without a face has an empty list."""
    pictures: dict[Path, list[Row]] = {}
    for row in rows:
        faces = pictures.setdefault(row.file, [])
        if row.kind != "nobody":
            faces.append(row)
    return pictures


def read_picture(path: str | Path) -> np.ndarray:
    """Decodes a picture file to RGB."""
    return decode(Path(path).read_bytes(), str(path))


def decode(data: bytes, name: str = "picture") -> np.ndarray:
    """Decodes a picture's bytes to RGB."""
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError(f"{name}: cannot be decoded")
    return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)


def similarity(points: np.ndarray, standard: np.ndarray = STANDARD) -> np.ndarray:
    """The least-squares similarity (no reflection) that lays `points` onto `standard`, 2x3."""
    a, b = points.astype(np.float64), standard.astype(np.float64)
    centre_a, centre_b = a.mean(0), b.mean(0)
    a, b = a - centre_a, b - centre_b
    size = (a * a).sum()
    cos = (a * b).sum() / size
    sin = (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum() / size
    turn = np.array([[cos, -sin], [sin, cos]])
    return np.hstack([turn, (centre_b - turn @ centre_a)[:, None]])


def warp(picture: np.ndarray, to_target: np.ndarray, side: int, border: int = cv2.BORDER_CONSTANT) -> np.ndarray:
    """The picture under a similarity, side x side, bilinear, black outside unless another OpenCV border is named.

    Shrinks without aliasing, as the daemon does.
    """
    step = 1.0 / float(np.hypot(to_target[0, 0], to_target[1, 0]))
    reads = min(int(np.ceil(step)), 8) if step > ALIAS_FREE else 1
    if reads > 1:
        # `reads` readings along each axis of a target pixel, then their mean.
        finer = np.diag([reads, reads]) @ to_target
        finer[:, 2] += (reads - 1) / 2
        fine = cv2.warpAffine(picture, finer, (side * reads, side * reads), flags=cv2.INTER_LINEAR, borderMode=border)
        return cv2.resize(fine, (side, side), interpolation=cv2.INTER_AREA)
    return cv2.warpAffine(picture, to_target, (side, side), flags=cv2.INTER_LINEAR, borderMode=border)


def align(
    picture: np.ndarray, points: np.ndarray, side: int = FACE_SIDE, border: int = cv2.BORDER_CONSTANT
) -> np.ndarray:
    """The face laid onto the standard points."""
    return warp(picture, similarity(points, STANDARD * (side / FACE_SIDE)), side, border)


def jitter(points: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    """Points as a detector errs: normal, `share` of the eye distance on each axis."""
    eyes = float(np.hypot(*(points[1] - points[0])))
    return points + rng.normal(0.0, share * eyes, points.shape).astype(np.float32)


# Pictures made worse. Each takes a picture and a generator and returns a new picture.


def grey(picture: np.ndarray) -> np.ndarray:
    """As a card photo: three equal channels."""
    return cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)


def jpeg(picture: np.ndarray, rng: np.random.Generator, lowest: int = 30, highest: int = 90) -> np.ndarray:
    """Through JPEG at a random quality."""
    _, data = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(lowest, highest))])
    return cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1]


def low_resolution(picture: np.ndarray, rng: np.random.Generator, least: float = 0.35) -> np.ndarray:
    """Smaller by up to `least` and back."""
    height, width = picture.shape[:2]
    share = rng.uniform(least, 1.0)
    small = cv2.resize(picture, (max(8, int(width * share)), max(8, int(height * share))), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)


def light(picture: np.ndarray, rng: np.random.Generator, strength: float = 1.0) -> np.ndarray:
    """Brightness, contrast, gamma and colour temperature, and sometimes a slope of light across the picture."""
    gain = np.exp(rng.normal(0.0, 0.2 * strength)) * np.exp(rng.normal(0.0, 0.06 * strength, 3))
    levels = np.linspace(0.0, 1.0, 256)[:, None] ** np.exp(rng.normal(0.0, 0.25 * strength))
    levels = levels * gain + rng.normal(0.0, 0.05 * strength)
    picture = cv2.LUT(picture, (np.clip(levels, 0.0, 1.0) * 255.0).astype(np.uint8)[None])
    if rng.random() >= 0.3:
        return picture
    height, width = picture.shape[:2]
    angle, slope = rng.uniform(0.0, 2.0 * np.pi), rng.uniform(0.0, 0.5) * strength
    across = np.linspace(-1.0, 1.0, width)[None] * np.cos(angle)
    down = np.linspace(-1.0, 1.0, height)[:, None] * np.sin(angle)
    share = (1.0 + slope * (across + down)).astype(np.float32)
    return cv2.multiply(picture, cv2.merge([share] * 3), dtype=cv2.CV_8U)


def blur(picture: np.ndarray, rng: np.random.Generator, most: float = 1.6) -> np.ndarray:
    """Out of focus, or smeared along a line by movement."""
    if rng.random() < 0.6:
        return cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.3, most))
    length = int(rng.integers(2, 2 + max(2, int(3 * most))))
    kernel = np.zeros((2 * length + 1, 2 * length + 1), np.float32)
    angle = rng.uniform(0.0, np.pi)
    for t in np.linspace(-length / 2, length / 2, 4 * length):
        kernel[int(round(length + t * np.sin(angle))), int(round(length + t * np.cos(angle)))] = 1.0
    return cv2.filter2D(picture, -1, kernel / kernel.sum())


# Normal numbers to cut noise out of: drawing new ones for each picture would cost more than everything else.
GRAIN = np.random.default_rng(0).standard_normal((1024, 1024, 3), np.float32)


def noise(picture: np.ndarray, rng: np.random.Generator, most: float = 12.0) -> np.ndarray:
    """A sensor's noise: some of it coloured. Pictures up to 1024 pixels a side."""
    height, width = picture.shape[:2]
    level = rng.uniform(0.0, most)
    y, x = int(rng.integers(0, 1025 - height)), int(rng.integers(0, 1025 - width))
    grain = GRAIN[y : y + height, x : x + width]
    if rng.random() < 0.5:
        grain = cv2.merge([grain[..., int(rng.integers(0, 3))]] * 3)
    return cv2.addWeighted(picture, 1.0, grain, level, 0.0, dtype=cv2.CV_8U)


def erase(picture: np.ndarray, rng: np.random.Generator, most: float = 0.2) -> np.ndarray:
    """A rectangle of one colour or of noise over a part of the picture: a hand, a mask, hair."""
    height, width = picture.shape[:2]
    area = rng.uniform(0.02, most) * height * width
    ratio = np.exp(rng.uniform(-0.8, 0.8))
    h, w = min(height, int(np.sqrt(area * ratio))), min(width, int(np.sqrt(area / ratio)))
    y, x = int(rng.integers(0, height - h + 1)), int(rng.integers(0, width - w + 1))
    out = picture.copy()
    fill = rng.integers(0, 256, 3) if rng.random() < 0.7 else rng.integers(0, 256, (h, w, 3))
    out[y : y + h, x : x + w] = fill
    return out


def mirror(picture: np.ndarray) -> np.ndarray:
    """Left and right exchanged."""
    return np.ascontiguousarray(picture[:, ::-1])


def mirror_points(points: np.ndarray, width: int) -> np.ndarray:
    """The five points of the mirrored picture, in their order again."""
    flipped = points[[1, 0, 2, 4, 3]].copy()
    flipped[:, 0] = width - 1 - flipped[:, 0]
    return flipped
