from dataclasses import replace

import numpy as np
import pytest
import torch
from matplotlib.colors import to_rgb

from empirical.report.figures import adversarial_examples
from empirical.report.figures import profiles as measured_figures
from empirical.statistics.over_seeds import networks
from tests.empirical.small_runs import IMAGES, changed, measured, without
from tradeoff.shared import checks
from tradeoff.shared import drawing as pictures


def several(count: int):
    """So many networks by name; some are the same under another name."""
    kinds = ("plain", "turned")
    return networks([replace(measured(kinds[k % 2]), name=f"net{k}", run=f"run{k}") for k in range(count)])


def axes_of(figure, title: str):
    return next(axes for axes in figure.axes if title in axes.get_title())


def curve(axes, label: str):
    (line,) = [line for line in axes.lines if line.get_label() == label]
    return line


@pytest.mark.parametrize("count", [1, 3])
def test_profiles_hold_every_curve(count):
    figure = measured_figures.profiles(several(count))
    assert [axes.get_title() for axes in figure.axes] == ["robustness", "rotation", "translation"]
    assert [len(axes.lines) for axes in figure.axes] == [2 * count, 2 * count, count]
    legend = [text.get_text() for text in figure.legends[0].get_texts()]
    assert legend == [f"net{k}" for k in range(count)]
    bands = 2 * count if count <= 2 else count
    assert [len(axes.collections) for axes in figure.axes] == [bands, bands, count]


def test_curves_are_the_rates():
    found = measured()
    axes = axes_of(measured_figures.profiles(networks([found])), "robustness")
    stands = found.samples["robustness.standing"]
    solid = curve(axes, "plain: answer stays (1 - fooling rate)")
    dashed = curve(axes, "plain: answer stays and is right (adversarial accuracy)")
    assert solid.get_xdata() == pytest.approx(found.plan.eps)
    assert solid.get_ydata() == pytest.approx(stands.double().mean(dim=0).tolist())
    right = found.right[:, None]
    assert dashed.get_ydata() == pytest.approx((stands & right).double().mean(dim=0).tolist())
    assert (solid.get_linestyle(), dashed.get_linestyle()) == ("-", "--")


def test_rotation_has_its_control_dotted():
    found = measured()
    axes = axes_of(measured_figures.profiles(networks([found])), "rotation")
    control = curve(axes, "plain: turned and turned back: an indication of blur")
    same = found.samples["control.answers"] == found.answers[:, None, None]
    assert control.get_linestyle() == ":"
    assert control.get_ydata() == pytest.approx(same.double().mean(dim=(0, 2)).tolist())


def test_translation_begins_where_nothing_moves():
    axes = axes_of(measured_figures.profiles(networks([measured()])), "translation")
    (line,) = axes.lines
    assert list(line.get_xdata()) == [0.0, 1.0, 2.0]
    assert line.get_ydata()[0] == 1.0


def test_bands_are_the_intervals():
    network = networks([measured()])[0]
    axes = axes_of(measured_figures.profiles([network]), "rotation")
    value = network.at("invariance", 180.0)
    ends = axes.collections[0].get_paths()[0].vertices
    at = ends[ends[:, 0] == 180.0][:, 1]
    assert (at.min(), at.max()) == pytest.approx((value.interval.low, value.interval.high))


def test_bands_of_several_seeds_are_over_seeds():
    figure = measured_figures.profiles(networks([measured("plain", seed) for seed in (0, 1)]))
    rates = [float(measured("plain", seed).samples["robustness.standing"][:, 2].double().mean()) for seed in (0, 1)]
    axes = axes_of(figure, "robustness")
    assert axes.lines[0].get_ydata()[2] == pytest.approx(sum(rates) / 2)
    ends = axes.collections[0].get_paths()[0].vertices
    at = ends[ends[:, 0] == 0.05][:, 1]
    half = 12.70620474 * abs(rates[0] - rates[1]) / 2  # t with one degree of freedom
    assert (at.min(), at.max()) == pytest.approx(
        (max(sum(rates) / 2 - half, 0.0), min(sum(rates) / 2 + half, 1.0)), abs=1e-6
    )
    assert "over training seeds" in figure.get_suptitle()
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["plain (2 seeds)"]


def test_every_network_has_a_style_of_its_own():
    styles = [measured_figures.style(number) for number in range(measured_figures.MOST)]
    assert len(set(styles)) == measured_figures.MOST == 64
    first = styles[:8]
    assert len({color for color, _ in first}) == len({marker for _, marker in first}) == 8
    distances = [
        np.linalg.norm(np.subtract(to_rgb(one), to_rgb(two)))
        for k, (one, _) in enumerate(first)
        for two, _ in first[:k]
    ]
    assert min(distances) > 0.25  # vermilion and orange, .26


def test_what_was_not_measured_is_not_drawn():
    figure = measured_figures.profiles(networks([without(measured(), "moves", "control", "joint")]))
    assert [axes.get_title() for axes in figure.axes] == ["robustness"]
    bare = networks([without(measured(), "moves", "control", "joint", "robustness", "audit")])
    with pytest.raises(checks.InputError, match="measure at one more place"):
        measured_figures.profiles(bare)
    with pytest.raises(checks.InputError, match="needs the part joint"):
        measured_figures.joint(bare)


def test_too_many_networks_are_refused():
    found = networks([replace(measured(), name=f"net{k}") for k in range(65)])
    with pytest.raises(checks.InputError, match="at most 64 networks apart, and there are 65"):
        measured_figures.profiles(found)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_joint_and_union_stand_side_by_side(count):
    figure = measured_figures.joint(several(count))
    titles = [axes.get_title() for axes in figure.axes if axes.get_title()]
    assert [title.split("\n")[0] for title in titles] == [f"net{k // 2}" for k in range(2 * count)]
    assert ["attacked after" in title for title in titles] == [True, False] * count


def test_cells_hold_percentages():
    """Rows are ranges, columns eps; joint is what the attack found, union the mean over draws of both."""
    found = measured()
    joint, union = measured_figures.joint(networks([found])).axes[:2]
    cells = {text.get_position(): text.get_text() for text in joint.texts}
    assert len(cells) == 3 * 4
    expected = 100 * float(found.samples["joint.standing"][:, 1, 2].double().mean())
    assert cells[2, 2] == f"{expected:.0f}"
    assert [label.get_text() for label in joint.get_yticklabels()] == ["0°", "±60°", "±180°"]
    assert [label.get_text() for label in joint.get_xticklabels()] == ["0", "0.02", "0.05", "0.2"]
    same = found.samples["moves.answers"][:, 1, 0] == found.answers[:, None]
    both = same & found.samples["robustness.standing"][:, 1, None]
    cells = {text.get_position(): text.get_text() for text in union.texts}
    assert cells[1, 1] == f"{100 * float(both.double().mean()):.0f}"


def test_the_sheet_shows_images_answers_and_sizes():
    found = measured()
    figure = adversarial_examples.sheet(networks([found]))
    axes = np.array(figure.axes).reshape(3, -1)
    sizes = [float(one.get_title().split(", ")[1]) for one in axes[1]]
    assert sizes == sorted(sizes)
    assert axes.shape[1] == 8
    for column in range(8):
        original, moved, added = (one.images[0].get_array() for one in axes[:, column])
        (row,) = [k for k in range(IMAGES) if np.allclose(found.data.images[k, 0].numpy(), original)]
        assert axes[0, column].get_title() == f"label {int(found.data.labels[row])}"
        assert axes[1, column].get_title().split(", ")[0] == str(
            int(found.samples["robustness.adversarial_answers"][row])
        )
        assert np.abs(moved - original).max() == pytest.approx(
            float(found.samples["robustness.nearest"][row]), abs=1e-6
        )
        largest = np.abs(moved - original).max()
        assert np.allclose(added, 0.5 + (moved - original) / (2 * largest), atol=1e-5)


def test_the_sheet_of_two_networks_has_the_same_images():
    figure = adversarial_examples.sheet(several(2))
    axes = np.array(figure.axes).reshape(5, -1)
    assert [one.get_ylabel() for one in axes[:, 0]] == ["original", "net0", "added, scaled", "net1", "added, scaled"]
    right = measured("plain").right & measured("turned").right
    for one in axes[0]:
        (row,) = [
            k for k in range(IMAGES) if np.allclose(measured().data.images[k, 0].numpy(), one.images[0].get_array())
        ]
        assert bool(right[row])


def test_images_that_stand_are_said_to_stand():
    found = measured()
    nearest = found.samples["robustness.nearest"].clone()
    nearest[:] = float("inf")
    other = replace(changed(measured("turned"), robustness__nearest=nearest), name="strong")
    figure = adversarial_examples.sheet(networks([found, other]))
    axes = np.array(figure.axes).reshape(5, -1)
    notes = [one.texts[0].get_text() for one in axes[3]]
    assert set(notes) <= {"not fooled"} | {f"answers\n{k}" for k in range(10)}
    assert "not fooled" in notes


def test_colours_are_drawn_as_colours_and_classes_by_name():
    found = measured()
    names = tuple(f"class {k}" for k in range(10))
    images = found.data.images.expand(-1, 3, -1, -1) * torch.tensor([1.0, 0.5, 0.2])[:, None, None]
    moved = found.samples["robustness.adversarial"].expand(-1, 3, -1, -1) * 0.9
    data = replace(found.data, images=images, class_names=names)
    figure = adversarial_examples.sheet(networks([replace(changed(found, robustness__adversarial=moved), data=data)]))
    assert figure.axes[0].images[0].get_array().shape == (28, 28, 3)
    assert figure.axes[0].get_title().startswith("label class ")


def test_a_sheet_needs_images_that_were_kept():
    found = measured()
    samples = {name: values for name, values in found.samples.items() if "adversarial" not in name}
    bare = networks([replace(found, samples=samples)])
    assert adversarial_examples.why_not(bare) == "adversarial images of plain were not kept"
    with pytest.raises(checks.InputError, match="were not kept; measure with keep_adversarial"):
        adversarial_examples.sheet(bare)
    stands = changed(found, robustness__nearest=torch.full((IMAGES,), float("inf")))
    assert "no image that is classified correctly was fooled" in adversarial_examples.why_not(networks([stands]))


OTHERS = pytest.mark.slow(twin="test_figures_have_the_same_bytes_again")


@pytest.mark.parametrize(
    ("draw", "kind"),
    [
        (measured_figures.profiles, "svg"),
        (measured_figures.joint, "png"),
        pytest.param(measured_figures.profiles, "png", marks=OTHERS),
        pytest.param(measured_figures.joint, "svg", marks=OTHERS),
        pytest.param(adversarial_examples.sheet, "png", marks=OTHERS),
        pytest.param(adversarial_examples.sheet, "svg", marks=OTHERS),
    ],
)
def test_figures_have_the_same_bytes_again(draw, kind):
    assert pictures.encode(draw(several(2)), kind) == pictures.encode(draw(several(2)), kind)
