"""The detector and the attack net together on the checked-in cast: faces found, and what each clip's median says.

  python cast_check.py --detector ../own/detector.onnx --attack ../own/attack.onnx --levels 0.5 0.2
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

import data
import export
from attack_check import softmax_live
from attack_crop import SIDE, square
from detector_check import Net

CAST = Path(__file__).resolve().parents[2] / "tests/people/cast"
ATTACKS = ("print", "screen", "cut-out")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--detector", required=True)
    parser.add_argument("--attack", required=True)
    parser.add_argument("--cast", type=Path, default=CAST)
    parser.add_argument("--factor", type=float, default=2.4)
    parser.add_argument("--levels", type=float, nargs=2, default=(0.5, 0.2), metavar=("LIVE", "ATTACK"))
    arguments = parser.parse_args()
    net, attack = Net(arguments.detector), export.session(arguments.attack)
    live, below = arguments.levels
    stills, photos, wrong = [0, 0], [0, 0], 0
    for member in sorted(path for path in arguments.cast.iterdir() if path.is_dir()):
        for picture in sorted(member.glob("*.jpg")):
            faces = net.whole(data.read_picture(picture))
            if member.name == "nobody":
                wrong += len(faces)
                continue
            stills[0] += len(faces) == 1
            stills[1] += 1
            if len(faces) != 1:
                print(f"{member.name}/{picture.name}: {len(faces)} faces")
        if (member / "photo.jp2").exists():
            photos[0] += net.photo(data.read_picture(member / "photo.jp2")) is not None
            photos[1] += 1
        for clip in sorted(path for path in member.iterdir() if path.is_dir()):
            scores = []
            for picture in sorted(clip.glob("*.jpg")):
                rgb = data.read_picture(picture)
                face = max(net.whole(rgb), key=lambda face: face[1][2:].prod(), default=None)
                if face is not None:
                    cut = square(rgb, face[1], arguments.factor, SIDE)
                    scores.append(softmax_live(attack, cut))
            if scores:
                middle = float(np.median(scores))
                word = "live" if middle >= live else "attack" if middle < below else "unclear"
                expected = "attack" if clip.name in ATTACKS else "live"
                note = "" if word == expected else "   <- not as expected"
                print(f"{member.name}/{clip.name}: {word}, median {middle:.3f}, {min(scores):.3f} to {max(scores):.3f}, {len(scores)} faces{note}")
            else:
                print(f"{member.name}/{clip.name}: no face")
    print(f"one face in {stills[0]} of {stills[1]} stills; a face in {photos[0]} of {photos[1]} card photos; {wrong} faces where nobody is")


if __name__ == "__main__":
    main()
