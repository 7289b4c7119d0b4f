"""Measures a face-vector net on invented people that no training saw, and on real faces if a folder of pairs is given.

    python evaluate_vector.py --held-out crowd/held-out --onnx ../own/vector.onnx
    python evaluate_vector.py --held-out crowd/held-out --onnx ../own/vector.onnx --pairs faces/congress
    python evaluate_vector.py --held-out crowd/held-out --onnx ../own/vector.onnx --entry ../own/vector.toml.part

The held-out people: `people crowd --view head --first 1 --count 200 --each 12 --seed 777 --out crowd/held-out`. Prints
a Markdown table. Points are the rendered ones, moved as a detector errs (normal, 2 % of the eye distance on each axis).
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from PIL import Image

import data
import export
from vector_net import SHAPE, as_input

Embed = Callable[[np.ndarray], np.ndarray]
DETECTOR_ERROR = 0.02
# What the terminal does not judge by (reader-daemon/face, limits/seeing.rs) or asks to be taken off.
MOST_YAW, MOST_PITCH = 25.0, 22.0
REFUSED = ("mask", "dim", "back", "dark")


def embed_torch(net: torch.nn.Module, most: int = 256) -> Embed:
    """The net as it is being trained."""

    def run(pictures: np.ndarray) -> np.ndarray:
        net.eval()
        with torch.no_grad():
            parts = [net(as_input(torch.from_numpy(pictures[i : i + most]))) for i in range(0, len(pictures), most)]
        net.train()
        return normal(torch.cat(parts).numpy())

    return run


def embed_onnx(path: str) -> Embed:
    """A file with the interface of models/MANIFEST.toml."""
    session = export.session(path)
    name = session.get_inputs()[0].name

    def one(picture: np.ndarray) -> np.ndarray:
        x = ((picture.astype(np.float32) - 127.5) / 127.5).transpose(2, 0, 1)[None]
        return session.run(None, {name: np.ascontiguousarray(x)})[0].reshape(-1)

    return lambda pictures: normal(np.stack([one(picture) for picture in pictures]))


def normal(vectors: np.ndarray) -> np.ndarray:
    """Each of length 1."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


class HeldOut:
    """Aligned faces of invented people, with what is known of each."""

    def __init__(self, folder: str, seed: int = 1) -> None:
        rng = np.random.default_rng(seed)
        self.rows = [row for row in data.read_labels(folder) if row.kind in ("live", "photo")]
        self.faces = np.stack(
            [data.align(data.read_picture(row.file), data.jitter(row.points, DETECTOR_ERROR, rng)) for row in self.rows]
        )
        self.person = np.array([row.person for row in self.rows])
        self.photo = np.array([row.kind == "photo" for row in self.rows])
        self.live = ~self.photo
        self.condition = np.array([row.condition for row in self.rows])
        self.yaw = np.abs(np.array([row.pose[0] for row in self.rows]))
        pitch = np.abs(np.array([row.pose[1] for row in self.rows]))
        refused = np.array([any(word in row.condition for word in REFUSED) for row in self.rows])
        self.good = self.live & ~refused & (self.yaw <= MOST_YAW) & (pitch <= MOST_PITCH)

    def against_photos(self, vectors: np.ndarray, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Cosines of the chosen pictures with everybody's card photo: the same person's, and others'."""
        return split(
            vectors[chosen] @ vectors[self.photo].T, self.person[chosen][:, None] == self.person[self.photo][None]
        )

    def among(self, vectors: np.ndarray, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Cosines of the chosen pictures with each other."""
        upper = np.triu_indices(int(chosen.sum()), 1)
        cosines = (vectors[chosen] @ vectors[chosen].T)[upper]
        person = self.person[chosen]
        return split(cosines, (person[:, None] == person[None])[upper])


def split(cosines: np.ndarray, same: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Genuine and impostor cosines."""
    return cosines[same], cosines[~same]


def threshold(impostors: np.ndarray, fmr: float) -> float:
    """The lowest cosine at or above which at most that share of impostors lies."""
    falling = np.sort(impostors)[::-1]
    return float(np.nextafter(falling[int(fmr * len(falling))], np.float32(2.0)))


def tar(genuine: np.ndarray, impostors: np.ndarray, fmr: float) -> float:
    """Share of genuine cosines at the threshold of that false match rate."""
    return float((genuine >= threshold(impostors, fmr)).mean()) if len(genuine) else float("nan")


def short(held_out: HeldOut, embed: Embed) -> dict[str, float]:
    """The figures of the training curve."""
    vectors = embed(held_out.faces)
    everything = held_out.against_photos(vectors, held_out.live)
    good = held_out.against_photos(vectors, held_out.good)
    return {
        "tar_1e-3": tar(*everything, 1e-3),
        "good_tar_1e-3": tar(*good, 1e-3),
        "good_tar_1e-4": tar(*good, 1e-4),
    }


def table(held_out: HeldOut, embed: Embed) -> str:
    """Every figure, as a Markdown table."""
    vectors = embed(held_out.faces)
    good = held_out.against_photos(vectors, held_out.good)
    fixed = threshold(good[1], 1e-4)
    lines = [
        "| compared | genuine | impostors | TAR at FMR 1e-3 (threshold) | TAR at FMR 1e-4 (threshold) "
        f"| TAR at {fixed:.3f} | FMR at {fixed:.3f} |",
        "|---|---|---|---|---|---|---|",
    ]

    def line(name: str, genuine: np.ndarray, impostors: np.ndarray) -> None:
        if not len(genuine):
            return
        cells = [name, f"{len(genuine)}", f"{len(impostors)}"]
        for fmr in (1e-3, 1e-4):
            enough = len(impostors) * fmr >= 1.0
            cells.append(
                f"{100 * tar(genuine, impostors, fmr):.2f} % ({threshold(impostors, fmr):.3f})" if enough else "–"
            )
        cells += [f"{100 * (genuine >= fixed).mean():.2f} %", f"{(impostors >= fixed).mean():.1e}"]
        lines.append("| " + " | ".join(cells) + " |")

    line("good conditions against card photos", *good)
    line("every live picture against card photos", *held_out.against_photos(vectors, held_out.live))
    line("good conditions among themselves", *held_out.among(vectors, held_out.good))
    for low, high in ((0, 10), (10, 20), (20, 30), (30, 90)):
        chosen = held_out.live & (held_out.yaw >= low) & (held_out.yaw < high)
        line(f"yaw {low}–{high}°", *held_out.against_photos(vectors, chosen))
    words = {word for condition in held_out.condition[held_out.live] for word in condition.split("+") if word}
    for word in sorted(words):
        chosen = held_out.live & np.array([word in condition.split("+") for condition in held_out.condition])
        line(word, *held_out.against_photos(vectors, chosen))
    return "\n".join(lines)


def entry(path: str, held_out: HeldOut, embed: Embed) -> str:
    """The `[embedding]` entry.

    Accept: at most one in 10,000 others on the held-out people, in good conditions and in all; look again: one in
    1,000. Two digits, rounded up.
    """
    vectors = embed(held_out.faces)
    at = {}
    for name, fmr in (("accept", 1e-4), ("again", 1e-3)):
        chosen = [held_out.against_photos(vectors, which)[1] for which in (held_out.good, held_out.live)]
        at[name] = np.ceil(100 * max(threshold(impostors, fmr) for impostors in chosen)) / 100
    words = {
        "name": "own-vector",
        "channels": "rgb",
        "range": "-1..1",
        "preprocessing": "five points onto the standard ones by a similarity, bilinear, black outside",
        "licence": "MIT OR Apache-2.0",
        "training_data": "invented people (tests/people); portraits of members of the United States Congress, public "
        "domain or very probably so, without names",
        "source": "this project, models/training/train_vector.py",
        "conversion": "exported by models/training/export.py, norms folded into convolutions",
    }
    limits = f"thresholds = {{ accept = {at['accept']:.2f}, again = {at['again']:.2f} }}\n"
    return "[embedding]\n" + export.entry(path, SHAPE, words, limits)


def real(folder: str, embed: Embed) -> str:
    """Pairs of real faces: FOLDER/pairs.csv, landmarks.csv, probe/ID.jpg, card_grey/ID.jp2."""
    root = Path(folder)
    points = {}
    with open(root / "landmarks.csv", newline="") as file:
        for line in csv.DictReader(file):
            numbers = [float(line[f"{axis}{i}"]) for i in range(5) for axis in "xy"]
            points[line["kind"], line["id"]] = np.array(numbers, np.float32).reshape(5, 2)
    with open(root / "pairs.csv", newline="") as file:
        pairs = list(csv.DictReader(file))
    people = sorted({pair["probe"] for pair in pairs})

    def vectors(kind: str, ending: str) -> np.ndarray:
        faces = []
        for person in people:
            with Image.open(root / kind / f"{person}{ending}") as picture:
                faces.append(data.align(np.asarray(picture.convert("RGB")), points[kind, person]))
        return embed(np.stack(faces))

    cosines = vectors("probe", ".jpg") @ vectors("card_grey", ".jp2").T
    genuine, impostors = split(cosines, np.eye(len(people), dtype=bool))
    at = {person: i for i, person in enumerate(people)}
    listed = np.array([cosines[at[pair["probe"]], at[pair["card"]]] for pair in pairs])
    same = np.array([pair["same"] == "1" for pair in pairs])
    # Best balanced accuracy over all thresholds, on the listed pairs: flatters a little, and says so.
    best = max(((listed[same] >= t).mean() + (listed[~same] < t).mean()) / 2 for t in listed)
    return (
        f"real faces: {len(genuine)} genuine, {len(impostors)} impostors; TAR at FMR 1e-3 "
        f"{100 * tar(genuine, impostors, 1e-3):.1f} % (threshold {threshold(impostors, 1e-3):.3f}), "
        f"at 1e-2 {100 * tar(genuine, impostors, 1e-2):.1f} %; best balanced accuracy on the {len(listed)} listed "
        f"pairs {100 * best:.1f} %; cosines genuine {genuine.mean():.2f}, impostors {impostors.mean():.2f} on average"
    )


def main() -> None:
    """Parses the command line and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--held-out", help="folder that `people crowd` wrote")
    parser.add_argument("--onnx", required=True, help="the net")
    parser.add_argument("--entry", help="where the manifest entry goes; its thresholds come from the held-out people")
    parser.add_argument("--pairs", help="folder with pairs.csv, landmarks.csv, probe/ and card_grey/")
    chosen = parser.parse_args()
    embed = embed_onnx(chosen.onnx)
    shape = export.session(chosen.onnx).get_inputs()[0].shape
    if tuple(shape) != SHAPE:
        raise SystemExit(f"{chosen.onnx}: input is {shape}, expected {list(SHAPE)}")
    if chosen.held_out:
        held_out = HeldOut(chosen.held_out)
        print(table(held_out, embed))
        if chosen.entry:
            Path(chosen.entry).write_text(entry(chosen.onnx, held_out, embed), encoding="utf-8")
    if chosen.pairs:
        print(real(chosen.pairs, embed))


if __name__ == "__main__":
    main()
