"""Reads and writes space.bin: magic, header length, JSON header, raw little-endian arrays."""

import json
import struct
from pathlib import Path

import numpy as np

MAGIC = b"RDPEOPLE"
TYPES = {"u8": np.uint8, "i8": np.int8, "f32": np.float32}


def quantised(components: np.ndarray) -> tuple[np.ndarray, list[float]]:
    """Components [K, ..] as i8 with a scale each."""
    top = np.abs(components).reshape(len(components), -1).max(axis=1)
    scales = np.maximum(top, 1e-6) / 127.0
    shape = (-1,) + (1,) * (components.ndim - 1)
    return np.rint(components / scales.reshape(shape)).astype(np.int8), [float(f"{s:.6g}") for s in scales]


def write(path: Path, arrays: dict[str, np.ndarray], scales: dict[str, list[float]], header: dict) -> int:
    """Writes the file and returns its size in bytes."""
    names = {np.dtype(kind): name for name, kind in TYPES.items()}
    listed = []
    for name, values in arrays.items():
        entry = {"name": name, "type": names[values.dtype], "shape": list(values.shape)}
        if name in scales:
            entry["scales"] = scales[name]
        listed.append(entry)
    text = json.dumps({**header, "arrays": listed}, separators=(",", ":")).encode()
    body = b"".join(np.ascontiguousarray(v).astype(v.dtype.newbyteorder("<")).tobytes() for v in arrays.values())
    part = path.with_suffix(".part")
    part.write_bytes(MAGIC + struct.pack("<I", len(text)) + text + body)
    part.rename(path)
    return path.stat().st_size


def read(path: Path) -> tuple[dict, dict[str, np.ndarray]]:
    """The header, and the arrays as f32 with their scales applied."""
    data = path.read_bytes()
    if data[:8] != MAGIC:
        raise ValueError(f"{path} is no space file")
    (length,) = struct.unpack("<I", data[8:12])
    header = json.loads(data[12 : 12 + length])
    at, arrays = 12 + length, {}
    for entry in header["arrays"]:
        kind = np.dtype(TYPES[entry["type"]]).newbyteorder("<")
        count = int(np.prod(entry["shape"]))
        values = np.frombuffer(data, kind, count, at).reshape(entry["shape"]).astype(np.float32)
        if "scales" in entry:
            values = values * np.array(entry["scales"], np.float32).reshape((-1,) + (1,) * (values.ndim - 1))
        arrays[entry["name"]] = values
        at += count * kind.itemsize
    if at != len(data):
        raise ValueError(f"{path} holds {len(data) - at} bytes too many")
    return header, arrays
