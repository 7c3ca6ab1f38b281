"""What attacks report beyond images: DeepFool's distances, the rigid table, flow fields, schedules of steps."""

from itertools import islice

import pytest
import torch
from torch import nn

from empirical.attacks.apgd import APGD, spans
from empirical.attacks.deepfool import DeepFool
from empirical.attacks.flow import Flow, roughness
from empirical.attacks.integrated import Integrated
from empirical.attacks.pgd import PGD
from empirical.attacks.rigid import Rigid, moved
from empirical.attacks.square import Square
from empirical.compute.draws import Draws
from empirical.transforms.resampling import rigid
from tests.empirical.attacks.laws import is_as_strong_as
from tradeoff.shared import checks

DRAWS = Draws(0, "results")


def linear(classes: int, seed: int) -> tuple[nn.Module, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    weight, bias = torch.randn(classes, 50, generator=generator), torch.randn(classes, generator=generator)
    model = nn.Sequential(nn.Flatten(), nn.Linear(50, classes))
    with torch.no_grad():
        model[1].weight.copy_(weight)
        model[1].bias.copy_(bias)
    return model, weight, bias


@pytest.mark.parametrize("classes", [2, 3, 7, 15])
@pytest.mark.parametrize("std", [None, 0.3])
def test_deepfool_finds_the_exact_distance_on_linear_models(classes, std):
    """min_l |z_l - z_k| / ||w_l - w_k||, times 1.02 for the overshoot; in units of the std, divided by it."""
    model, weight, bias = linear(classes, seed=classes)
    images = torch.randn(40, 2, 5, 5, generator=torch.Generator().manual_seed(1))
    logits = images.flatten(1) @ weight.T + bias
    labels = logits.argmax(1)
    gaps = logits.gather(1, labels[:, None]) - logits
    distances = gaps / (weight[labels][:, None] - weight).norm(dim=2).clamp(min=1e-9)
    distances = distances.scatter(1, labels[:, None], float("inf")).min(1).values
    found = DeepFool(candidates=None, bounds=None, std=std).distances(model, images, labels)
    assert found.flipped.all()
    assert found.unflipped.rate == 0
    assert torch.allclose(found.norms, 1.02 * distances / (std or 1), rtol=1e-4)
    assert torch.equal(found.flipped, model(found.images).argmax(1) != labels)
    assert not torch.allclose(found.norms, distances / (std or 1), rtol=1e-2)


def test_deepfool_reports_what_a_fresh_pass_says(trained):
    model, data = trained
    images = data.images[:100]
    labels = model(images).argmax(1)
    found = DeepFool().distances(model, images, labels)
    with torch.no_grad():
        assert torch.equal(found.flipped, model(found.images).argmax(1) != labels)
    assert found.unflipped.hits <= 1
    assert torch.allclose(found.norms, (found.images - images).flatten(1).norm(dim=1))
    once = DeepFool(steps=1).distances(model, images, labels)
    assert once.unflipped.hits > 10  # one linearisation does not do, and is not reported as if it did
    assert torch.equal(once.flipped, model(once.images).argmax(1) != labels)


def test_deepfool_leaves_images_with_another_answer_alone(trained):
    model, data = trained
    labels = (model(data.images[:10]).argmax(1) + 1) % 10
    found = DeepFool().distances(model, data.images[:10], labels)
    assert found.norms.max() == 0
    assert found.flipped.all()


def test_deepfool_with_a_radius_shrinks_to_it(trained):
    model, data = trained
    labels = model(data.images[:50]).argmax(1)
    free, held = (DeepFool(eps).distances(model, data.images[:50], labels) for eps in (None, 1.0))
    assert held.norms.max() <= 1 + 1e-5
    assert (held.flipped == (free.norms <= 1)).float().mean() > 0.9
    assert 0 < held.unflipped.hits < 50


def literal_table(attack, model, images, labels, indices):
    """Image by image, transform by transform, from the table's own list."""
    table = attack.table(model, images, labels, indices, draws=DRAWS)
    right = torch.zeros_like(table.right)
    for i in range(len(images)):
        for j, (angle, dx, dy, flip) in enumerate(table.transforms[i].tolist()):
            one = rigid(images[i : i + 1], torch.tensor([angle]), torch.tensor([[dx, dy]]), torch.tensor([flip > 0]))
            with torch.no_grad():
                right[i, j] = model(one).argmax(1)[0] == labels[i]
    return table, right


def test_the_rigid_table_against_a_literal_loop(trained):
    model, data = trained
    images, labels, indices = data.images[:8], data.labels[:8], data.indices[:8]
    attack = Rigid(angle_deg=40, shift_px=2, flip=True, grid=(3, 2), k=6)
    table, right = literal_table(attack, model, images, labels, indices)
    assert table.right.shape == (8, 3 * 2 * 2 * 2 + 6)
    assert torch.equal(table.right, right)
    grid, drawn = right[:, :24], right[:, 24:]
    assert table.average().hits == drawn.sum()
    assert table.average().trials == 48
    assert table.worst_of(4).hits == sum(all(drawn[i, :4]) for i in range(8))
    assert table.per_sample().hits == sum(all(grid[i]) for i in range(8))
    transform, one_for_all = table.one_for_all()
    assert one_for_all.hits == min(int(grid[:, j].sum()) for j in range(24))
    angle, shift = transform[:1].expand(8), transform[1:3].expand(8, 2)
    with torch.no_grad():
        answers = model(rigid(images, angle, shift, (transform[3] > 0).expand(8))).argmax(1)
    assert int((answers == labels).sum()) == one_for_all.hits
    assert 0 < table.average().rate < 1
    assert table.per_sample().hits <= one_for_all.hits


def test_every_rigid_success_holds_for_the_returned_image(trained):
    model, data = trained
    images, labels, indices = data.images[:30], data.labels[:30], data.indices[:30]
    attack = Rigid(angle_deg=15, shift_px=1, grid=(5, 3), k=5)
    table = attack.table(model, images, labels, indices, draws=DRAWS)
    with torch.no_grad():
        right = model(attack(model, images, labels, indices, draws=DRAWS)).argmax(1) == labels
    assert torch.equal(right, table.right.all(1))
    assert 0 < right.sum() < 60


def test_rigid_transforms_stay_within_their_limits_and_hold_the_identity():
    model, _, _ = linear(3, 0)
    images = torch.rand(200, 2, 5, 5)
    attack = Rigid(angle_deg=20, shift_px=1.5, flip=True, grid=(5, 3), k=20)
    table = attack.table(model, images, torch.zeros(200, dtype=torch.int64), torch.arange(200), draws=DRAWS)
    assert table.transforms[..., 0].abs().max() == 20
    assert table.transforms[..., 1:3].abs().max() == 1.5
    assert table.transforms[:, 90:, 0].min() < -19 < 19 < table.transforms[:, 90:, 0].max()
    assert 0.4 < table.transforms[:, 90:, 3].mean() < 0.6  # 4,000 coins: 12 standard errors
    assert (table.transforms[0, :90] == 0).all(1).any()
    assert torch.equal(moved(images, torch.zeros(200, 4)), images)


def test_more_random_transforms_than_the_table_has_are_refused():
    model, _, _ = linear(3, 0)
    table = Rigid(k=2, grid=None).table(
        model, torch.rand(4, 2, 5, 5), torch.arange(4) % 3, torch.arange(4), draws=DRAWS
    )
    with pytest.raises(checks.InputError, match=r"k=3 must lie in 1\.\.2"):
        table.worst_of(3)


def test_roughness_by_hand():
    """One pixel of nine moved by (3, 4), length 5, in the corner: two neighbours, each pair twice."""
    field = torch.zeros(1, 2, 3, 3)
    field[0, :, 0, 0] = torch.tensor([3.0, 4.0])
    assert float(roughness(field)) == pytest.approx(20, abs=1e-4)
    field = torch.zeros(1, 2, 3, 3)
    field[0, :, 1, 1] = torch.tensor([3.0, 4.0])
    assert float(roughness(field)) == pytest.approx(40, abs=1e-4)
    assert float(roughness(torch.ones(1, 2, 3, 3))) == pytest.approx(0, abs=1e-4)


def test_flow_fields_stay_within_their_limit_and_weight_makes_them_smooth(trained):
    model, data = trained
    images, labels = data.images[:16], model(data.images[:16]).argmax(1)
    free, tight = (Flow(limit, tau=0).field(model, images, labels) for limit in (None, 0.5))
    assert tight.abs().max() <= 0.5 < free.abs().max()
    smooth = Flow(None, tau=0.02, steps=300).field(model, images, labels)
    assert roughness(smooth).mean() < 0.8 * roughness(free).mean()


def test_flow_fools_what_it_says(trained):
    model, data = trained
    images, labels, indices = data.images[:30], data.labels[:30], data.indices[:30]
    with torch.no_grad():
        stands = [
            (model(attack(model, images, labels, indices, draws=DRAWS)).argmax(1) == labels).float().mean()
            for attack in (Flow(), Flow(0.2), Integrated(angle_deg=5, shift_px=0.5, limit_px=0.2))
        ]
    assert stands[0] < 0.1
    assert stands[2] < stands[1]
    assert stands[1] > 0.3  # the limit is one


def test_the_integrated_attack_stays_within_its_limits(trained):
    model, data = trained
    some = data.take(torch.arange(40))
    attack = Integrated(angle_deg=5, shift_px=1, limit_px=0.3, steps=40)
    angle, shift, field, flip = attack.motion(model, some.images, some.labels, some.indices, draws=DRAWS)
    assert angle.abs().max() <= 5
    assert shift.abs().max() <= 1
    assert field.abs().max() <= 0.3
    assert not flip.any()
    alone = Rigid(angle_deg=5, shift_px=1, grid=None)
    is_as_strong_as(attack, alone, model, some.images, some.labels, some.indices)


def test_the_checkpoints_of_apgd_are_the_papers():
    """100 steps: p_0 = 0, p_1 = .22, p_{j+1} = p_j + max(p_j - p_{j-1} - .03, .06)."""
    assert list(islice(spans(100), 8)) == [22, 19, 16, 13, 10, 7, 6, 6]
    assert next(spans(3)) == 1


def test_the_squares_of_square_shrink_as_the_authors_say():
    """10,000 queries, p = .8 of 784 pixels; halved after 10, 50, 200, ..., 8,000."""
    attack = Square(0.1, queries=10_000)
    sides = [attack.side(query, 784) for query in (0, 10, 11, 51, 201, 501, 1001, 2001, 4001, 6001, 8001)]
    assert sides == [25, 25, 18, 13, 9, 6, 4, 3, 2, 2, 1]


def test_apgd_is_not_weaker_than_pgd_with_the_same_steps(trained):
    """Croce & Hein's reason for it; 100 images, both losses that the paper compares."""
    model, data = trained
    some = data.take(torch.arange(100))
    for loss in ("cross_entropy", "dlr"):
        attack, baseline = APGD(0.08, 20, loss=loss), PGD(0.08, 20, loss=loss)
        is_as_strong_as(attack, baseline, model, some.images, some.labels, some.indices)
