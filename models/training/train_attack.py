"""Trains the attack net (models/own/attack.onnx): live, print, screen or cut-out, from a face and its surroundings.

Steps are counted, so that a run can be stopped and resumed; the pictures of step n depend only on the seed and n.

  people crowd --view camera --attacks --first 120000 --count 3000 --each 4 --out CROWDS/attack
  people crowd --view camera --attacks --seed 777 --first 1 --count 200 --each 12 --out CROWDS/held-attack
  python train_attack.py --crowd CROWDS/attack --held-out CROWDS/held-attack --steps 5000 --out STATE --log logs/attack.csv
  python train_attack.py --export ../own/attack.onnx --out STATE
  python train_attack.py --check ../own/attack.onnx --held-out CROWDS/held-attack
"""

from __future__ import annotations

import argparse
import copy
import csv
import time
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, Dataset

import attack_check
import data
import export
from attack_crop import CLASSES, SIDE, square
from detector_net import Block, conv
from train_detector import FIRST_TRAINED, follow, freeze_norms, rate

SHAPE = (1, 3, SIDE, SIDE)
# Of the manifest entry.
WORDS = {
    "name": "own-attack",
    "channels": "rgb",
    "range": "0..1",
    "preprocessing": "square on the longer side of the box, mirrored at the frame's edge, area filter down, bilinear up",
    "licence": "MIT OR Apache-2.0",
    "training_data": "invented people and invented attacks (tests/people)",
    "source": "this project, models/training/train_attack.py",
    "conversion": "norms folded into the convolutions, saved without value_info and texts",
}


class AttackNet(nn.Module):
    """Input RGB 0..1, SIDE x SIDE; logits of CLASSES."""

    def __init__(self, widths: tuple[int, ...] = (16, 32, 64, 128), depth: int = 2):
        super().__init__()
        layers, inputs = [conv(3, widths[0], 3, 2)], widths[0]
        for width in widths[1:]:
            layers += [conv(inputs, width, 3, 2), *[Block(width) for _ in range(depth)]]
            inputs = width
        self.body = nn.Sequential(*layers)
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(inputs, len(CLASSES))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(self.drop(F.adaptive_avg_pool2d(self.body(x), 1).flatten(1)))


def cuts(folders: list[str], each: int, seed: int, factor: float) -> tuple[np.ndarray, np.ndarray]:
    """`each` cuts of every picture, boxes as the detector errs, at several resolutions and compressions; and their classes."""
    pictures, classes = [], []
    for folder in folders:
        for number, row in enumerate(data.read_labels(folder)):
            if row.kind not in CLASSES or row.person < FIRST_TRAINED:
                continue
            rng = np.random.default_rng([seed, number])
            rgb = data.read_picture(row.file)
            for _ in range(each):
                pictures.append(cut(rgb, row.box, factor, rng))
                classes.append(CLASSES.index(row.kind))
    return np.stack(pictures), np.array(classes, np.int64)


def cut(rgb: np.ndarray, box: np.ndarray, factor: float, rng: np.random.Generator) -> np.ndarray:
    """One cut. What the camera and the compression do is varied before it, for it is small only afterwards."""
    if rng.random() < 0.6:
        height, width = rgb.shape[:2]
        scale = rng.uniform(0.6, 1.0)
        size = (round(width * scale), round(height * scale))
        rgb, box = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), box * np.tile([size[0] / width, size[1] / height], 2)
    if rng.random() < 0.25:
        rgb = cv2.GaussianBlur(rgb, (0, 0), rng.uniform(0.4, 1.3))
    if rng.random() < 0.6:
        rgb = data.jpeg(rgb, rng, 45, 96)
    size = box[2:] * np.exp(rng.normal(0, 0.07, 2))
    centre = box[:2] + box[2:] / 2 + rng.normal(0, 0.05, 2) * box[2:]
    return square(rgb, np.concatenate([centre - size / 2, size]), factor * np.exp(rng.normal(0, 0.04)), SIDE)


def worse(rgb: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Mirrored, moved a little, in other light, with noise: what says nothing about attacks."""
    if rng.random() < 0.5:
        rgb = rgb[:, ::-1]
    scale, turn = np.exp(rng.normal(0, 0.05)), np.deg2rad(rng.normal(0, 4))
    matrix = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    middle = np.full(2, SIDE / 2)
    full = np.hstack([matrix, (middle + rng.normal(0, 2, 2) - matrix @ middle)[:, None]])
    rgb = cv2.warpAffine(np.ascontiguousarray(rgb), full, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    x = np.linspace(0, 1, 256)[:, None] ** np.exp(rng.normal(0, 0.25))
    table = x * np.exp(rng.normal(0, 0.2)) * np.exp(rng.normal(0, 0.06, 3)) + rng.normal(0, 0.03)
    rgb = cv2.LUT(rgb, (np.clip(table, 0, 1) * 255).astype(np.uint8)[None])
    if rng.random() < 0.05:
        rgb = data.grey(rgb)
    if rng.random() < 0.15:
        rgb = cv2.GaussianBlur(rgb, (0, 0), rng.uniform(0.3, 0.8))
    if rng.random() < 0.3:
        grain = cv2.randn(np.empty(rgb.shape, np.int16), 0, rng.uniform(0.5, 7.0))
        rgb = cv2.add(rgb, grain, dtype=cv2.CV_8U)
    if rng.random() < 0.1:
        rgb = data.jpeg(rgb, rng, 55, 95)
    return rgb


class Steps(Dataset):
    """One batch for each step: half live; half attacks, every second of them a cut-out, which is the hardest to tell."""

    def __init__(self, pictures: np.ndarray, classes: np.ndarray, seed: int, steps: range, size: int):
        self.pictures, self.seed, self.steps, self.size = pictures, seed, steps, size
        self.members = [np.nonzero(classes == k)[0] for k in range(len(CLASSES))]

    def __len__(self) -> int:
        return len(self.steps)

    def __getitem__(self, index: int):
        rng = np.random.default_rng([self.seed, self.steps[index]])
        attacks = rng.choice([1, 2, 3], self.size, p=[0.25, 0.25, 0.5])
        kinds = [0 if i % 2 == 0 else int(attacks[i]) for i in range(self.size)]
        made = [worse(self.pictures[self.members[k][int(rng.integers(len(self.members[k])))]], rng) for k in kinds]
        batch = np.stack(made).transpose(0, 3, 1, 2)
        return torch.from_numpy(np.ascontiguousarray(batch)), torch.tensor(kinds)


def train(arguments) -> None:
    """From the last kept state, or from the beginning."""
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    net = AttackNet().to(memory_format=torch.channels_last)
    smooth = copy.deepcopy(net).eval()
    optimiser = torch.optim.AdamW(net.parameters(), lr=arguments.rate, betas=(0.9, 0.99), weight_decay=0.03)
    state, first, spent = Path(arguments.out) / "attack.pt", 0, 0.0
    state.parent.mkdir(parents=True, exist_ok=True)
    log = Path(arguments.log)
    if state.exists():
        kept = torch.load(state, weights_only=True)
        net.load_state_dict(kept["net"])
        smooth.load_state_dict(kept["smooth"])
        optimiser.load_state_dict(kept["optimiser"])
        first, spent = kept["step"], kept["seconds"]
        print(f"goes on at step {first}", flush=True)
    else:
        if arguments.begin:
            for each in (net, smooth):
                each.load_state_dict(torch.load(arguments.begin, weights_only=True)["smooth"])
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text("step,minutes,samples,loss,rate,live_refused,attack_passed\n")
    pictures, classes = cuts(arguments.crowd, arguments.cuts, arguments.seed, arguments.factor)
    print(f"{len(classes)} cuts: " + ", ".join(f"{name} {(classes == k).sum()}" for k, name in enumerate(CLASSES)), flush=True)
    held = attack_check.held(arguments.held_out, arguments.factor, 1200)
    steps = Steps(pictures, classes, arguments.seed, range(first, arguments.steps), arguments.batch)
    workers = arguments.workers
    batches = DataLoader(steps, batch_size=None, num_workers=workers, prefetch_factor=4 if workers else None)
    began, losses = time.time() - spent, []
    for step, (canvases, wanted) in enumerate(batches, first):
        net.train()
        if step >= arguments.steps * 9 // 10:
            freeze_norms(net)
        for group in optimiser.param_groups:
            group["lr"] = rate(step, arguments.steps, arguments.rate)
        canvases = (canvases.float() / 255.0).to(memory_format=torch.channels_last)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=not arguments.full):
            logits = net(canvases)
        loss = F.cross_entropy(logits.float(), wanted, label_smoothing=0.02)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        follow(smooth, net, min(0.998, (step + 1) / (step + 10)))
        losses.append(float(loss.detach()))
        if (step + 1) % arguments.keep == 0 or step + 1 == arguments.steps:
            refused, passed = attack_check.quick(smooth, held)
            line = [step + 1, round((time.time() - began) / 60, 2), (step + 1) * arguments.batch, f"{np.mean(losses):.4f}"]
            line += [f"{optimiser.param_groups[0]['lr']:.2e}", f"{refused:.4f}", f"{passed:.4f}"]
            with open(log, "a", newline="") as file:
                csv.writer(file).writerow(line)
            print(*line, flush=True)
            losses = []
            kept = {"net": net.state_dict(), "smooth": smooth.state_dict(), "optimiser": optimiser.state_dict()}
            torch.save(kept | {"step": step + 1, "seconds": time.time() - began}, state.with_suffix(".partial"))
            state.with_suffix(".partial").replace(state)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crowd", nargs="+", default=[], metavar="DIR", help="folders that `people crowd --attacks` wrote")
    parser.add_argument("--held-out", metavar="DIR", help="people that are not trained on")
    parser.add_argument("--factor", type=float, default=2.4, help="side of the cut: times the longer side of the box")
    parser.add_argument("--begin", metavar="FILE", help="state of an earlier run whose weights to begin with")
    parser.add_argument("--cuts", type=int, default=3, help="of each picture")
    parser.add_argument("--steps", type=int, default=5000)
    parser.add_argument("--batch", type=int, default=96)
    parser.add_argument("--rate", type=float, default=3e-3, help="highest learning rate")
    parser.add_argument("--keep", type=int, default=200, help="steps between kept states")
    parser.add_argument("--workers", type=int, default=0, help="processes that make pictures; 0: the training one")
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--full", action="store_true", help="f32 throughout: for machines without bf16 arithmetic")
    parser.add_argument("--out", metavar="DIR", help="where the state is kept")
    parser.add_argument("--log", default="logs/attack.csv", metavar="CSV")
    parser.add_argument("--export", metavar="FILE", help="write the kept state as ONNX instead of training")
    parser.add_argument("--check", metavar="FILE", help="measure an ONNX file on --held-out instead of training")
    parser.add_argument("--levels", type=float, nargs=2, default=(0.5, 0.2), metavar=("LIVE", "ATTACK"))
    arguments = parser.parse_args()
    if arguments.check:
        return attack_check.report(arguments.check, arguments.held_out, arguments.factor, *arguments.levels)
    if not arguments.export:
        return train(arguments)
    net = AttackNet()
    net.load_state_dict(torch.load(Path(arguments.out) / "attack.pt", weights_only=True)["smooth"])
    export.write(export.fold(net.eval()), SHAPE, ["kinds"], arguments.export)
    live, attack = arguments.levels
    head = f'[[attack]]\nname = "own"\nrequired = true\nlevels = {{ live = {live}, attack = {attack} }}\n\n[[attack.net]]\n'
    more = f'crop = {{ shape = "square", factor = {arguments.factor} }}\nlive_class = {CLASSES.index("live")}\n'
    part = head + export.entry(arguments.export, SHAPE, WORDS, more)
    Path(arguments.export).with_suffix(".toml.part").write_text(part)
    multiplications, numbers = export.cost(net, SHAPE)
    print(f"{arguments.export}: {multiplications / 1e6:.1f} million multiplications, {numbers} numbers")


if __name__ == "__main__":
    main()
