"""A measurement in words: what the numbers of one network mean, with counts, 95 % intervals, and raised flags first.

Several networks follow as a table with their differences (`report.text.comparison`).
"""

from __future__ import annotations

from collections.abc import Sequence

from empirical.measurement.run import Measured
from empirical.report.formatting import counted, eps_text, sentence, spread, table
from empirical.report.text.audit import audit, cost
from empirical.report.text.comparison import compared
from empirical.statistics import headline
from empirical.statistics.over_seeds import Network, Value, networks
from empirical.statistics.readings import flipped
from empirical.transforms import moves
from empirical.validation.flags import Flag

MOST_ROWS = 7
"""Places of a profile that are written out; the others stand in the records."""


def text(found: Sequence[Measured], flags: Sequence[Sequence[Flag]]) -> str:
    """All networks, each for itself, then compared; ``flags`` holds those of each run, none where none was looked for.

    Raises
    ------
    InputError
        If the runs were not measured on the same images in the same way, or one comes twice.
    """
    groups = networks(found)
    of = {id(run): seen for run, seen in zip(found, flags, strict=True)}
    parts = [one(network, [of[id(run)] for run in network.runs]) for network in groups]
    return "\n\n".join([*parts, *([compared(groups)] if len(groups) > 1 else [])]) + "\n"


def one(network: Network, flags: Sequence[Sequence[Flag]]) -> str:
    """One network, its training seeds put together; ``flags`` holds those of each."""
    lines = [_title(network), *_failed(network), *_flags(network, flags)]
    for part in (_clean, _attack, _rotation, _translation, _exact, _distance, _together, audit, cost):
        lines += part(network)
    return "\n".join(lines)


def _title(network: Network) -> str:
    data, runs = network.first.data, network.runs
    seeds = [run.training_seed for run in runs]
    trained = "" if None in seeds else f", training seed{'s' if len(seeds) > 1 else ''} {', '.join(map(str, seeds))}"
    ids = f"run {runs[0].run}" if len(runs) == 1 else f"{len(runs)} runs"
    over = "images" if len(runs) == 1 else "training seeds (Student's t)"
    return f"{network.name} ({ids}{trained}): {len(data):,} images of {data.name}; 95 % intervals over {over}"


def _failed(network: Network) -> list[str]:
    """What could not be measured, and why."""
    return [
        sentence(f"!!! NOT MEASURED (run {run.run}): {part}, because {reason}.")
        for run in network.runs
        for part, reason in run.failed.items()
    ]


def _flags(network: Network, flags: Sequence[Sequence[Flag]]) -> list[str]:
    """What is raised, loudly; then how many checks were made."""
    lines = []
    for run, seen in zip(network.runs, flags, strict=True):
        where = f" (run {run.run})" if len(network.runs) > 1 else ""
        lines += [sentence(f"!!! {flag.name.upper()}{where}: {flag.text}") for flag in seen if flag.raised]
    every = [flag for seen in flags for flag in seen]
    if not every:
        return [*lines, sentence("Sanity checks: none were made.")]
    raised, asked = sum(flag.raised for flag in every), sum(flag.asked for flag in every)
    left = sorted({flag.name for flag in every if not flag.asked})
    rest = f"; not asked: {', '.join(left)}" if left else ""
    said = f"{raised} RAISED, see above" if raised else "none raised"
    return [*lines, sentence(f"Sanity checks: {asked} made, {said}{rest}.")]


def _clean(network: Network) -> list[str]:
    value = network.at("clean_accuracy")
    assert value is not None
    return [sentence(f"Clean accuracy {counted(value)}.")]


def _attack(network: Network) -> list[str]:
    grid, unfooled = network.profile("one_minus_fooling")
    if not grid:
        return []
    rows = []
    for eps, value in _some(grid[1:], unfooled[1:]):
        right = network.at("adversarial_accuracy", eps)
        given = network.at("one_minus_fooling_given_correct", eps)
        rows.append([eps_text(eps), counted(value), *(spread(other) if other else "-" for other in (right, given))])
    if not rows:
        return []
    plan = network.first.plan
    how = f"{plan.attack_schedule} schedule, {plan.steps} steps"
    return [
        sentence(f"Under attack (l_inf, eps on the [0, 1] pixel scale; {how}), shares of images{_left_out(grid)}:"),
        *table(["eps", "answer stays (1 - fooling)", "stays and is right", "stays, of the right ones"], rows),
    ]


def _rotation(network: Network) -> list[str]:
    """With the control: an indication of how much of what rotation costs is interpolation's (`readings`)."""
    grid, same = network.profile("invariance")
    rows = []
    for angle, value in _some(grid[1:], same[1:]):
        right, back = network.at("spatial_accuracy", angle), network.at("resampling_control", angle)
        rows.append(
            [
                f"±{angle:g}°",
                spread(value),
                spread(right) if right else "-",
                spread(back) if back else "-",
                _blame(value, back),
            ]
        )
    if not rows:
        return []
    draws = network.first.plan.draws
    return [
        sentence(
            f"Rotation, {draws} random {_plural('angle', draws)} of each image (turned and turned back it is upright "
            "and interpolated twice: an indication of what blur costs, blind to a network that minds blur on turned "
            f"images alone){_left_out(grid)}:"
        ),
        *table(
            ["range", "answer stays (invariance)", "is right", "turned and back: stays", "blur, an indication"], rows
        ),
    ]


def _blame(value: Value, back: Value | None) -> str:
    """The share of the loss that turning there and back has, too; no bound, since the image is upright there."""
    if back is None or value.value == 1:
        return "-"
    return f"{100 * min((1 - back.value) / (1 - value.value), 1.0):.0f} % of loss"


def _translation(network: Network) -> list[str]:
    grid, same = network.profile("translation_invariance")
    rows = []
    for shift, value in _some(grid, same):
        right, both = network.at("translation_accuracy", shift), None
        angle = headline.angle([network])
        if angle is not None:
            both = network.at("rigid_invariance", angle, shift)
        rows.append(
            [f"±{shift:g} px", spread(value), *([spread(right)] if right else ["-"]), spread(both) if both else "-"]
        )
    if not rows:
        return []
    turned = headline.angle([network])
    head = ["range", "answer stays (invariance)", "is right", f"turned ±{turned:g}°, too: stays" if turned else "-"]
    draws = network.first.plan.draws
    said = f"Translation, {draws} random {_plural('shift', draws)} of each image by whole pixels{_left_out(grid)}:"
    return [sentence(said), *table(head, rows)]


def _exact(network: Network) -> list[str]:
    parts = []
    for name in moves.EXACT:
        word = name.replace(" ", "_")
        same, defect = network.at(f"{word}_invariance"), network.at(f"{word}_defect")
        if same is not None:
            parts.append(f"{name} {same.value:.3f}" + (f" ({defect.value:.2f})" if defect else ""))
    if not parts:
        return []
    said = "Exact moves, without interpolation: share of answers that stay (and relative change of the logits): "
    return [sentence(said + ", ".join(parts) + ".")]


def _distance(network: Network) -> list[str]:
    measured = [run for run in network.runs if "distance" in run.plan.parts]
    if len(measured) < len(network.runs):
        return []
    value, images = network.at("boundary_distance"), sum(len(run.data) for run in measured)
    left = images - sum(int(flipped(run).sum()) for run in measured)
    said = f"{spread(value)}, {images - left:,} images" if value else "none is known"
    rest = f"; {left:,} of {images:,} not flipped" if left else ""
    return [sentence(f"Mean l_2 distance to another answer, by DeepFool: {said}{rest}.")]


def _together(network: Network) -> list[str]:
    """Both sides in one sentence, then both at once."""
    eps, angle = headline.eps([network]), headline.angle([network])
    if eps is None or angle is None:
        return []
    robust, same = network.at("one_minus_fooling", eps), network.at("invariance", angle)
    assert robust is not None
    assert same is not None
    chance = sum(a * b for a, b in zip(robust.values, same.values, strict=True)) / len(robust.values)
    said = (
        f"Both sides: of its answers the network keeps {robust.value:.3f} under attack at eps {eps_text(eps)}, and "
        f"{same.value:.3f} under rotation in ±{angle:g}°"
    )
    union, joint = network.at("union_one_minus_fooling", angle, eps), network.at("joint_one_minus_fooling", angle, eps)
    if union is not None:
        said += (
            f"; an image withstands both, each by itself, with {spread(union)}, where {chance:.3f} would be "
            "independence"
        )
    if joint is not None:
        by = ", along gradients alone" if network.first.plan.searches else ""
        said += f"; attacked after a random rotation{by}, {spread(joint)} still have the answer of the upright image"
    return [sentence(said + ".")]


def _some(grid: Sequence[float], values: Sequence[Value]) -> list[tuple[float, Value]]:
    """At most MOST_ROWS places, evenly chosen, both ends among them."""
    pairs = list(zip(grid, values, strict=True))
    if len(pairs) <= MOST_ROWS:
        return pairs
    return [pairs[round(k * (len(pairs) - 1) / (MOST_ROWS - 1))] for k in range(MOST_ROWS)]


def _left_out(grid: Sequence[float]) -> str:
    many = sum(place > 0 for place in grid)
    return f" ({MOST_ROWS} of {many} places, the others in the records)" if many > MOST_ROWS else ""


def _plural(word: str, number: int) -> str:
    return word if number == 1 else f"{word}s"
