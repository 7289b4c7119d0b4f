"""Trains the face-vector net on invented people and, for realism, on portraits without knowing who is on them.

    python train_vector.py --crowd crowd/vector --held-out crowd/held-out --work work/vector
    python train_vector.py ... --portraits portraits --points portraits.csv      with real portraits

Margin softmax over the invented people, and from every picture of a person the look on the card photo has to be told (a
linear layer that is thrown away); each portrait is compared with itself seen otherwise (contrast within the batch).
Seeded; a sample depends only on the seed and its number, so a run that was stopped goes on where it was (--work).
Writes the curve (--log) as it goes and the net (--out) at the end.
"""

from __future__ import annotations

import argparse
import csv
import math
import os
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

import evaluate_vector
import export
from vector_faces import Batches, People, Portraits
from vector_net import DIMENSIONS, SHAPE, VectorNet, as_input

COLUMNS = (
    "minutes", "samples", "rate", "margin", "loss", "look_loss", "portrait_loss",
    "tar_1e-3", "good_tar_1e-3", "good_tar_1e-4",
)  # fmt: skip
# Numbers of a person's look that are told from any picture of the person.
LOOKS = 64
SCALE = 30.0


def margin_loss(vectors: torch.Tensor, centres: torch.Tensor, labels: torch.Tensor, margin: float) -> torch.Tensor:
    """Softmax over cosines with the people's centres, the right one lowered by `margin`."""
    cosines = vectors @ functional.normalize(centres).T
    lowered = cosines - margin * functional.one_hot(labels, centres.shape[0]).to(cosines.dtype)
    return functional.cross_entropy(SCALE * lowered, labels)


def contrast_loss(views: torch.Tensor, others: torch.Tensor) -> torch.Tensor:
    """Each view's partner among all other views and the invented people of the batch."""
    n = len(views) // 2
    cosines = torch.cat([views @ views.T, views @ others.detach().T], 1)
    cosines = cosines - 2.0 * functional.one_hot(torch.arange(2 * n), cosines.shape[1])
    partner = torch.cat([torch.arange(n, 2 * n), torch.arange(n)])
    return functional.cross_entropy(0.5 * SCALE * cosines, partner)


def schedule(share: float, top: float, warm: float = 0.02) -> float:
    """Learning rate: a short rise, then a cosine to nearly nothing."""
    if share < warm:
        return top * (share / warm + 0.01)
    return top * max(0.001, 0.5 * (1.0 + math.cos(math.pi * (share - warm) / (1.0 - warm))))


def train(chosen: argparse.Namespace) -> VectorNet:
    """Trains until --samples were seen."""
    torch.manual_seed(chosen.seed)
    torch.set_num_threads(chosen.threads)
    people = People(chosen.crowd)
    portraits = Portraits(chosen.portraits, chosen.points) if chosen.portraits else None
    held_out = evaluate_vector.HeldOut(chosen.held_out)
    print(f"{people.count} people, {len(people.bytes)} pictures; {len(portraits.bytes) if portraits else 0} portraits")

    net = VectorNet().to(memory_format=torch.channels_last)
    centres = nn.Parameter(torch.randn(people.count, DIMENSIONS) * 0.05)
    looks, look_of = torch.from_numpy(people.looks(LOOKS)), nn.Linear(DIMENSIONS, LOOKS)
    decaying = [p for p in [*net.parameters(), *look_of.parameters()] if p.ndim > 1]
    others = [p for p in [*net.parameters(), *look_of.parameters()] if p.ndim <= 1]
    optimiser = torch.optim.SGD(
        [{"params": [*decaying, centres], "weight_decay": 5e-4}, {"params": others, "weight_decay": 0.0}],
        lr=chosen.rate, momentum=0.9, nesterov=True,
    )  # fmt: skip
    print("multiplications %.1f M, numbers %.2f M" % tuple(n / 1e6 for n in export.cost(net, SHAPE)))
    work = Path(chosen.work)
    work.mkdir(parents=True, exist_ok=True)
    saved, batches, done, spent, curve = work / "vector.pt", chosen.samples // chosen.batch, 0, 0.0, []
    if saved.exists():
        state = torch.load(saved, weights_only=True)
        if state["people"] != people.count:
            raise SystemExit(f"{saved} was trained on other people; remove it or name another --work")
        net.load_state_dict(state["net"])
        look_of.load_state_dict(state["look_of"])
        centres.data.copy_(state["centres"])
        optimiser.load_state_dict(state["optimiser"])
        done, spent, curve = state["done"], state["spent"], state["curve"]
        print(f"going on after {done * chosen.batch} samples")
    elif chosen.start:
        before = torch.load(chosen.start, weights_only=True)
        net.load_state_dict(before["net"])

    ahead = Batches(people, portraits, chosen.batch, chosen.seed, done, batches)
    loader = torch.utils.data.DataLoader(ahead, batch_size=None, num_workers=chosen.workers)
    started, kept, measured = time.time(), time.time(), time.time()
    sums, seen = np.zeros(3), 0
    net.train()
    for faces, labels in loader:
        share = done / batches
        margin = chosen.margin * min(1.0, share / 0.3)
        for group in optimiser.param_groups:
            group["lr"] = schedule(share, chosen.rate)
        known, vectors = len(labels), net(as_input(faces))
        look = functional.mse_loss(look_of(vectors[:known]), looks[labels])
        vectors = functional.normalize(vectors)
        loss = margin_loss(vectors[:known], centres, labels, margin)
        apart = contrast_loss(vectors[known:], vectors[:known]) if known < len(vectors) else torch.zeros(())
        optimiser.zero_grad()
        (loss + chosen.look_weight * look + chosen.portrait_weight * apart).backward()
        optimiser.step()
        done, seen = done + 1, seen + 1
        sums += (loss.item(), look.item(), apart.item())
        if time.time() - measured > chosen.every or done == batches:
            total = spent + time.time() - started
            figures = evaluate_vector.short(held_out, evaluate_vector.embed_torch(net))
            curve.append([
                round(total / 60, 2), done * chosen.batch, round(optimiser.param_groups[0]["lr"], 5), round(margin, 3),
                *(round(float(v), 4) for v in sums / seen), *(round(v, 5) for v in figures.values()),
            ])  # fmt: skip
            write_curve(chosen.log, curve)
            print(dict(zip(COLUMNS, curve[-1], strict=True)), flush=True)
            sums, seen, measured = np.zeros(3), 0, time.time()
        if time.time() - kept > chosen.every or done == batches:
            state = {"net": net.state_dict(), "look_of": look_of.state_dict(), "centres": centres.data}
            state |= {"optimiser": optimiser.state_dict(), "people": people.count, "done": done}
            state |= {"spent": spent + time.time() - started, "curve": curve}
            torch.save(state, work / "partial.pt")
            os.replace(work / "partial.pt", saved)
            kept = time.time()
    return net


def write_curve(path: str, curve: list[list[float]]) -> None:
    """The curve so far, whole."""
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(curve)


def main() -> None:
    """Parses the command line, trains and exports."""
    here = Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--crowd", nargs="+", help="folders that `people crowd --view head` wrote")
    parser.add_argument("--held-out", help="the same of people who are never trained on")
    parser.add_argument("--portraits", help="folder of portraits")
    parser.add_argument("--points", help="CSV of their points: file,lx,ly,rx,ry,nx,ny and mlx,mly,mrx,mry or mx,my")
    parser.add_argument("--work", required=True, help="where checkpoints go")
    parser.add_argument("--start", help="checkpoint of a run on other people whose net is taken over")
    parser.add_argument("--log", default=str(here / "logs" / "vector.csv"), help="the curve")
    parser.add_argument("--out", default=str(here.parent / "own" / "vector.onnx"), help="the net")
    parser.add_argument("--samples", type=int, default=640_000, help="pictures seen in all")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rate", type=float, default=0.1, help="highest learning rate")
    parser.add_argument("--margin", type=float, default=0.25, help="at its highest")
    parser.add_argument("--portrait-weight", type=float, default=0.3)
    parser.add_argument("--look-weight", type=float, default=4.0)
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--workers", type=int, default=0, help="processes that read pictures besides")
    parser.add_argument("--every", type=float, default=180.0, help="seconds between measurements")
    parser.add_argument("--export", action="store_true", help="only write the net of --work's checkpoint")
    chosen = parser.parse_args()
    if chosen.export:
        net = VectorNet()
        net.load_state_dict(torch.load(Path(chosen.work) / "vector.pt", weights_only=True)["net"])
    elif chosen.crowd and chosen.held_out:
        net = train(chosen)
    else:
        parser.error("--crowd and --held-out are needed to train")
    net.eval()
    export.write(export.fold(net), SHAPE, ["vector"], chosen.out)
    print(f"wrote {chosen.out}, {Path(chosen.out).stat().st_size} bytes")


if __name__ == "__main__":
    main()
