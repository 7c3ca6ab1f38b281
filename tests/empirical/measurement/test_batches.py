"""Large images come fewer at a time, so that the memory does not follow their number."""

import pytest
import torch
from torch import nn

from empirical.data.images import ImageSet
from empirical.measurement import batches
from empirical.measurement import run as measurement
from empirical.measurement.plan import PARTS, Plan
from empirical.measurement.quantities import MEASURED

CPU = torch.device("cpu")


class Colours(nn.Module):
    """The mean of each colour."""

    def forward(self, images):
        self.most = max(getattr(self, "most", 0), len(images))
        return images.mean(dim=(2, 3))


def one(*shape: int) -> torch.Tensor:
    return torch.empty(1, *shape, device="meta")


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 32, 32), (3, 224, 224), (3, 2048, 2048), (1, 1, 1)])
def test_a_batch_holds_few_numbers_and_a_piece_holds_a_batch(shape):
    size = batches.usual_batch_size(CPU, one(*shape))
    assert 1 <= size <= batches.chunk(one(*shape)) <= batches.CHUNK
    numbers = size * one(*shape).numel()
    assert size == 1 or numbers <= batches.AT_MOST


def test_a_device_takes_a_piece_at_once():
    assert batches.usual_batch_size(torch.device("cuda"), one(3, 1024, 1024)) == 8


def test_large_images_are_measured_one_by_one_in_small_pieces(monkeypatch):
    seen = []

    def recorded(job):
        seen.append((len(job.data), job.batch_size))
        return {"norms": torch.ones(len(job.data)), "flipped": torch.ones(len(job.data), dtype=torch.bool)}

    monkeypatch.setitem(MEASURED, "distance", recorded)
    rows = torch.arange(9)
    shades = torch.rand(9, 3, 1, 1, generator=torch.Generator().manual_seed(0))
    data = ImageSet("large", "0", 3, shades.expand(-1, -1, 1024, 1024), rows % 3, rows)
    model = Colours()
    measurement.run(model, data, Plan(skip=tuple(part for part in PARTS if part != "distance")))
    assert seen == [(8, 1), (1, 1)]
    assert model.most == 1


def test_pieces_of_another_length_are_made_again(monkeypatch, tmp_path, trained):
    """Such as those of a version that cut a run otherwise."""
    model, held_out = trained
    some, plan = held_out.take(torch.arange(20)), Plan(eps=(0.1,), steps=2, search_steps=2, queries=9, skip=PARTS[1:])
    expected = measurement.run(model, some, plan).samples
    monkeypatch.setattr(batches, "CHUNK", 7)
    monkeypatch.setattr(measurement.Journal, "finish", lambda journal: {})
    measurement.run(model, some, plan, folder=tmp_path)  # ends with its pieces on file
    monkeypatch.undo()
    again = measurement.run(model, some, plan, folder=tmp_path).samples
    assert all(torch.equal(again[name], expected[name]) for name in expected if name != "robustness.evaluations")
    assert again.keys() == expected.keys()
