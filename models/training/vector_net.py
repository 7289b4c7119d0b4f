"""The face-vector net: plain convolutions and ReLU, which CPU engines run fastest; 112x112 RGB to 512 numbers."""

from __future__ import annotations

import torch
from torch import nn

SHAPE = (1, 3, 112, 112)
DIMENSIONS = 512


def block(inputs: int, outputs: int, kernel: int = 3, stride: int = 1, relu: bool = True) -> nn.Sequential:
    """Convolution, norm and, if wanted, ReLU."""
    layers: list[nn.Module] = [
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(outputs),
    ]
    return nn.Sequential(*layers, nn.ReLU(inplace=True)) if relu else nn.Sequential(*layers)


class Residual(nn.Module):
    """Two 3x3 convolutions beside the input."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.body = nn.Sequential(block(channels, channels), block(channels, channels, relu=False))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(x + self.body(x))


class VectorNet(nn.Sequential):
    """28x28x32, 14x14x64, 7x7x128; then every place of the face has its own weights."""

    def __init__(self) -> None:
        last = 256
        super().__init__(
            block(3, 32, 5, 4),
            Residual(32),
            block(32, 64, 3, 2),
            Residual(64),
            Residual(64),
            block(64, 128, 3, 2),
            Residual(128),
            block(128, last, 1),
            nn.Conv2d(last, last, 7, groups=last, bias=False),
            nn.BatchNorm2d(last),
            nn.Conv2d(last, DIMENSIONS, 1, bias=False),
            nn.BatchNorm2d(DIMENSIONS),
            nn.Flatten(),
        )


def as_input(pictures: torch.Tensor) -> torch.Tensor:
    """N x 112 x 112 x 3 bytes to the net's input."""
    return ((pictures.permute(0, 3, 1, 2).float() - 127.5) / 127.5).contiguous(memory_format=torch.channels_last)
