"""What the detector is worth: faces found, how far the points are off, faces where there are none.

Each picture goes to the net as the daemon sends it: whole frames at 320, tracking at 160 on the box grown twice, card
photos at 320 with a second look from 0.2 on. Errors are means of the five points in eye distances.

  python detector_check.py ../own/detector.onnx --frames CROWDS/held-camera --photos CROWDS/held-head
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import cv2
import numpy as np
import torch

import data
import export
from detector_net import overlap, read

# limits.rs: FACE_SCORE, PHOTO_SCORE, TRACK_GROW, OTHER_FACE.
FACE_SCORE, PHOTO_SCORE, TRACK_GROW, OTHER_FACE = 0.6, 0.2, 2.0, 0.5
WHOLE, TRACKING = 320, 160


def canvas(rgb: np.ndarray, region: tuple[int, int, int, int], side: int) -> tuple[np.ndarray, float]:
    """A part of a picture (x, y, width, height) as the net's input, and its scale: never enlarged, above left on black."""
    x, y, width, height = region
    scale = min(side / max(width, height), 1.0)
    size = tuple(min(side, max(1, round(length * scale))) for length in (width, height))
    part = cv2.resize(rgb[y : y + height, x : x + width], size, interpolation=cv2.INTER_AREA)
    laid = np.zeros((1, 3, side, side), np.float32)
    laid[0, :, : size[1], : size[0]] = part[..., ::-1].transpose(2, 0, 1)
    return laid, scale


class Net:
    """The ONNX file at both sizes."""

    def __init__(self, path: str | Path):
        self.runs = {WHOLE: export.session(path), TRACKING: export.session(export.resized(path, TRACKING))}

    def find(self, rgb: np.ndarray, region: tuple[int, int, int, int], side: int, least: float):
        """Faces in a part of a picture, best first, in the picture's pixels."""
        laid, scale = canvas(rgb, region, side)
        faces = read(self.runs[side].run(None, {"input": laid}), side, least)
        corner = np.array(region[:2], np.float32)
        back = lambda box: np.concatenate([box[:2] / scale + corner, box[2:] / scale])
        return [(score, back(box), points / scale + corner) for score, box, points in faces]

    def whole(self, rgb: np.ndarray, least: float = FACE_SCORE):
        """The whole picture."""
        return self.find(rgb, (0, 0, rgb.shape[1], rgb.shape[0]), WHOLE, least)

    def track(self, rgb: np.ndarray, near: np.ndarray):
        """The surroundings of a box: the largest face there."""
        height, width = rgb.shape[:2]
        longest = max(near[2:]) * TRACK_GROW
        edge = lambda centre, length: (int(np.clip(centre - min(longest, length) / 2, 0, length - min(longest, length))), int(min(longest, length)))
        (x, w), (y, h) = edge(near[0] + near[2] / 2, width), edge(near[1] + near[3] / 2, height)
        faces = self.find(rgb, (x, y, w, h), TRACKING, FACE_SCORE)
        return max(faces, key=lambda face: face[1][2:].prod(), default=None)

    def photo(self, rgb: np.ndarray):
        """The one face of a card photo; None: none, or several."""
        faces = self.whole(rgb) or self.whole(rgb, PHOTO_SCORE)
        largest = max(faces, key=lambda face: face[1][2:].prod(), default=None)
        if largest is None or sum(f[0] >= FACE_SCORE and f[1][3] >= largest[1][3] * OTHER_FACE for f in faces) > 1:
            return None
        return largest


def error(found: np.ndarray, true: np.ndarray) -> float:
    """Mean distance of five points, in eye distances."""
    return float(np.linalg.norm(found - true, axis=1).mean() / max(1.0, np.linalg.norm(true[1] - true[0])))


def frames(folder: str | Path, most: int | None = None) -> list[tuple[np.ndarray, list[data.Row]]]:
    """Pictures of a crowd with their faces, evenly chosen."""
    pictures = list(data.by_file(data.read_labels(folder)).items())
    if most and len(pictures) > most:
        pictures = [pictures[i * len(pictures) // most] for i in range(most)]
    return [(data.read_picture(file), rows) for file, rows in pictures]


@torch.no_grad()
def quick(net: torch.nn.Module, held: list) -> tuple[float, float]:
    """For the curve: share of the faces found at 0.5 in whole frames, and the median error of their points."""
    if not held:
        return float("nan"), float("nan")
    faces, errors = 0, []
    for rgb, rows in held:
        laid, scale = canvas(rgb, (0, 0, rgb.shape[1], rgb.shape[0]), WHOLE)
        levels = net(torch.from_numpy(laid))
        outputs = [torch.sigmoid(level[..., k : k + 1]).numpy() for k in (0, 1) for level in levels]
        outputs += [level[..., 2:6].numpy() for level in levels] + [level[..., 6:16].numpy() for level in levels]
        found = read(outputs, WHOLE, 0.5)
        for row in rows:
            faces += 1
            best = max(found, key=lambda face: overlap(face[1], row.box * scale), default=None)
            if best is not None and overlap(best[1], row.box * scale) >= 0.4:
                errors.append(error(best[2], row.points * scale))
    return len(errors) / max(1, faces), float(np.median(errors)) if errors else float("nan")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("net", help="the ONNX file")
    parser.add_argument("--frames", nargs="+", default=[], metavar="DIR", help="crowds that were not trained on: whole frames and tracking")
    parser.add_argument("--photos", nargs="+", default=[], metavar="DIR", help="crowds whose kind `photo` is laid out as a card photo")
    parser.add_argument("--reference", metavar="DIR", help="portraits with a landmarks.csv of another detector (measured only)")
    parser.add_argument("--smallest", type=float, default=20.0, help="faces with less between the eyes are not counted, pixels of the frame")
    arguments = parser.parse_args()
    net = Net(arguments.net)
    for folder in arguments.frames:
        report_frames(net, folder, arguments.smallest)
    for folder in arguments.photos:
        report_photos(net, folder)
    if arguments.reference:
        report_reference(net, Path(arguments.reference))


def line(name: str, faces: int, errors: list[float]) -> None:
    """One line of the report."""
    text = f"found {len(errors)} of {faces} = {100 * len(errors) / max(1, faces):.2f} %"
    if errors:
        text += f", points off by {100 * np.mean(errors):.2f} % of the eye distance on average, {100 * np.percentile(errors, 95):.2f} % at 95 %"
    print(f"{name}: {text}", flush=True)


def report_frames(net: Net, folder: str, smallest: float) -> None:
    """Whole frames, tracking about a box as a moment before, and what is found where nobody is."""
    rng = np.random.default_rng(7)
    whole, tracked, faces, best_scores, wrong, pictures = [], [], 0, [], [], 0
    by_condition: dict[str, list[int]] = {}
    for rgb, rows in frames(folder):
        pictures += 1
        found = net.whole(rgb, 0.1)
        wrong += [face[0] for face in found if all(overlap(face[1], row.box) < 0.3 for row in rows)]
        for row in rows:
            inside = np.minimum(row.box[:2] + row.box[2:], rgb.shape[1::-1]) - np.maximum(row.box[:2], 0)
            if row.eye_distance() < smallest or np.clip(inside, 0, None).prod() < 0.8 * row.box[2:].prod():
                continue
            faces += 1
            near = (face for face in found if overlap(face[1], row.box) >= 0.4)
            best = max(near, key=lambda face: face[0], default=(0.0, None, None))
            best_scores.append(best[0])
            count = by_condition.setdefault(row.condition or row.kind, [0, 0])
            count[0] += best[0] >= FACE_SCORE
            count[1] += 1
            if best[0] >= FACE_SCORE:
                whole.append(error(best[2], row.points))
            moved = row.box.copy()
            moved[:2] += rng.normal(0, 0.05, 2) * row.box[2:]
            moved[2:] *= np.exp(rng.normal(0, 0.04))
            face = net.track(rgb, moved)
            if face is not None and overlap(face[1], row.box) >= 0.4:
                tracked.append(error(face[2], row.points))
    line(f"{folder}, whole frames", faces, whole)
    line(f"{folder}, tracking", faces, tracked)
    missed = [f"{name} {a}/{b}" for name, (a, b) in sorted(by_condition.items()) if a < b]
    print("  not found in whole frames: " + (", ".join(missed) or "none"))
    for level in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        there, nobody = sum(score >= level for score in best_scores), sum(score >= level for score in wrong)
        print(f"  score {level}: {100 * there / max(1, faces):.2f} % found, {nobody} boxes where no face is, in {pictures} pictures")


def report_photos(net: Net, folder: str) -> None:
    """The pictures of kind `photo`, laid out as a card has them: 240 x 300, grey."""
    faces, errors = 0, []
    for file, rows in data.by_file(data.read_labels(folder)).items():
        for row in (row for row in rows if row.kind == "photo"):
            faces += 1
            rgb, points = card(data.read_picture(file), row.points)
            face = net.photo(rgb)
            if face is not None:
                errors.append(error(face[2], points))
    line(f"{folder}, card photos", faces, errors)


def card(rgb: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """240 x 300, grey, eyes 57 pixels apart at 45 % of the height, and the points there."""
    eyes = points[:2].mean(0)
    scale = 57.0 / np.linalg.norm(points[1] - points[0])
    matrix = np.array([[scale, 0, 120 - scale * eyes[0]], [0, scale, 135 - scale * eyes[1]]])
    laid = cv2.warpAffine(rgb, matrix, (240, 300), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return data.grey(laid), points * scale + matrix[:, 2]


def report_reference(net: Net, folder: Path) -> None:
    """Photographs of real people; the reference is another detector's answer, so the error holds its errors too."""
    with open(folder / "landmarks.csv", newline="") as file:
        lines = list(csv.DictReader(file))
    for kind in sorted({line["kind"] for line in lines} & {"portrait", "probe", "card_grey"}):
        faces, errors = 0, []
        for row in (row for row in lines if row["kind"] == kind):
            path = next(iter(sorted((folder / kind).glob(row["id"] + ".*"))), None)
            if path is None:
                continue
            faces += 1
            found = net.photo(data.read_picture(path))
            if found is not None:
                points = np.array([[float(row[f"x{k}"]), float(row[f"y{k}"])] for k in range(5)])
                box = np.array([float(row[name]) for name in "xywh"])
                if overlap(found[1], box) >= 0.3:
                    errors.append(error(found[2], points))
        line(f"{folder.name}/{kind}", faces, errors)


if __name__ == "__main__":
    main()
