"""Networks with a known worst case, and a loader: needs torch alone, so this file can be taken along by itself.

network, facts = load("f_star-plain.safetensors")    # images (n, 1, side, side) in [0, 1] -> logits (n, 2)
data, about = load_tensors("images.safetensors")     # images, labels, and for each rule its worst scores
foolbox.PyTorchModel(network, bounds=(0, 1))         # eps: json.loads(about["eps"]), for the scaled radii .5, 1, 1.5
"""

import hashlib
import json

import torch
from torch import Tensor, nn

DTYPES = {"F32": torch.float32, "F64": torch.float64, "I64": torch.int64}


class KnownAnswer(nn.Module):
    """A rule of the model's law, plain or disguised; ``facts`` has disguise, signal, bias, spread, levels, ..."""

    def __init__(self, tensors: dict[str, Tensor], facts: dict[str, str]) -> None:
        super().__init__()
        for name, tensor in tensors.items():
            self.register_buffer(name, tensor)
        self.disguise, self.kind = facts["disguise"], next(n for n in ("orbit", "hidden", "weights") if n in tensors)
        self.number = {name: float(facts[name]) for name in NUMBERS}

    def forward(self, images: Tensor) -> Tensor:
        number, centre = self.number, images[:, 0, images.shape[2] // 2, images.shape[3] // 2]
        x = (images.flatten(1) - 0.5) * number["spread"]
        if self.disguise == "dead_zone":  # flat around each pixel level, linear in between
            step = number["spread"] / number["levels"]
            place = x / step + number["levels"] / 2  # levels are counted from pixel 0
            away = place - place.round()
            moved = torch.sign(away) * torch.relu(away.abs() - number["dead"]) / (1 - 2 * number["dead"])
            x = (place.round() + moved - number["levels"] / 2) * step
        score = self.score(x) + number["bias"] * torch.where(centre >= 0.5, 1.0, -1.0).to(x.dtype)
        if self.disguise == "cubed":
            score = score**3
        elif self.disguise == "saturated":
            score = number["steep"] * score
        elif self.disguise == "masked":  # stairs: right on every step, and flat
            score = (torch.floor(score / number["stair"]) + 0.5) * number["stair"] + 0 * score
        return torch.stack([-score / 2, score / 2], dim=1)

    def score(self, x: Tensor) -> Tensor:
        if self.kind == "orbit":
            scaled = self.number["signal"] * (x @ self.get_buffer("orbit").T)
            return torch.logsumexp(scaled, dim=1) - torch.logsumexp(-scaled, dim=1)
        if self.kind == "hidden":
            hidden = x @ self.get_buffer("hidden").T
            return (torch.relu(hidden) - torch.relu(-hidden)) @ self.get_buffer("outer")
        return x @ self.get_buffer("weights")


NUMBERS = ("signal", "bias", "spread", "levels", "dead", "steep", "stair")


def load_tensors(path: str) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The tensors of a safetensors file and its metadata; nothing is unpickled. ValueError for a damaged file."""
    with open(path, "rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        data = file.read()
    stored = header.get("__metadata__", {}).pop("sha256", None)  # of all else: the header, sorted, and the numbers
    text = json.dumps(header, sort_keys=True, separators=(",", ":")).encode()
    if stored != hashlib.sha256(text + data).hexdigest():
        raise ValueError(f"{path} is not what was written (its SHA-256 is another one); get it again")
    facts = header.pop("__metadata__")
    tensors = {}
    for name, spec in header.items():
        part = bytearray(data[slice(*spec["data_offsets"])])
        tensors[name] = torch.frombuffer(part, dtype=DTYPES[spec["dtype"]]).reshape(spec["shape"])
    return tensors, facts


def load(path: str) -> tuple[KnownAnswer, dict[str, str]]:
    """The network of a file, and what is known about it."""
    tensors, facts = load_tensors(path)
    return KnownAnswer(tensors, facts).eval(), facts
