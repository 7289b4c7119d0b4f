"""Shows that convert.py makes the pinned files of torch checkpoints byte for byte, without upstream's checkpoints.

Takes the weights of a pinned file, writes them as a checkpoint in upstream's form, converts that and compares. Two things a
pinned file holds only as a result: a convolution together with its batch norm (MiniFASNet: the checkpoint's batch norms
change nothing), and where in the picture a number stands (EdgeFace: its projection is solved for, and the one tensor made
of it is compared within 1e-5). That upstream's own weights give these to the bit is shown by the hash when it is installed.

    CONVERTER/bin/python models/install/prove.py FOLDER        FOLDER holds the pinned files
"""

import sys
import tempfile
from pathlib import Path

import numpy
import onnx
import torch
from onnx import numpy_helper
from torch import nn

import convert
import edgeface
import minifasnet

FILES = {
    "minifasnet-v2": "pad-minifasnet-v2.onnx",
    "minifasnet-v1se": "pad-minifasnet-v1se.onnx",
    "edgeface-xs": "emb-edgeface-xs.onnx",
}
# Which batch norm follows which convolution.
NORM_OF = {"conv": "bn", "fc1": "bn1", "fc2": "bn2"}
POSITIONS = "/model/stages/stages.1/blocks/blocks.2/Transpose_1_output_0"


def minifasnet_checkpoint(graph: onnx.GraphProto, name: str) -> dict:
    """The weights by the names upstream gives them, as several devices would have shared them."""
    known = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    weights = minifasnet.MiniFASNet(name).state_dict()
    for node in graph.node:
        part = ".".join(node.name.strip("/").split("/")[:-1]).replace("model.model", "model")
        values = [torch.tensor(known[value]) for value in node.input[1:] if value in known]
        match node.op_type:
            case "Conv":
                weights[f"{part}.weight"], bias = values
                place, last = part.rsplit(".", 1)
                weights |= norm_that_adds(f"{place}.{NORM_OF[last]}", bias)
            case "PRelu":
                weights[f"{part}.weight"] = values[0].flatten()
            case "MatMul":
                weights[f"{part}.weight"] = values[0].T.contiguous()
            case "BatchNormalization":
                for key, value in zip(("weight", "bias", "running_mean", "running_var"), values, strict=True):
                    weights[f"{part}.{key}"] = value
    return {f"module.{key}": value for key, value in weights.items()}


def norm_that_adds(name: str, bias: torch.Tensor) -> dict[str, torch.Tensor]:
    """A batch norm that only adds: its variance and the small number that is added to it make one."""
    variance = numpy.float32(1) - numpy.float32(1e-5)
    assert variance + numpy.float32(1e-5) == 1
    count = len(bias)
    return {
        f"{name}.weight": torch.ones(count),
        f"{name}.bias": bias,
        f"{name}.running_mean": torch.zeros(count),
        f"{name}.running_var": torch.full((count,), float(variance)),
    }


def edgeface_checkpoint(graph: onnx.GraphProto) -> dict:
    """The weights by the names upstream gives them, linear layers packed as int8."""
    known = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    net = edgeface.EdgeFace()
    weights = net.state_dict()
    for key in weights:
        if key in known:
            weights[key] = torch.tensor(known[key]).reshape(weights[key].shape)
    for node in graph.node:
        words = node.name.strip("/").split("/")
        if node.op_type not in ("MatMul", "Gemm") or node.input[1] not in known:
            continue
        end = next((i for i, word in enumerate(words) if word.startswith(("MatMul", "Gemm"))), len(words))
        part = ".".join(words[:end]).replace("stages.stages", "stages").replace("blocks.blocks", "blocks")
        weight = torch.tensor(known[node.input[1]])
        turned = any(attribute.name == "transB" and attribute.i for attribute in node.attribute)
        weights[f"{part}.weight"] = weight if turned else weight.T.contiguous()
    solve_positions(net.model.stages[1].blocks[2].pos_embd, known[POSITIONS][0], weights)
    # As upstream makes it, then with the numbers of the pinned file.
    checkpoint = torch.ao.quantization.quantize_dynamic(net, {nn.Linear}, torch.qint8).state_dict()
    for key in checkpoint:
        if key.endswith(edgeface.PACKED):
            layer = key.removesuffix(edgeface.PACKED)
            checkpoint[key] = pack(weights[f"{layer}.weight"]), weights[f"{layer}.bias"]
        elif key in weights:
            checkpoint[key] = weights[key]
    return checkpoint


def pack(weight: torch.Tensor) -> torch.Tensor:
    """The int8 numbers and the scale these weights were made of."""
    largest = weight.abs().max().item()
    for steps in range(127, 0, -1):
        packed = torch.quantize_per_tensor(weight, largest / steps, 0, torch.qint8)
        if torch.equal(packed.dequantize(), weight):
            return packed
    packed = torch.quantize_per_tensor(weight, largest / 128, 0, torch.qint8)
    assert torch.equal(packed.dequantize(), weight), "these weights were never int8"
    return packed


def solve_positions(module: nn.Module, wanted: numpy.ndarray, weights: dict) -> None:
    """Fills in the projection that gives these positions, by least squares."""
    seen = []
    module.token_projection.register_forward_hook(lambda _, inputs, __: seen.append(inputs[0]))
    side = int(len(wanted) ** 0.5)
    module((1, side, side))
    waves = seen[0][0].flatten(1).T.double().numpy()
    waves = numpy.hstack([waves, numpy.ones((len(waves), 1))])
    solved = numpy.linalg.lstsq(waves, wanted.astype(numpy.float64), rcond=None)[0].astype(numpy.float32)
    place = "model.stages.1.blocks.2.pos_embd.token_projection"
    weights[f"{place}.weight"] = torch.tensor(solved[:-1].T[:, :, None, None].copy())
    weights[f"{place}.bias"] = torch.tensor(solved[-1])


def with_positions_of(made: bytes, pinned: bytes) -> bytes:
    """The positions replaced by the pinned ones, when they are nearly those."""
    mine, other = onnx.load_from_string(made), onnx.load_from_string(pinned)
    tensors = [next(t for t in model.graph.initializer if t.name == POSITIONS) for model in (mine, other)]
    difference = numpy.abs(numpy_helper.to_array(tensors[0]) - numpy_helper.to_array(tensors[1])).max()
    if difference < 1e-5:
        tensors[0].CopyFrom(tensors[1])
    return mine.SerializeToString()


def main() -> int:
    """The exit code."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    different = 0
    for name, file in FILES.items():
        pinned = Path(sys.argv[1], file).read_bytes()
        graph = onnx.load_from_string(pinned).graph
        of_edgeface = name == "edgeface-xs"
        weights = edgeface_checkpoint(graph) if of_edgeface else minifasnet_checkpoint(graph, name)
        with tempfile.TemporaryDirectory() as folder:
            checkpoint = Path(folder, "checkpoint.pth")
            torch.save(weights, checkpoint, _use_new_zipfile_serialization=of_edgeface)
            made = convert.export(str(checkpoint), name)
        if of_edgeface:
            made = with_positions_of(made, pinned)
        different += made != pinned
        but = ", but for the positions: these are nearly the same" if of_edgeface else ""
        print(f"{file}: {'the same bytes' + but if made == pinned else 'DIFFERENT'}")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
