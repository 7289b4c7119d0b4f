"""Makes the pinned file of what upstream published. What needs PyTorch runs as a program of its own:

    CONVERTER/bin/python models/install/convert.py minifasnet-v2 2.7_80x80_MiniFASNetV2.pth pad-minifasnet-v2.onnx
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import onnx_file
from refused import Refused

HERE = Path(__file__).resolve().parent
TORCH = ("edgeface-xs", "minifasnet-v2", "minifasnet-v1se")


def needs_torch(conversion: str) -> bool:
    """Whether it runs in the virtual environment."""
    return conversion in TORCH


def check_torch() -> None:
    """Refuses, with the commands that help, when the virtual environment is not there."""
    python = Path(os.environ["READER_DAEMON_CONVERTER"])
    if not python.exists():
        venv = python.parent.parent
        raise Refused(
            "upstream has a torch checkpoint, and the environment that converts it is missing (PyTorch, 6 GB)",
            f"python3 -m venv {venv} && {venv}/bin/pip install -r {HERE}/requirements.txt, or --from FOLDER",
        )


def convert(data: bytes, conversion: str) -> bytes:
    """The converted file; whether it is the pinned one is for the caller to see."""
    match conversion:
        case "none":
            return data
        case "clean":
            return onnx_file.clean(data)
        case "clean-batch-1":
            return onnx_file.clean(data, batch=True)
        case _:
            return _with_torch(data, conversion)


def _with_torch(data: bytes, conversion: str) -> bytes:
    check_torch()
    with tempfile.TemporaryDirectory(prefix="reader-daemon-convert") as folder:
        checkpoint, out = Path(folder, "checkpoint.pth"), Path(folder, "out.onnx")
        checkpoint.write_bytes(data)
        command = [os.environ["READER_DAEMON_CONVERTER"], str(HERE / "convert.py"), conversion, str(checkpoint), str(out)]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Refused("it cannot be converted: " + (done.stderr.strip().splitlines() or ["no reason was given"])[-1])
        return out.read_bytes()


def export(checkpoint: str, name: str) -> bytes:
    """The cleaned ONNX file of a checkpoint. Only in the virtual environment."""
    import io

    import torch

    torch.set_num_threads(1)
    if name == "edgeface-xs":
        import edgeface

        net, side = edgeface.net_of(checkpoint), edgeface.SIDE
    else:
        import minifasnet

        net, side = minifasnet.net_of(checkpoint, name), minifasnet.SIDE
    file = io.BytesIO()
    torch.onnx.export(net, torch.zeros(1, 3, side, side), file, input_names=["input"], output_names=["output"],
                      opset_version=13, dynamo=False)
    data = file.getvalue()
    return onnx_file.clean(_folded(data) if name == "edgeface-xs" else data)


def _folded(model: bytes) -> bytes:
    """The same model with what does not depend on its input computed once, and without what onnxruntime alone can do."""
    import onnxruntime

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "folded.onnx")
        options = onnxruntime.SessionOptions()
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
        options.optimized_model_filepath = str(out)
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        return onnx_file.without_foreign_operators(out.read_bytes())


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    Path(sys.argv[3]).write_bytes(export(sys.argv[2], sys.argv[1]))
