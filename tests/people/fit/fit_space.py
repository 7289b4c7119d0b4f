"""Fits the statistical face model of the invented people to a folder of portraits and writes space.bin.

Example:
    python fit_space.py --portraits ../train/portraits --blazeface det-blazeface-front-128.onnx \\
        --work ~/.cache/people-fit --labels ~/.cache/people-fit/labels.csv --out ../space.bin

Each step leaves its result in --work and is not done again; remove a file there to repeat its step.
"""

import argparse
import hashlib
from pathlib import Path

import cv2
import numpy as np

import align
import detail
import directions
import flow
import frame
import labels
import model
import neutral
import portrait_list
import space_file
import textures
from points import POINTS

SYMMETRIC, UNEVEN, SHAPES = 40, 7, 20
MIN_CHROMA = 4.0  # levels; below it a portrait is grey or toned
SKIN_CB, SKIN_CR = (-45.0, -2.0), (4.0, 45.0)  # levels about 0; others are tinted prints
MIN_DETAIL = 24.0  # pixels between the eyes of a portrait whose texture is learnt
UNEVEN_SHARE = 0.5  # of the deviation between halves: the rest is light and turn of the head
CHROMA_WEIGHT = 4.0  # a quarter-resolution chroma value stands for 16 pixels


def aligned_portraits(args: argparse.Namespace) -> tuple[dict[str, np.ndarray], np.ndarray, list[np.ndarray]]:
    """Names and points, transforms with the mean eyes at their canonical places, and the pictures."""
    found = align.align(args.portraits, args.blazeface, args.work / "align.npz")
    mean = np.stack([frame.apply(t, p) for t, p in zip(found["transform"], found["points"])]).mean(axis=0)
    fix = frame.similarity(mean[:2], frame.EYES)
    transforms = np.stack([frame.compose(fix, transform) for transform in found["transform"]])
    pictures = [cv2.imread(str(args.portraits / str(name)), cv2.IMREAD_COLOR) for name in found["name"]]
    return found, transforms, pictures


def colour_portraits(found: dict[str, np.ndarray]) -> np.ndarray:
    """Indices of the portraits whose texture may be learnt: in colour and detailed."""
    eyes = np.hypot(*(found["points"][:, 1] - found["points"][:, 0]).T)
    cb, cr = found["skin"].T
    skin = (cb > SKIN_CB[0]) & (cb < SKIN_CB[1]) & (cr > SKIN_CR[0]) & (cr < SKIN_CR[1])
    skin &= cr > 0.5 * -cb
    return np.nonzero((found["chroma"] > MIN_CHROMA) & (eyes > MIN_DETAIL) & skin)[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--portraits", type=Path, required=True, help="folder of JPEG portraits")
    parser.add_argument("--blazeface", type=Path, required=True, help="BlazeFace front as ONNX, 128x128")
    parser.add_argument("--work", type=Path, required=True, help="folder for what each step leaves")
    parser.add_argument("--labels", type=Path, help="CSV of labels (see README); without it: no female, age, smile")
    parser.add_argument("--out", type=Path, required=True, help="space.bin to write")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    cv2.setNumThreads(1)

    if args.labels is None:
        print("fit: no --labels: no female, no age and no smile; faces half smile, glasses leave ghosts", flush=True)

    found, transforms, pictures = aligned_portraits(args)
    still = np.zeros((len(pictures), frame.GRID_HIGH, frame.GRID_WIDE, 2), np.float32)
    fitted = flow.collection_flow(pictures, transforms, still, flow.COARSE, args.work / "flow.npz", args.seed)
    basis_work = args.work / f"basis-{stamp(args.labels)}"
    basis_work.mkdir(exist_ok=True)
    chosen = colour_portraits(found)
    chosen = chosen[fitted["residual"][chosen] < np.percentile(fitted["residual"], 92)]
    told = labels.read(args.labels, found["name"][chosen])
    chosen = chosen[~(told["exclude"] > 0.5)]
    told = labels.read(args.labels, found["name"][chosen])
    some = [pictures[i] for i in chosen]
    print(f"fit: {len(chosen)} colour portraits make the basis", flush=True)

    # In the frame of all portraits first, to see who smiles; then in the frame of faces at rest.
    rows = textures.textures(some, fitted["transform"][chosen], fitted["grid"][chosen], basis_work / "textures.npy")
    marks = labels.extend(rows.astype(np.float32), told, args.seed)
    rest = marks["closed"] if marks["closed"].any() else np.ones(len(chosen), bool)
    offset = symmetric(fitted["grid"][chosen][rest]).mean(axis=0)
    transforms, grids = neutral.reframed(fitted["transform"], fitted["grid"], offset)
    fine = flow.collection_flow(
        some, transforms[chosen], grids[chosen], flow.fine_plan(rest), basis_work / "flow-rest.npz", args.seed
    )
    transforms[chosen], grids[chosen] = fine["transform"], fine["grid"]
    rows = textures.textures(some, transforms[chosen], grids[chosen], basis_work / "textures-rest.npy")
    fit_components(args, rows.astype(np.float32), grids[chosen], marks, told)

    others = np.setdiff1d(np.arange(len(pictures)), chosen)
    more = flow.transfer(
        [pictures[i] for i in others], transforms[others], grids[others], (some, transforms[chosen], grids[chosen]),
        flow.fine_plan(rest), basis_work / "flow-others.npz", args.seed,
    )
    grids[others] = more["grid"]
    residual = np.empty(len(pictures), np.float32)
    residual[chosen], residual[others] = fine["residual"], more["residual"]
    portrait_list.write(args.work / "portraits.csv", found, residual, transforms, grids)


def stamp(labels_file: Path | None) -> str:
    """Names what was made with these labels: other labels, other faces in the basis."""
    return "plain" if labels_file is None else hashlib.sha256(labels_file.read_bytes()).hexdigest()[:8]


def symmetric(grids: np.ndarray) -> np.ndarray:
    """The mirror-symmetric part of shapes."""
    return (grids + textures.mirrored_shapes(grids)) / 2


def fit_components(
    args: argparse.Namespace,
    rows: np.ndarray,
    grids: np.ndarray,
    marks: dict[str, np.ndarray],
    told: dict[str, np.ndarray],
) -> None:
    """Components, directions and the smile of textures and shapes at rest; writes the file."""
    mask = textures.face_mask()
    mask_c = cv2.resize(mask, textures.CHROMA, interpolation=cv2.INTER_AREA).ravel()
    scale = np.concatenate([mask.ravel(), CHROMA_WEIGHT * mask_c, CHROMA_WEIGHT * mask_c]).astype(np.float32)
    textures.balance(rows, mask_c)
    other = textures.mirrored(rows)
    even, odd = (rows + other) / 2, (rows - other) / 2
    shapes = symmetric(grids)

    hidden = np.zeros((len(rows), textures.Y_SIZE), np.float32)
    smile = None
    if marks["closed"].any():
        rest, open_ = marks["closed"], ~marks["closed"]
        clear = ~marks["glasses"] & ~marks["beard"]
        smile = (
            even[open_ & clear].mean(axis=0) - even[rest & clear].mean(axis=0),
            shapes[open_].mean(axis=0) - shapes[rest].mean(axis=0),
        )
        even[open_] -= smile[0]
        shapes[open_] -= smile[1]
        hidden[open_] = np.maximum(hidden[open_], neutral.region(46, 130, 146, 192, 4.0).ravel())
    hidden[marks["glasses"]] = np.maximum(hidden[marks["glasses"]], neutral.region(34, 66, 158, 124).ravel())
    hidden[marks["beard"]] = np.maximum(hidden[marks["beard"]], neutral.region(48, 130, 144, 216).ravel())
    seen = 1 - model.spread_mask(hidden)
    even_parts, even_z = model.fit(even, seen, scale, SYMMETRIC, 8, 2.2, args.seed)
    odd_parts, _ = model.fit(odd, seen, scale, UNEVEN, 4, 2.2, args.seed)

    flat = shapes.reshape(len(shapes), -1)
    shape_mean = flat.mean(axis=0)
    shape_basis = flow.low_rank(flat - shape_mean, SHAPES, np.random.default_rng(args.seed))
    shape_z = (flat - shape_mean) @ shape_basis.T
    shape_parts = shape_basis * shape_z.std(axis=0)[:, None]
    shape_z /= shape_z.std(axis=0)

    parts = np.vstack([even_parts.parts(), UNEVEN_SHARE * odd_parts.parts()])
    mean = (even_parts.mean + textures.mirrored(even_parts.mean[None])[0]) / 2
    # Against whole portraits, not their even halves: those have lost detail too.
    gain = detail.gains(rows, seen, mean, parts, mask, args.seed)
    mean = model.extended(detail.sharpened(mean, gain), mask)
    parts = np.stack([model.extended(detail.sharpened(part, gain), mask) for part in parts])
    latent = np.hstack([shape_z, even_z, np.zeros((len(rows), UNEVEN), np.float32)])
    cheeks = neutral.region(50, 100, 84, 140).ravel() + neutral.region(108, 100, 142, 140).ravel()
    dark = -(even[:, : textures.Y_SIZE] @ cheeks) / cheeks.sum()
    ways = directions.fit(latent, SHAPES, told, {"dark_skin": dark})
    np.savez(args.work / "latent.npz", latent=latent)
    smile_arrays = None if smile is None else (model.extended(detail.sharpened(smile[0], gain), mask), smile[1])
    write(args.out, mean, parts, shape_parts, mask, ways, smile_arrays)


def write(
    out: Path,
    mean: np.ndarray,
    parts: np.ndarray,
    shape_parts: np.ndarray,
    mask: np.ndarray,
    ways: dict,
    smile: tuple | None,
) -> None:
    """Writes the file: u8 mean and mask, i8 components, f32 points and smile shape."""
    y, c = textures.Y_SIZE, textures.C_SIZE
    level = lambda values, shape: np.clip(np.rint(values), 0, 255).astype(np.uint8).reshape(shape)
    whole, small = (frame.HIGH, frame.WIDE), textures.CHROMA[::-1]
    arrays = {
        "mean_y": level(mean[:y], whole),
        "mean_cb": level(mean[y : y + c] + 128, small),
        "mean_cr": level(mean[y + c :] + 128, small),
        "mask": level(mask * 255, whole),
        "mean_points": np.array(list(POINTS.values()), np.float32),
    }
    scales = {}
    for name, values, shape in (
        ("texture_y", parts[:, :y], whole),
        ("texture_cb", parts[:, y : y + c], small),
        ("texture_cr", parts[:, y + c :], small),
        ("shape", shape_parts, (frame.GRID_HIGH, frame.GRID_WIDE, 2)),
    ):
        arrays[name], scales[name] = space_file.quantised(values.reshape(-1, *shape))
    if smile is not None:
        arrays["smile_shape"] = smile[1].astype(np.float32)
        for name, values, shape in (
            ("smile_y", smile[0][:y], whole),
            ("smile_cb", smile[0][y : y + c], small),
            ("smile_cr", smile[0][y + c :], small),
        ):
            arrays[name], scales[name] = space_file.quantised(values.reshape(1, *shape))
    header = {
        "version": 1,
        "frame": {"width": frame.WIDE, "height": frame.HIGH, "eyes": frame.EYES.tolist(), "grid_step": frame.STEP},
        "colour": "full-range BT.601 YCbCr, Cb and Cr about 128, one value per 4x4 pixels",
        "points": list(POINTS),
        "directions": ways,
    }
    size = space_file.write(out, arrays, scales, header)
    print(f"fit: {out} written, {size} bytes", flush=True)


if __name__ == "__main__":
    main()
