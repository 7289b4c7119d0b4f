"""Checks that drawn people are no near copies of a portrait the space was fitted to.

Compares, in the whitened latent, how near a drawn person comes to the nearest portrait, and how near portraits
come to their nearest other portrait. A drawn person as near as a portrait to itself (cosine 1) would be a copy.

Example:
    python check_copies.py --work ~/.cache/people-fit --count 2000
"""

import argparse
from pathlib import Path

import numpy as np


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="folder of fit_space.py, with latent.npz")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--spread", type=float, default=0.8, help="deviation of drawn coefficients")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with np.load(args.work / "latent.npz") as stored:
        latent = stored["latent"]
    latent = latent[:, latent.std(axis=0) > 0]
    drawn = args.spread * np.random.default_rng(args.seed).standard_normal((args.count, latent.shape[1]))
    unit = lambda rows: rows / np.linalg.norm(rows, axis=1, keepdims=True)
    portraits, drawn_units = unit(latent), unit(drawn)
    own = portraits @ portraits.T
    # Some people are there twice with the same picture, and each with itself: those are no neighbours.
    own[own > 0.95] = -1
    print(f"{len(latent)} portraits, {args.count} drawn people, {latent.shape[1]} coefficients")
    for name, nearest in (("portraits", own.max(axis=1)), ("drawn people", (drawn_units @ portraits.T).max(axis=1))):
        print(
            f"{name}: cosine to the nearest portrait: median {np.median(nearest):.3f}, "
            f"99 % {np.percentile(nearest, 99):.3f}, most {nearest.max():.3f}"
        )


if __name__ == "__main__":
    main()
