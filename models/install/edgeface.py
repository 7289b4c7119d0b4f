"""The face vector's net EdgeFace-XS as a torch module, with the weights of its int8 checkpoint made f32 again.

The net is timm's EdgeNeXt with 512 numbers at its end, as otroshi/edgeface (BSD-3-Clause) builds it. The checkpoint holds
the linear layers as `torch.ao.quantization` packs them: int8 numbers with one scale for each layer.
"""

import timm
import torch
from torch import nn

NUMBERS, SIDE = 512, 112
# What a packed linear layer is called in a checkpoint, and what else it has there.
PACKED = "._packed_params._packed_params"
WITH_PACKED = (".scale", ".zero_point", "._packed_params.dtype")


class EdgeFace(nn.Module):
    """1×3×112×112, RGB -1..1, to 512 numbers."""

    def __init__(self):
        super().__init__()
        self.model = timm.create_model("edgenext_x_small")
        self.model.reset_classifier(NUMBERS)

    def forward(self, x):
        return self.model(x)


def net_of(checkpoint: str) -> EdgeFace:
    """The net with the weights of a checkpoint: a dictionary of tensors and nothing that could run."""
    packed = torch.load(checkpoint, map_location="cpu", weights_only=True)
    weights = {}
    for key, value in packed.items():
        if key.endswith(PACKED):
            layer = key.removesuffix(PACKED)
            weights[f"{layer}.weight"] = value[0].dequantize()
            weights[f"{layer}.bias"] = value[1]
        elif not key.endswith(WITH_PACKED):
            weights[key] = value
    net = EdgeFace()
    net.load_state_dict(weights)
    return net.eval()
