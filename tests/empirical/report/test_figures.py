from dataclasses import replace

import matplotlib
import numpy as np
import pytest
import torch

from empirical.report.figures import adversarial_examples
from empirical.report.figures import profiles as measured_figures
from empirical.report.figures.rotation import rotation_convention
from empirical.statistics.over_seeds import networks
from tests.empirical.small_runs import IMAGES, changed, measured, without
from tradeoff.shared import checks, drawing, figure_data


def several(count: int):
    """So many networks by name; some are the same under another name."""
    kinds = ("plain", "turned")
    return networks([replace(measured(kinds[k % 2]), name=f"net{k}", run=f"run{k}") for k in range(count)])


def panel_of(sheet, word: str):
    return next(panel for panel in sheet.panels if panel.title.startswith(word))


def drawn(panel, *kinds: str):
    return [curve for curve in panel.curves if curve.kind in kinds]


@pytest.mark.parametrize("count", [1, 3])
def test_profiles_hold_every_curve(count):
    sheet = measured_figures.profiles(several(count))
    assert [panel.title.split(":")[0] for panel in sheet.panels] == ["robustness", "rotation", "translation"]
    curves = [len(drawn(panel, "line", "dashed", "dotted")) for panel in sheet.panels]
    assert curves == [2 * count, 2 * count, count]
    bands = 2 * count if count == 1 else count
    assert [len(drawn(panel, "band")) for panel in sheet.panels] == [bands, bands, count]
    legend = [text.get_text() for text in drawing.draw(sheet).legends[0].get_texts()]
    assert legend == [f"net{k}" for k in range(count)]


def test_curves_are_the_rates():
    found = measured()
    panel = panel_of(measured_figures.profiles(networks([found])), "robustness")
    stands, right = found.samples["robustness.unfooled"], found.right[:, None]
    (solid,), (dashed,) = drawn(panel, "line"), drawn(panel, "dashed")
    assert solid.x == pytest.approx(found.plan.eps)
    assert solid.y == pytest.approx(stands.double().mean(dim=0).tolist())
    assert dashed.y == pytest.approx((stands & right).double().mean(dim=0).tolist())
    assert (solid.label, dashed.label, dashed.look) == ("plain", "", "plain")


def test_rotation_has_its_control_dotted():
    found = measured()
    (control,) = drawn(panel_of(measured_figures.profiles(networks([found])), "rotation"), "dotted")
    same = found.samples["control.answers"] == found.answers[:, None, None]
    assert control.y == pytest.approx(same.double().mean(dim=(0, 2)).tolist())


def test_translation_begins_where_nothing_moves():
    (curve,) = drawn(panel_of(measured_figures.profiles(networks([measured()])), "translation"), "line")
    assert curve.x == (0.0, 1.0, 2.0)
    assert curve.y[0] == 1.0


def test_bands_are_the_intervals():
    network = networks([measured()])[0]
    band = drawn(panel_of(measured_figures.profiles([network]), "rotation"), "band")[0]
    value = network.at("invariance", 180.0)
    at = band.x.index(180.0)
    assert (band.low[at], band.high[at]) == pytest.approx((value.interval.low, value.interval.high))


def test_bands_of_several_seeds_are_over_seeds():
    sheet = measured_figures.profiles(networks([measured("plain", seed) for seed in (0, 1)]))
    rates = [float(measured("plain", seed).samples["robustness.unfooled"][:, 2].double().mean()) for seed in (0, 1)]
    panel = panel_of(sheet, "robustness")
    mean = sum(rates) / 2
    assert drawn(panel, "line")[0].y[2] == pytest.approx(mean)
    band = drawn(panel, "band")[0]
    half = 12.70620474 * abs(rates[0] - rates[1]) / 2  # t with one degree of freedom
    assert band.x[2] == 0.05
    assert (band.low[2], band.high[2]) == pytest.approx((max(mean - half, 0.0), min(mean + half, 1.0)), abs=1e-6)
    assert "over training seeds" in sheet.title
    assert {curve.label for curve in panel.curves} == {"", "plain (2 seeds)"}


def test_every_network_has_a_look_of_its_own():
    """As many as one figure may hold, apart by colour or marker; the first ten by both."""
    figure = drawing.draw(measured_figures.profiles(several(measured_figures.MOST)))
    looks = [(handle.get_color(), handle.get_marker()) for handle in figure.legends[0].legend_handles]
    assert len(set(looks)) == measured_figures.MOST == 64
    assert len({colour for colour, _ in looks[:10]}) == len({marker for _, marker in looks[:10]}) == 10


def test_what_was_not_measured_is_not_drawn():
    sheet = measured_figures.profiles(networks([without(measured(), "moves", "control", "joint")]))
    assert [panel.title.split(":")[0] for panel in sheet.panels] == ["robustness"]
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
    titles = [panel.title for panel in measured_figures.joint(several(count)).panels]
    assert [title.split("\n")[0] for title in titles] == [f"net{k // 2}" for k in range(2 * count)]
    assert ["then attacked" in title for title in titles] == [True, False] * count


def test_cells_hold_rates():
    """Rows are ranges, 0 at the bottom, columns eps; joint is what the attack found, union the mean over draws."""
    found = measured()
    joint, union = (panel.curves[0] for panel in measured_figures.joint(networks([found])).panels)
    assert joint.y_names == ("±180°", "±60°", "0°")
    assert joint.x_names == ("0", "0.02", "0.05", "0.2")
    assert joint.rows[0][2] == pytest.approx(float(found.samples["joint.unfooled"][:, 1, 2].double().mean()))
    same = found.samples["moves.answers"][:, 1, 0] == found.answers[:, None]
    both = same & found.samples["robustness.unfooled"][:, 1, None]
    assert union.rows[1][1] == pytest.approx(float(both.double().mean()))


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
    assert figure.axes[0].get_title().split()[:2] == ["label", "class"]


def test_a_sheet_needs_images_that_were_kept():
    found = measured()
    samples = {name: values for name, values in found.samples.items() if "adversarial" not in name}
    bare = networks([replace(found, samples=samples)])
    assert adversarial_examples.why_not(bare) == "adversarial images of plain were not kept"
    with pytest.raises(checks.InputError, match="were not kept; measure with keep_adversarial"):
        adversarial_examples.sheet(bare)
    stands = changed(found, robustness__nearest=torch.full((IMAGES,), float("inf")))
    assert "no image that is classified correctly was fooled" in adversarial_examples.why_not(networks([stands]))


@pytest.mark.parametrize("build", [measured_figures.profiles, measured_figures.joint])
def test_figures_are_drawn_from_their_files_and_have_the_same_bytes_again(build):
    first, second = (dict(drawing.files(build(several(2)))) for _ in range(2))
    assert first == second
    (name,) = [name for name in first if name.endswith(".jsonl")]
    again = figure_data.from_lines(first[name])
    assert drawing.encode(drawing.draw(again), "svg") == first[name.replace("jsonl", "svg")]


def test_the_sheet_of_examples_has_the_same_bytes_again():
    first, second = (drawing.encode(adversarial_examples.sheet(several(2)), "png") for _ in range(2))
    assert first == second


def test_any_name_of_a_class_can_be_drawn_whatever_the_settings_of_the_user():
    found = measured()
    names = tuple(f"$x_{{$ \x1b[2J{k}" for k in range(10))
    data = replace(found.data, name="a\nFLAG\udcff $y^{$", class_names=names)
    with matplotlib.rc_context({"text.usetex": True}):
        figure = adversarial_examples.sheet(networks([replace(found, data=data)]))
        assert drawing.encode(figure, "png")
        assert drawing.encode(rotation_convention(), "png")
    assert r"(a\nFLAG\xff $y^{$)" in figure.get_suptitle().replace("\n", " ")


def test_a_class_without_a_name_is_shown_by_its_number():
    """A network may know more classes than the folder of images has."""
    found = measured()
    known = found.data.labels < 2
    data = replace(found.data.take(known.nonzero()[:, 0]), classes=2, class_names=("zero", "one"))
    assert [data.class_name(label) for label in (0, 1, 2, 9)] == ["zero", "one", "2", "9"]
    samples = {name: values[known] if len(values) == len(known) else values for name, values in found.samples.items()}
    few = replace(found, data=data, samples=samples | {"robustness.adversarial_answers": torch.full((len(data),), 9)})
    titles = [axes.get_title() for axes in adversarial_examples.sheet(networks([few])).axes]
    assert any(title.startswith("label zero") for title in titles)
    assert any(title.startswith("9, ") for title in titles)
