"""Random rotations and translations as one surface, exact moves, and what turning there and back leaves."""

import pytest
import torch

from empirical.compute.draws import Draws
from empirical.compute.forward import predict
from empirical.measurement import spatial
from empirical.transforms import moves
from empirical.transforms.resampling import quarter_turn, random_rotation


@pytest.fixture(scope="module")
def some(trained):
    model, held_out = trained
    return model, held_out.take(torch.arange(40))


def surface(model, data, angles, shifts, **more):
    return spatial.surface(
        model, data.images, data.indices, angles, shifts, **({"draws": 3, "seed": 0, "batch_size": 16} | more)
    )


def test_its_edge_is_the_random_rotation(some):
    """At shift 0 the answers are those to images turned by the rotation of the transforms, draw by draw."""
    model, data = some
    angles = (0.0, 30.0, 90.0)
    seen = surface(model, data, angles, (0, 2))[:, :, 0]
    for row, angle in enumerate(angles):
        for draw in range(3):
            turned = random_rotation(data.images, data.indices, angle, Draws(0, "rotation", draw))
            assert torch.equal(seen[:, row, draw].long(), predict(model, turned))


def test_nothing_moves_at_its_corner(some):
    model, data = some
    found = surface(model, data, (0.0, 60.0), (0, 3))
    assert bool((found[:, 0, 0] == predict(model, data.images)[:, None]).all())
    assert not torch.equal(found[:, 1, 0], found[:, 0, 0])
    assert not torch.equal(found[:, 0, 1], found[:, 0, 0])


def test_shifts_are_whole_pixels_all_equally_likely():
    """2,000 images with one white pixel: each of 25 places but for a chance of 1e-4 within 6 standard deviations."""
    images = torch.zeros(2000, 1, 9, 9)
    images[:, 0, 4, 4] = 1
    found = moves.moved(images, torch.arange(2000), 0.0, 2, seed=0, draw=0)
    assert bool(((found > 1 - 1e-6) | (found < 1e-6)).all())
    counts = found.round().sum(0)[0]
    assert float(counts.sum()) == 2000
    inner = counts[2:7, 2:7]
    assert float(inner.sum()) == 2000
    assert float((inner - 80).abs().max()) < 6 * (2000 * (1 / 25) * (24 / 25)) ** 0.5


def test_a_draw_is_the_same_share_of_every_range():
    images, indices = torch.rand(6, 1, 9, 9), torch.arange(6)
    again = moves.moved(images, indices, 40.0, 0, seed=3, draw=1)
    alone = moves.moved(images[4:5], indices[4:5], 40.0, 0, seed=3, draw=1)
    assert torch.allclose(again[4:5], alone, atol=1e-7)
    assert not torch.equal(again, moves.moved(images, indices, 40.0, 0, seed=3, draw=2))


def test_there_and_back_costs_less_than_the_rotation_itself(some):
    model, data = some
    angles = (0.0, 90.0)
    control = spatial.there_and_back(model, data.images, data.indices, angles, draws=3, seed=0, batch_size=16)
    answers = predict(model, data.images)[:, None]
    turned = surface(model, data, angles, (0,))[:, 1, 0]
    assert bool((control[:, 0] == answers).all())
    assert float((control[:, 1] == answers).double().mean()) > float((turned == answers).double().mean()) + 0.1


@pytest.mark.parametrize("name", moves.EXACT)
def test_exact_moves_only_move_pixels_and_are_undone(name):
    images = torch.rand(3, 2, 8, 8)
    moved = moves.exactly(images, name)
    assert torch.equal(moved.flatten(2).sort(2).values, images.flatten(2).sort(2).values)
    assert not torch.equal(moved, images)
    times = {"quarter turn": 4, "three quarter turns": 4, "rolled by a column": 8, "rolled by a row": 8}.get(name, 2)
    for _ in range(times - 1):
        moved = moves.exactly(moved, name)
    assert torch.equal(moved, images)


def test_oblong_images_have_no_quarter_turns():
    images = torch.rand(1, 1, 4, 6)
    assert [name for name in moves.EXACT if not moves.fits(images, name)] == ["quarter turn", "three quarter turns"]
    assert torch.equal(moves.exactly(images, "half turn"), quarter_turn(images, 2))
