"""Draws numbered contact sheets of the colour portraits, to be labelled by looking; see README.

Example:
    python label_sheets.py --portraits ../train/portraits --work ~/.cache/people-fit --sheets 3

Writes sheet-1.png … and `sheets.csv` (number,file) into --work. The sheets show real people: they stay there.
"""

import argparse
import csv
from pathlib import Path

import cv2
import numpy as np

import flow
from fit_space import colour_portraits

ACROSS, DOWN = 12, 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--portraits", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--sheets", type=int, default=3)
    parser.add_argument("--labels", type=Path, help="leave out the portraits this CSV holds already")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    with np.load(args.work / "align.npz") as found:
        names, transforms = found["name"], found["transform"]
        chosen = colour_portraits(dict(found))
    if args.labels is not None:
        with args.labels.open(newline="") as file:
            known = {row["file"] for row in csv.DictReader(file)}
        chosen = np.array([i for i in chosen if str(names[i]) not in known])
    drawn = np.random.default_rng(args.seed).permutation(chosen)[: args.sheets * ACROSS * DOWN]
    lines, tiles = ["number,file"], []
    for number, i in enumerate(drawn):
        picture = cv2.imread(str(args.portraits / str(names[i])), cv2.IMREAD_COLOR)
        tile = cv2.resize(flow.warp(picture, transforms[i], None), None, fx=0.65, fy=0.65, interpolation=cv2.INTER_AREA)
        cv2.putText(tile, str(number), (2, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (0, 0, 0), 3)
        cv2.putText(tile, str(number), (2, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (0, 255, 255), 1)
        tiles.append(tile)
        lines.append(f"{number},{names[i]}")
    for sheet in range(args.sheets):
        part = tiles[sheet * ACROSS * DOWN : (sheet + 1) * ACROSS * DOWN]
        rows = [np.hstack(part[k : k + ACROSS]) for k in range(0, len(part) - ACROSS + 1, ACROSS)]
        cv2.imwrite(str(args.work / f"sheet-{sheet + 1}.png"), np.vstack(rows))
    (args.work / "sheets.csv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
