"""Trains the detector (models/own/detector.onnx) on crowds of invented people and fitted portraits.

Steps are counted, so that a run can be stopped and resumed at any time: the state is written every --keep steps and the
pictures of step n depend only on the seed and n. The last tenth runs with norms as they will ship.

  people crowd --view frame  --first 100000 --count 3000 --each 4 --out CROWDS/frame
  people crowd --view head   --first 100000 --count 1500 --each 5 --out CROWDS/head
  people crowd --view camera --first 110000 --count 1000 --each 3 --out CROWDS/camera
  python train_detector.py --crowd CROWDS/frame CROWDS/head CROWDS/camera --held-out CROWDS/held-frame \\
      --portraits TABLE.csv --portrait-folder DIR --steps 6000 --out STATE --log logs/detector.csv
  python train_detector.py --export ../own/detector.onnx --out STATE
"""

from __future__ import annotations

import argparse
import copy
import csv
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

import detector_check
import detector_scenes
import export
from detector_net import OUTPUTS, Detector, loss

# People below this number are never trained on.
FIRST_TRAINED = 100_000
SHAPE = (1, 3, 320, 320)
# Of the manifest entry.
WORDS = {
    "name": "own-detector",
    "channels": "bgr",
    "range": "0..255",
    "preprocessing": "long side scaled down to the input with an area filter, never up, laid above left on black",
    "licence": "MIT OR Apache-2.0",
    "training_data": "invented people (tests/people) and public-domain portraits of members of the US Congress",
    "source": "this project, models/training/train_detector.py",
    "conversion": "norms folded into the convolutions, saved without value_info and texts",
}


class Steps(Dataset):
    """One batch for each step: mostly cuts of 160, sometimes canvases of 320."""

    def __init__(self, scenes: detector_scenes.Scenes, seed: int, steps: range, small: int, large: int):
        self.scenes, self.seed, self.steps, self.small, self.large = scenes, seed, steps, small, large

    def __len__(self) -> int:
        return len(self.steps)

    def __getitem__(self, index: int):
        rng = np.random.default_rng([self.seed, self.steps[index]])
        side, count = (320, self.large) if rng.random() < 0.25 else (160, self.small)
        return [torch.from_numpy(part) for part in self.scenes.batch(side, count, rng)]


def stock(arguments) -> detector_scenes.Scenes:
    """Every picture to train on, in memory."""
    pictures, photos, real = [], [], []
    for folder in arguments.crowd:
        for picture, kinds in detector_scenes.crowd(folder, FIRST_TRAINED):
            pictures.append(picture)
            if "photo" in kinds:
                photos.append(picture)
    if arguments.portraits:
        real = detector_scenes.portraits(arguments.portraits, arguments.portrait_folder)
    faces = sum(len(picture.boxes) for picture in pictures)
    memory = sum(picture.rgb.nbytes for picture in pictures + real) / 1e6
    print(f"{len(pictures)} pictures, {faces} faces, {len(photos)} card photos; {len(real)} portraits; {memory:.0f} MB", flush=True)
    return detector_scenes.Scenes(pictures, photos, real)


def rate(step: int, steps: int, highest: float) -> float:
    """Learning rate: up over 3 % of the steps, then down along a cosine."""
    rise = max(1, steps * 3 // 100)
    if step < rise:
        return highest * (step + 1) / rise
    return highest * 0.5 * (1 + math.cos(math.pi * (step - rise) / max(1, steps - rise)))


def train(arguments) -> None:
    """From the last kept state, or from the beginning."""
    torch.manual_seed(arguments.seed)
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    net = Detector().to(memory_format=torch.channels_last)
    smooth = copy.deepcopy(net).eval()
    groups = [
        {"params": [p for p in net.parameters() if p.dim() > 1], "weight_decay": 0.02},
        {"params": [p for p in net.parameters() if p.dim() <= 1], "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(groups, lr=arguments.rate, betas=(0.9, 0.99))
    state, first, spent = Path(arguments.out) / "detector.pt", 0, 0.0
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
        log.write_text("step,minutes,samples,cls,obj,box,points,rate,found,point_error\n")
    scenes = stock(arguments)
    held = detector_check.frames(arguments.held_out, 150) if arguments.held_out else []
    batches = DataLoader(
        Steps(scenes, arguments.seed, range(first, arguments.steps), arguments.small, arguments.large),
        batch_size=None,
        num_workers=arguments.workers,
        prefetch_factor=4 if arguments.workers else None,
    )
    began, sums, samples = time.time() - spent, {}, first * arguments.small
    for step, (canvases, boxes, points, kinds) in enumerate(batches, first):
        net.train()
        if step >= arguments.steps * 9 // 10:
            freeze_norms(net)
        for group in optimiser.param_groups:
            group["lr"] = rate(step, arguments.steps, arguments.rate)
        canvases = canvases.to(memory_format=torch.channels_last).float()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=not arguments.full):
            levels = net(canvases)
        parts = loss(levels, boxes, points, kinds, canvases.shape[-1])
        optimiser.zero_grad(set_to_none=True)
        parts["all"].backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 10.0)
        optimiser.step()
        follow(smooth, net, min(0.998, (step + 1) / (step + 10)))
        samples += len(canvases)
        for name, value in parts.items():
            sums.setdefault(name, []).append(float(value.detach()))
        last = step + 1 == arguments.steps
        if (step + 1) % arguments.keep == 0 or last:
            found, error = detector_check.quick(smooth, held)
            mean = {name: float(np.mean(values)) for name, values in sums.items()}
            line = [step + 1, round((time.time() - began) / 60, 2), samples]
            line += [f"{mean[name]:.4f}" for name in ("cls", "obj", "box", "points")]
            line += [f"{optimiser.param_groups[0]['lr']:.2e}", f"{found:.4f}", f"{error:.4f}"]
            with open(log, "a", newline="") as file:
                csv.writer(file).writerow(line)
            print(*line, flush=True)
            sums = {}
            parts_kept = {"net": net.state_dict(), "smooth": smooth.state_dict(), "optimiser": optimiser.state_dict()}
            torch.save(parts_kept | {"step": step + 1, "seconds": time.time() - began}, state.with_suffix(".partial"))
            state.with_suffix(".partial").replace(state)


def freeze_norms(net: torch.nn.Module) -> None:
    """Norms use and keep what they have learned: small and large canvases then see the net that ships."""
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.eval()


@torch.no_grad()
def follow(smooth: torch.nn.Module, net: torch.nn.Module, share: float) -> None:
    """The running mean of the net, which is what ships."""
    for mean, now in zip(smooth.state_dict().values(), net.state_dict().values()):
        if mean.dtype.is_floating_point:
            mean.mul_(share).add_(now, alpha=1 - share)
        else:
            mean.copy_(now)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crowd", nargs="+", default=[], metavar="DIR", help="folders that `people crowd` wrote")
    parser.add_argument("--portraits", metavar="CSV", help="boxes and points of real portraits")
    parser.add_argument("--portrait-folder", metavar="DIR", help="their pictures")
    parser.add_argument("--held-out", metavar="DIR", help="frames to watch the training with")
    parser.add_argument("--begin", metavar="FILE", help="state of an earlier run whose weights to begin with")
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--small", type=int, default=64, help="canvases of 160 in a batch")
    parser.add_argument("--large", type=int, default=20, help="canvases of 320 in a batch")
    parser.add_argument("--rate", type=float, default=3e-3, help="highest learning rate")
    parser.add_argument("--keep", type=int, default=200, help="steps between kept states")
    parser.add_argument("--workers", type=int, default=0, help="processes that make pictures; 0: the training one")
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--full", action="store_true", help="f32 throughout: for machines without bf16 arithmetic")
    parser.add_argument("--out", required=True, metavar="DIR", help="where the state is kept")
    parser.add_argument("--log", default="logs/detector.csv", metavar="CSV")
    parser.add_argument("--export", metavar="FILE", help="write the kept state as ONNX instead of training")
    parser.add_argument("--shift", type=float, default=0.0, help="added to the logits of class and object at export")
    arguments = parser.parse_args()
    if not arguments.export:
        return train(arguments)
    net = Detector()
    net.load_state_dict(torch.load(Path(arguments.out) / "detector.pt", weights_only=True)["smooth"])
    net.shift.fill_(arguments.shift)
    export.write(export.fold(net.ship()), SHAPE, OUTPUTS, arguments.export)
    tracking = export.self_test(export.resized(arguments.export, 160), (1, 3, 160, 160))
    more = f"tracking = {{ side = 160, self_test = {tracking} }}\n"
    part = "[detector]\n" + export.entry(arguments.export, SHAPE, WORDS, more)
    Path(arguments.export).with_suffix(".toml.part").write_text(part)
    multiplications, numbers = export.cost(net, SHAPE)
    print(f"{arguments.export}: {multiplications / 1e6:.1f} million multiplications at 320, {numbers} numbers")


if __name__ == "__main__":
    main()
