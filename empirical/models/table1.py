"""Table 1 of Kamath et al.: the MNIST networks, for 28 x 28 grey images.

    StdCNN  Conv(10,3,3) Conv(10,3,3) MaxPool Conv(20,3,3) Conv(20,3,3) MaxPool FC(50) Dropout(0.5) FC(10)
    GCNN    the same with P4ConvZ2, P4ConvP4 and spatial max pooling of each plane

All convolutions are unpadded (28-26-24-12-10-8-4) and followed by ReLU. The networks return logits.
"""

from __future__ import annotations

from torch import nn

from empirical.models.p4 import InvariantPool, P4Conv, P4Lift, PlanePool


def std_cnn() -> nn.Module:
    """StdCNN, 23,010 parameters."""
    return nn.Sequential(
        *(nn.Conv2d(1, 10, 3), nn.ReLU(), nn.Conv2d(10, 10, 3), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(10, 20, 3), nn.ReLU(), nn.Conv2d(20, 20, 3), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), *_head(20 * 4 * 4)),
    )


def p4_cnn_flat() -> nn.Module:
    """GCNN as in the code that the paper cites, all planes into FC(50): equivariant, not invariant; 89,910."""
    return nn.Sequential(*_p4_features(), nn.Flatten(), *_head(20 * 4 * 4 * 4))


def p4_cnn_pooled() -> nn.Module:
    """GCNN with the maximum over orientations and places before FC(50): exactly invariant to quarter turns; 26,910."""
    return nn.Sequential(*_p4_features(), InvariantPool(), *_head(20))


def _p4_features() -> list[nn.Module]:
    return [
        *(P4Lift(1, 10, 3), nn.ReLU(), P4Conv(10, 10, 3), nn.ReLU(), PlanePool()),
        *(P4Conv(10, 20, 3), nn.ReLU(), P4Conv(20, 20, 3), nn.ReLU(), PlanePool()),
    ]


def _head(features: int) -> list[nn.Module]:
    return [nn.Linear(features, 50), nn.ReLU(), nn.Dropout(0.5), nn.Linear(50, 10)]
