"""Networks that others trained and published, written out here; their weights are read from a folder of one's own.

    convex_adversarial_mnist.pth    github.com/locuslab/convex_adversarial (MIT), trained to be provable at eps .1
    mnist_cnn_a_adv.model           github.com/Verified-Intelligence/alpha-beta-CROWN (BSD-3), trained by PGD at eps .3
    cifar_base.pth, cifar_cnn_a_adv.model, resnet2b.pth    from there, too
    resnet20.th                     github.com/akamaster/pytorch_resnet_cifar10 (BSD-2), not robust

Every file is a state dict, or holds one, and loads without unpickling code. Layers are numbered as in nn.Sequential.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from empirical.models.normalized import Normalized


def two_convolutions(channels: int, width: int, features: int) -> nn.Sequential:
    """Two convolutions of stride 2, then 100 hidden units."""
    return nn.Sequential(
        *(nn.Conv2d(channels, width, 4, stride=2, padding=1), nn.ReLU()),
        *(nn.Conv2d(width, 2 * width, 4, stride=2, padding=1), nn.ReLU()),
        *(nn.Flatten(), nn.Linear(features, 100), nn.ReLU(), nn.Linear(100, 10)),
    )


class Block2B(nn.Module):
    """Two 3 x 3 convolutions with a bias; the shortcut is a 1 x 1 convolution where the stride is 2."""

    def __init__(self, inside: int, outside: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inside, outside, 3, stride=stride, padding=1)
        self.conv2 = nn.Conv2d(outside, outside, 3, padding=1)
        self.shortcut = nn.Sequential()
        if stride > 1:
            self.shortcut = nn.Sequential(nn.Conv2d(inside, outside, 1, stride=stride))

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(self.conv2(functional.relu(self.conv1(x))) + self.shortcut(x))


class ResNet2B(nn.Module):
    """A convolution and two residual blocks without batch normalisation."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, stride=2, padding=1)
        self.layer1 = nn.Sequential(Block2B(8, 16, 2), Block2B(16, 16, 1))
        self.linear1, self.linear2 = nn.Linear(1024, 100), nn.Linear(100, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = self.layer1(functional.relu(self.conv1(x))).flatten(1)
        logits: Tensor = self.linear2(functional.relu(self.linear1(x)))
        return logits


class Block20(nn.Module):
    """Two 3 x 3 convolutions with batch normalisation; a shortcut takes every second pixel and adds channels of 0."""

    def __init__(self, inside: int, outside: int) -> None:
        super().__init__()
        self.stride, self.added = (1, 0) if inside == outside else (2, (outside - inside) // 2)
        self.conv1 = nn.Conv2d(inside, outside, 3, stride=self.stride, padding=1, bias=False)
        self.conv2 = nn.Conv2d(outside, outside, 3, padding=1, bias=False)
        self.bn1, self.bn2 = nn.BatchNorm2d(outside), nn.BatchNorm2d(outside)

    def forward(self, x: Tensor) -> Tensor:
        moved = self.bn2(self.conv2(functional.relu(self.bn1(self.conv1(x)))))
        kept = functional.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, self.added, self.added))
        return functional.relu(moved + kept)


class ResNet20(nn.Module):
    """He et al. (2016) for CIFAR-10: three stages of three blocks, shortcuts of option A."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16)
        self.layer1, self.layer2, self.layer3 = (
            nn.Sequential(Block20(inside, outside), *(Block20(outside, outside) for _ in range(2)))
            for inside, outside in ((16, 16), (16, 32), (32, 64))
        )
        self.linear = nn.Linear(64, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = self.layer3(self.layer2(self.layer1(functional.relu(self.bn1(self.conv1(x))))))
        logits: Tensor = self.linear(x.mean(dim=(2, 3)))
        return logits


@dataclass(frozen=True)
class Public:
    """A published network: its file, how it is built, what it was trained on and its normalisation there."""

    file: str
    build: Callable[[], nn.Module]
    data: str  # mnist or cifar10
    mean: tuple[float, ...] = (0.0,)
    std: tuple[float, ...] = (1.0,)

    def load(self, folder: Path) -> nn.Module:
        """The network on pixels in [0, 1], in eval mode."""
        content = torch.load(folder / self.file, map_location="cpu", weights_only=True)
        weights = content.get("state_dict", content)
        weights = weights[0] if isinstance(weights, list) else weights
        network = self.build()
        network.load_state_dict({name.removeprefix("module."): value for name, value in weights.items()})
        return Normalized(network, self.mean, self.std).eval()


MEAN, STD = (0.485, 0.456, 0.406), (0.225, 0.225, 0.225)
"""Of most of the colour networks."""
PUBLIC = {
    "mnist, provable": Public("convex_adversarial_mnist.pth", lambda: two_convolutions(1, 16, 1568), "mnist"),
    "mnist, cnn-a": Public("mnist_cnn_a_adv.model", lambda: two_convolutions(1, 16, 1568), "mnist"),
    "cifar10, base": Public("cifar_base.pth", lambda: two_convolutions(3, 8, 1024), "cifar10", MEAN, STD),
    "cifar10, cnn-a": Public(
        "cifar_cnn_a_adv.model",
        lambda: two_convolutions(3, 16, 2048),
        *("cifar10", (0.4914, 0.4824, 0.4467), (0.2471, 0.2435, 0.2616)),
    ),
    "cifar10, resnet2b": Public("resnet2b.pth", ResNet2B, "cifar10", MEAN, STD),
    "cifar10, resnet20": Public("resnet20.th", ResNet20, "cifar10", MEAN, (0.229, 0.224, 0.225)),
}
