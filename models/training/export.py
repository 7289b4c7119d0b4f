"""From a trained torch net to a file of models/own: folds norms, writes ONNX, checks it, and prints its manifest entry.

The answer of a self-test is that of onnxruntime to the input which the head of models/MANIFEST.toml describes.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

OPSET = 17
# What the net's file may hold: no PReLU, no swish, nothing that only newer engines know.
OPERATORS = {
    "Add", "AveragePool", "Clip", "Concat", "Constant", "Conv", "Div", "Flatten", "Gemm", "GlobalAveragePool",
    "Identity", "MatMul", "MaxPool", "Mul", "Relu", "Reshape", "Resize", "Sigmoid", "Slice", "Sub", "Transpose",
}  # fmt: skip


def known_input(shape: tuple[int, ...]) -> np.ndarray:
    """The self-test's input (models/MANIFEST.toml, head): the same numbers for every program."""
    state, numbers = 12345, np.empty(int(np.prod(shape)), np.float64)
    for i in range(len(numbers)):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        numbers[i] = (state >> 8) / 2**24 * 2 - 1
    return numbers.astype(np.float32).reshape(shape)


def fold(net: nn.Module) -> nn.Module:
    """Each BatchNorm2d right behind a Conv2d in an nn.Sequential goes into it. In place; the net must be in eval."""
    for child in net.children():
        fold(child)
    if isinstance(net, nn.Sequential):
        for i in range(len(net) - 1):
            if isinstance(net[i], nn.Conv2d) and isinstance(net[i + 1], nn.BatchNorm2d):
                net[i] = fuse_conv_bn_eval(net[i], net[i + 1])
                net[i + 1] = nn.Identity()
    return net


def write(net: nn.Module, shape: tuple[int, int, int, int], outputs: list[str], path: str | Path) -> None:
    """Writes `net` (eval, norms folded) as ONNX with a fixed input, without value_info and texts, and checks it."""
    net = net.eval().cpu().to(memory_format=torch.contiguous_format)
    example = torch.from_numpy(known_input(shape))
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw.onnx"
        torch.onnx.export(
            net, (example,), str(raw), input_names=["input"], output_names=outputs, opset_version=OPSET, dynamo=False
        )
        model = onnx.load(str(raw))
    clean(model)
    data = model.SerializeToString()
    onnx.checker.check_model(model, full_check=True)
    with torch.no_grad():
        expected = net(example)
    expected = [expected] if isinstance(expected, torch.Tensor) else list(expected)
    for name, got, want in zip(outputs, answers(data, shape), expected, strict=True):
        difference = float(np.abs(got - want.numpy()).max() / max(1.0, float(want.abs().max())))
        if got.shape != tuple(want.shape) or difference > 1e-4:
            raise ValueError(f"{path}: {name} differs by {difference:.2e} from the trained net")
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_bytes(data)
    os.replace(partial, path)


def clean(model: onnx.ModelProto) -> None:
    """Removes value_info and texts, gives nodes plain names, and refuses operators that are not in the list."""
    graph = model.graph
    del graph.value_info[:]
    graph.doc_string, model.doc_string, model.producer_version = "", "", ""
    graph.name = "net"
    for number, node in enumerate(graph.node):
        node.name, node.doc_string = f"{node.op_type}_{number}", ""
        if node.op_type not in OPERATORS:
            raise ValueError(f"operator {node.op_type} is not in the list")
    for value in [*graph.input, *graph.output]:
        if any(d.dim_param for d in value.type.tensor_type.shape.dim):
            raise ValueError(f"{value.name} has a size without a number")


def session(model: str | Path | bytes) -> onnxruntime.InferenceSession:
    """onnxruntime on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    source = model if isinstance(model, bytes) else str(model)
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def answers(model: str | Path | bytes, shape: tuple[int, ...]) -> list[np.ndarray]:
    """Every output to the known input of that shape."""
    run = session(model)
    return run.run(None, {run.get_inputs()[0].name: known_input(shape)})


def self_test(model: str | Path | bytes, shape: tuple[int, ...]) -> str:
    """`{ first = [...], sum = ... }`: what the file must answer when it is loaded."""
    first = answers(model, shape)[0]
    values = ", ".join(f"{v:.8g}" for v in first.reshape(-1)[:4].astype(float))
    return f"{{ first = [{values}], sum = {first.astype(np.float64).sum():.8g} }}"


def resized(path: str | Path, side: int) -> bytes:
    """The same net for another input size (tracking): only the declared sizes change, as the daemon does it."""
    model = onnx.load(str(path))
    sizes = model.graph.input[0].type.tensor_type.shape.dim
    sizes[2].dim_value = sizes[3].dim_value = side
    for output in model.graph.output:
        output.type.tensor_type.ClearField("shape")
    return model.SerializeToString()


def entry(path: str | Path, shape: tuple[int, int, int, int], words: dict[str, str], more: str = "") -> str:
    """The lines of a manifest entry below its `[...]` head.

    `words`: name, channels, range, preprocessing, licence, training_data, source, conversion. `more`: further lines as
    they shall stand (thresholds, crop, live_class, tracking).
    """
    path = Path(path)
    data = path.read_bytes()
    outputs = [list(output.shape) for output in answers(data, shape)]
    text = lambda name: f"{name} = {json.dumps(words[name], ensure_ascii=False)}\n"
    return (
        text("name")
        + f'file = "{path.name}"\nsha256 = "{hashlib.sha256(data).hexdigest()}"\nbytes = {len(data)}\n'
        + f"input = {list(shape)}\noutputs = {outputs}\n"
        + "".join(text(name) for name in ("channels", "range", "preprocessing"))
        + f"self_test = {self_test(data, shape)}\n"
        + "".join(text(name) for name in ("licence", "training_data", "source", "conversion"))
        + more
    )


def cost(net: nn.Module, shape: tuple[int, int, int, int]) -> tuple[int, int]:
    """Multiplications of one run and numbers in the net."""
    total = 0

    def count(module: nn.Module, _inputs: tuple, output: torch.Tensor) -> None:
        nonlocal total
        if isinstance(module, nn.Conv2d):
            total += output.numel() * module.weight[0].numel()
        elif isinstance(module, nn.Linear):
            total += module.weight.numel()

    hooks = [module.register_forward_hook(count) for module in net.modules()]
    with torch.no_grad():
        net.eval()(torch.zeros(shape))
    for hook in hooks:
        hook.remove()
    return total, sum(p.numel() for p in net.parameters())
