"""Chooses the cast: draws candidates for each emulated person and keeps those who are well recognised and unlike all others.

Development only. Research weights measure and select here; nothing is taught by them.

    python select_cast.py --people target/release/people --models FOLDER --portraits FOLDER --work FOLDER --out cast.toml
"""

import argparse
import subprocess
from pathlib import Path

import cv2
import numpy as np
import onnxruntime

# Serial, sex, age: as apdu-fixtures/src/people.rs has them; 1016 is on no card.
WANTED = [
    (1001, "female", 76), (1002, "male", 41), (1003, "female", 78), (1004, "male", 54), (1005, "male", 36),
    (1006, "male", 59), (1007, "male", 67), (1008, "male", 46), (1009, "female", 49), (1010, "female", 27),
    (1011, "female", 77), (1012, "female", 79), (1013, "female", 25), (1014, "female", 56), (1015, "female", 55),
    (1016, "male", 50),
]
GOOD = ["front", "left", "right", "nod", "smile"]
ALL = GOOD + ["side-light", "dim", "back-light", "mask", "cap"]
STANDARD = np.array([(38.2946, 51.6963), (73.5318, 51.5014), (56.0252, 71.7366), (41.5493, 92.3655), (70.7299, 92.2041)])


def similarity(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Least squares similarity, 2x3."""
    ms, mt = source.mean(0), target.mean(0)
    a, b = source - ms, target - mt
    cos, sin = (a * b).sum(), (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum()
    turn = np.array([[cos, -sin], [sin, cos]]) / (a * a).sum()
    return np.hstack([turn, (mt - turn @ ms)[:, None]])


class Eye:
    """Finds a face and makes its vector."""

    def __init__(self, models: Path):
        self.detector = cv2.FaceDetectorYN.create(str(models / "det-yunet-n-320.onnx"), "", (320, 320), 0.6, 0.3)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.net = onnxruntime.InferenceSession(str(models / "emb-edgeface-xs.onnx"), options)
        self.name = self.net.get_inputs()[0].name

    def vector(self, picture: np.ndarray, least: float = 0.6) -> np.ndarray | None:
        """The vector of the largest face, or None."""
        scale = min(1.0, 320 / max(picture.shape[:2]))
        small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        self.detector.setInputSize((small.shape[1], small.shape[0]))
        self.detector.setScoreThreshold(least)
        found = self.detector.detect(small)[1]
        if found is None:
            return None
        face = max(found, key=lambda f: f[2] * f[3])
        points = face[4:14].reshape(5, 2) / scale
        eyes = np.hypot(*(points[1] - points[0]))
        if eyes > 80:
            picture = cv2.resize(picture, None, fx=60 / eyes, fy=60 / eyes, interpolation=cv2.INTER_AREA)
            points = points * (60 / eyes)
        crop = cv2.warpAffine(picture, similarity(points, STANDARD), (112, 112))[:, :, ::-1].astype(np.float32)
        out = self.net.run(None, {self.name: ((crop - 127.5) / 127.5).transpose(2, 0, 1)[None]})[0][0]
        return out / np.linalg.norm(out)


def portraits(eye: Eye, folder: Path, store: Path) -> np.ndarray:
    """Vectors of the real portraits, kept in a file."""
    if store.exists():
        return np.load(store)
    vectors = []
    for file in sorted(p for p in folder.rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png")):
        picture = cv2.imread(str(file))
        vector = None if picture is None else eye.vector(picture)
        if vector is not None:
            vectors.append(vector)
    np.save(store, np.array(vectors, np.float32))
    return np.load(store)


def main() -> None:
    """Draws, measures, chooses, writes the list."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=Path, required=True, help="the built program")
    parser.add_argument("--models", type=Path, required=True, help="folder with YuNet and EdgeFace-XS")
    parser.add_argument("--portraits", type=Path, help="real portraits nobody of the cast may look like")
    parser.add_argument("--work", type=Path, required=True, help="folder for candidates")
    parser.add_argument("--out", type=Path, required=True, help="cast.toml to write")
    parser.add_argument("--candidates", type=int, default=10, help="for each serial number")
    parser.add_argument("--without", type=int, nargs="*", default=[], help="ids that a look at the pictures rejected")
    parser.add_argument("--reuse", action="store_true", help="the candidates' pictures are there already")
    parser.add_argument("--first", type=int, default=5_000_000, help="first id")
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    eye = Eye(args.models)
    real = portraits(eye, args.portraits, args.work / "portraits.npy") if args.portraits else np.zeros((0, 512), np.float32)
    print(f"{len(real)} portraits", flush=True)

    candidates, lines = [], []
    for n, (serial, sex, age) in enumerate(WANTED):
        for k in range(args.candidates):
            number, drawn = 100_000 + n * 1000 + k, args.first + n * 1000 + k
            candidates.append((number, serial, drawn, sex, age))
            lines.append(f'[[member]]\nserial = {number}\nid = {drawn}\nsex = "{sex}"\nage = {age}\n')
    (args.work / "candidates.toml").write_text("\n".join(lines))
    command = [args.people, "cast", "--stills", "--list", args.work / "candidates.toml", "--out", args.work / "stills"]
    if not args.reuse:
        subprocess.run([str(part) for part in command], check=True)

    usable = {serial: [] for serial, _, _ in WANTED}
    for number, serial, drawn, sex, age in candidates:
        if drawn in args.without:
            continue
        folder = args.work / "stills" / str(number)
        photo = eye.vector(cv2.imread(str(folder / "photo.pgm")))
        frames = {name: eye.vector(cv2.imread(str(folder / f"{name}.jpg"))) for name in ALL}
        missed = [name for name, vector in frames.items() if vector is None]
        if photo is None or missed:
            print(f"{serial} {drawn}: not found in {missed or 'photo'}")
            continue
        good = min(float(photo @ frames[name]) for name in GOOD)
        vectors = np.array([photo] + [frames[name] for name in ALL if name != "mask"])
        nearest = float((vectors @ real.T).max()) if len(real) else 0.0
        print(f"{serial} {drawn}: good at least {good:.2f}, nearest portrait {nearest:.2f}", flush=True)
        if good >= 0.5 and nearest < 0.38:
            usable[serial].append((drawn, vectors, good))

    # From many beginnings each member in turn gives way to whoever has fewest pictures like the others'.
    pool = [(serial, *candidate) for serial, some in usable.items() for candidate in some]
    like = np.zeros((len(pool), len(pool)))
    for i, a in enumerate(pool):
        for k, b in enumerate(pool):
            cosine = a[2] @ b[2].T
            like[i, k] = (cosine >= 0.32).sum() + max(0.0, float(cosine.max()) - 0.36) * 10
    of = {serial: [i for i, member in enumerate(pool) if member[0] == serial] for serial, some in usable.items() if some}
    best = None
    for beginning in range(200):
        dice = np.random.default_rng(beginning)
        chosen = {serial: int(dice.choice(some)) for serial, some in of.items()}
        for _ in range(6):
            for serial in dice.permutation(list(of)):
                others = [i for other, i in chosen.items() if other != serial]
                chosen[int(serial)] = min(of[int(serial)], key=lambda i: like[i, others].sum())
        members = list(chosen.values())
        score = like[np.ix_(members, members)].sum() - np.trace(like[np.ix_(members, members)])
        if best is None or score < best[0]:
            best = (score, chosen)
    chosen = [(serial, pool[i][1:]) for serial, i in best[1].items()]
    pairs = [a[1] @ b[1].T for i, (_, a) in enumerate(chosen) for _, b in chosen[:i]]
    joined = np.concatenate([m.ravel() for m in pairs])
    print(f"{len(chosen)} chosen; pairs of pictures of different members: {100 * (joined < 0.32).mean():.2f} % below 0.32, "
          f"highest {joined.max():.3f}")
    by_serial = {serial: candidate for serial, candidate in chosen}
    text = ["# The cast: drawn persons who fit the emulated cards' sex and age. Written by select_cast.py.\n"]
    for serial, sex, age in WANTED:
        if serial in by_serial:
            text.append(f'[[member]]\nserial = {serial}\nid = {by_serial[serial][0]}\nsex = "{sex}"\nage = {age}\n')
    args.out.write_text("\n".join(text))


if __name__ == "__main__":
    main()
