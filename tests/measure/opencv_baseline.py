#!/usr/bin/env python3
"""The same work with OpenCV and onnxruntime, as the yardstick of `scripts/bench faces`.

Reads the same frames, the same photo and the same model files as the program it stands beside, and prints one JSON object:
milliseconds of each stage, every round.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import onnxruntime

TEMPLATE = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]], np.float32
)


def session(path, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def run(net, tensor):
    return net.run(None, {net.get_inputs()[0].name: tensor})[0]


def detect(detector, picture):
    height, width = picture.shape[:2]
    factor = min(1.0, 320 / max(height, width))
    if factor < 1.0:
        picture = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    detector.setInputSize((picture.shape[1], picture.shape[0]))
    _, faces = detector.detect(picture)
    if faces is None:
        return None
    nearest = faces[np.argmax(faces[:, 2] * faces[:, 3])]
    return nearest[:14] / factor


def align(picture, face):
    source = face[4:14].reshape(5, 2).astype(np.float32)
    matrix, _ = cv2.estimateAffinePartial2D(source, TEMPLATE, method=cv2.LMEDS)
    return cv2.warpAffine(picture, matrix, (112, 112), flags=cv2.INTER_LINEAR)


def embed(net, crop):
    tensor = (crop[:, :, ::-1].astype(np.float32) - 127.5) / 127.5
    vector = run(net, np.ascontiguousarray(tensor.transpose(2, 0, 1)[None]))[0]
    return vector / np.linalg.norm(vector)


def attack_crop(picture, face, factor):
    height, width = picture.shape[:2]
    x, y, w, h = face[:4]
    factor = min((height - 1) / h, (width - 1) / w, factor)
    cx, cy, w, h = x + w / 2, y + h / 2, w * factor, h * factor
    left = min(max(cx - w / 2, 0), max(width - 1 - w, 0))
    top = min(max(cy - h / 2, 0), max(height - 1 - h, 0))
    crop = picture[int(top) : int(top + h) + 1, int(left) : int(left + w) + 1]
    crop = cv2.resize(crop, (80, 80))
    return np.ascontiguousarray(crop.astype(np.float32).transpose(2, 0, 1)[None])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--frames", type=Path, required=True)
    parser.add_argument("--photo", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    cv2.setNumThreads(arguments.threads)

    detector = cv2.FaceDetectorYN.create(str(arguments.models / "det-yunet-n-320.onnx"), "", (320, 320), 0.6, 0.3)
    embedding = session(arguments.models / "emb-edgeface-xs.onnx", arguments.threads)
    attack = [
        (session(arguments.models / "pad-minifasnet-v2.onnx", arguments.threads), 2.7),
        (session(arguments.models / "pad-minifasnet-v1se.onnx", arguments.threads), 4.0),
    ]
    stages = {name: [] for name in ["photo_decode", "frame_decode", "detect", "align_embed", "attack"]}
    frames = [path.read_bytes() for path in sorted(arguments.frames.glob("*.jpg"))]
    photo = arguments.photo.read_bytes()
    if not frames:
        sys.exit(f"{arguments.frames} holds no frames")

    def timed(stage, work):
        began = time.perf_counter()
        result = work()
        stages[stage].append((time.perf_counter() - began) * 1000)
        return result

    for _ in range(arguments.rounds):
        timed("photo_decode", lambda: cv2.imdecode(np.frombuffer(photo, np.uint8), cv2.IMREAD_COLOR))
        for data in frames:
            picture = timed("frame_decode", lambda: cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR))
            face = timed("detect", lambda: detect(detector, picture))
            if face is None:
                continue
            timed("align_embed", lambda: embed(embedding, align(picture, face)))
            timed("attack", lambda: [run(net, attack_crop(picture, face, factor)) for net, factor in attack])
    print(json.dumps({"opencv": cv2.__version__, "onnxruntime": onnxruntime.__version__, "milliseconds": stages}))


if __name__ == "__main__":
    main()
