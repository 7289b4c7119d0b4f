"""The attack nets MiniFASNet V2 and V1SE as torch modules.

Written after the architecture that minivision-ai/Silent-Face-Anti-Spoofing publishes under Apache-2.0. The names of the
parts are those of its checkpoints: they find the weights, and they stand in the exported file, whose hash is pinned.
"""

import torch
from torch import nn

# Channels of the stages, in their order: first convolutions; (middle, out) of a block that halves the sides; the middles
# of a row of blocks that add what went into them; and so on.
STAGES = {
    "minifasnet-v1se": (32, (103, 64), (13, 26, 13, 52), (231, 128), (154, 52, 26, 52, 26, 26), (308, 128), (26, 26)),
    "minifasnet-v2": (32, (103, 64), (13, 13, 13, 13), (231, 128), (231, 52, 26, 77, 26, 26), (308, 128), (26, 26)),
}
FEATURES, NUMBERS, CLASSES, SIDE = 512, 128, 3, 80


class ConvNorm(nn.Module):
    """Convolution and batch norm, and PReLU after them unless it is linear."""

    def __init__(self, into: int, out: int, side: int = 1, stride: int = 1, padding: int = 0, groups: int = 1,
                 linear: bool = False):
        super().__init__()
        self.conv = nn.Conv2d(into, out, side, stride, padding, groups=groups, bias=False)
        self.bn = nn.BatchNorm2d(out)
        if not linear:
            self.prelu = nn.PReLU(out)
        self.linear = linear

    def forward(self, x):
        x = self.bn(self.conv(x))
        return x if self.linear else self.prelu(x)


class Weighing(nn.Module):
    """Squeeze and excitation: every channel is weighed by what all of them hold on average."""

    def __init__(self, channels: int, reduction: int = 4):
        super().__init__()
        few = channels // reduction
        self.avg_pool = nn.AdaptiveAvgPool2d(1)
        self.fc1 = nn.Conv2d(channels, few, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(few)
        self.relu = nn.ReLU()
        self.fc2 = nn.Conv2d(few, channels, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.sigmoid = nn.Sigmoid()

    def forward(self, x):
        weights = self.relu(self.bn1(self.fc1(self.avg_pool(x))))
        return x * self.sigmoid(self.bn2(self.fc2(weights)))


class Block(nn.Module):
    """Widens, filters each channel for itself, narrows again."""

    def __init__(self, into: int, middle: int, out: int, stride: int, adds: bool, weighs: bool = False):
        super().__init__()
        self.conv = ConvNorm(into, middle)
        self.conv_dw = ConvNorm(middle, middle, 3, stride, 1, groups=middle)
        self.project = ConvNorm(middle, out, linear=True)
        if weighs:
            self.se_module = Weighing(out)
        self.adds, self.weighs = adds, weighs

    def forward(self, x):
        short = x
        x = self.project(self.conv_dw(self.conv(x)))
        if self.weighs:
            x = self.se_module(x)
        return short + x if self.adds else x


class Row(nn.Module):
    """Blocks one after the other, each added to what went into it; the last one weighs where the net does that."""

    def __init__(self, channels: int, middles: tuple, weighs: bool):
        super().__init__()
        last = len(middles) - 1
        self.model = nn.Sequential(
            *(Block(channels, middle, channels, 1, True, weighs and i == last) for i, middle in enumerate(middles)))

    def forward(self, x):
        return self.model(x)


class Flat(nn.Module):
    """Batch and numbers."""

    def forward(self, x):
        return x.view(x.size(0), -1)


class MiniFASNet(nn.Module):
    """1×3×80×80, BGR 0..255, to three classes; the second is "live"."""

    def __init__(self, name: str):
        super().__init__()
        first, to_3, row_3, to_4, row_4, to_5, row_5 = STAGES[name]
        weighs = name.endswith("se")
        self.conv1 = ConvNorm(3, first, 3, 2, 1)
        self.conv2_dw = ConvNorm(first, first, 3, 1, 1, groups=first)
        self.conv_23 = Block(first, *to_3, 2, False)
        self.conv_3 = Row(to_3[1], row_3, weighs)
        self.conv_34 = Block(to_3[1], *to_4, 2, False)
        self.conv_4 = Row(to_4[1], row_4, weighs)
        self.conv_45 = Block(to_4[1], *to_5, 2, False)
        self.conv_5 = Row(to_5[1], row_5, weighs)
        self.conv_6_sep = ConvNorm(to_5[1], FEATURES)
        self.conv_6_dw = ConvNorm(FEATURES, FEATURES, SIDE // 16, groups=FEATURES, linear=True)
        self.conv_6_flatten = Flat()
        self.linear = nn.Linear(FEATURES, NUMBERS, bias=False)
        self.bn = nn.BatchNorm1d(NUMBERS)
        self.drop = nn.Dropout(0.0)
        self.prob = nn.Linear(NUMBERS, CLASSES, bias=False)

    def forward(self, x):
        for stage in (self.conv1, self.conv2_dw, self.conv_23, self.conv_3, self.conv_34, self.conv_4, self.conv_45,
                      self.conv_5, self.conv_6_sep, self.conv_6_dw, self.conv_6_flatten, self.linear, self.bn,
                      self.drop, self.prob):
            x = stage(x)
        return x


def net_of(checkpoint: str, name: str) -> MiniFASNet:
    """The net with the weights of a checkpoint: a dictionary of tensors and nothing that could run."""
    weights = torch.load(checkpoint, map_location="cpu", weights_only=True)
    net = MiniFASNet(name)
    # Saved from a net that several devices shared.
    net.load_state_dict({key.removeprefix("module."): value for key, value in weights.items()})
    return net.eval()
