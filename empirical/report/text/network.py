"""A measurement in words: the conclusion first, then what qualifies it, then all numbers of each network.

Counts stand in the records; here are rates with 95 % intervals. Tables fit a page of 80 columns; sentences are
unbroken.
"""

from __future__ import annotations

from collections.abc import Sequence

from empirical.measurement.measured import Measured
from empirical.report.formatting import briefly, counted, eps_text, paragraph, sentence, spread, table
from empirical.report.text.audit import audit, cost, too_high
from empirical.report.text.comparison import compared
from empirical.report.text.conclusion import common_eps, conclusion
from empirical.statistics import headline
from empirical.statistics.over_seeds import Network, Value, networks
from empirical.statistics.readings import flipped
from empirical.transforms import moves
from empirical.validation.flags import Flag

MOST_ROWS = 7
"""Places of a profile that are written out; the others stand in the records."""


def text(found: Sequence[Measured], flags: Sequence[Sequence[Flag]], at: object = None) -> str:
    """The conclusion, what qualifies it, and the details; ``flags`` holds those of each run.

    Parameters
    ----------
    found : sequence of Measured
        Runs on the same images, measured in the same way.
    flags : sequence of sequence of Flag
        Of each run, none where none was looked for.
    at : float or str, optional
        The eps at which networks are set side by side; where they differ most, if it is not given.

    Raises
    ------
    InputError
        If the runs were not measured on the same images in the same way, one comes twice, or ``at`` is no eps of the
        grid.
    """
    groups = networks(found)
    of = {id(run): seen for run, seen in zip(found, flags, strict=True)}
    seen = [[of[id(run)] for run in network.runs] for network in groups]
    eps = common_eps(groups, at)
    parts = [conclusion(groups, eps, chosen=at is not None)]
    if len(groups) > 1:
        parts.append(compared(groups, eps))
    parts.append(_qualified(groups, seen))
    parts += [details(network, eps) for network in groups]
    return "\n\n".join("\n".join(lines) for lines in parts if lines) + "\n"


def _qualified(groups: Sequence[Network], flags: Sequence[Sequence[Sequence[Flag]]]) -> list[str]:
    """What was not measured, what is raised, where a profile is too high, of all networks; then what was checked."""
    pairs = list(zip(groups, flags, strict=True))
    loud = [line for network, its in pairs for line in doubts(network, its)]
    asked = [sentence(" ".join([f"{network.name}: {_asked(network, its)}", *audit(network)])) for network, its in pairs]
    return ["What qualifies this:", *loud, *asked]


def doubts(network: Network, flags: Sequence[Sequence[Flag]]) -> list[str]:
    """Sentences on what was not measured, what is raised and where the profile is too high; none, where nothing is."""
    loud = [sentence(f"!!! {network.name}: {said}") for said in too_high(network)]
    return [*_failed(network), *_raised(network, flags), *loud]


def details(network: Network, eps: float | None) -> list[str]:
    """All numbers of one network, its training seeds put together; both sides at ``eps``."""
    lines = [paragraph(_title(network))]
    for part in (_clean, _attack, _rotation, _translation, _exact, _distance):
        lines += part(network)
    return [*lines, *_together(network, eps), *cost(network)]


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
        sentence(f"!!! {network.name}, NOT MEASURED (run {run.run}): {part}, because {reason}.")
        for run in network.runs
        for part, reason in run.failed.items()
    ]


def _raised(network: Network, flags: Sequence[Sequence[Flag]]) -> list[str]:
    """What is raised, loudly."""
    lines = []
    for run, seen in zip(network.runs, flags, strict=True):
        where = f" (run {run.run})" if len(network.runs) > 1 else ""
        lines += [
            sentence(f"!!! {network.name}, {flag.name.upper()}{where}: {flag.text}") for flag in seen if flag.raised
        ]
    return lines


def _asked(network: Network, flags: Sequence[Sequence[Flag]]) -> str:
    """How many sanity checks were made and what they said, the audit and what was not measured among them."""
    every = [flag for seen in flags for flag in seen]
    others = [
        *(["the audit finds the profile too high"] if too_high(network) else []),
        *(["not all was measured"] if any(run.failed for run in network.runs) else []),
    ]
    if not every:
        return f"{'; '.join(['no sanity checks were made', *others])}."
    raised, asked = sum(flag.raised for flag in every), sum(flag.asked for flag in every)
    left = sorted({flag.name for flag in every if not flag.asked})
    rest = f" (not asked: {', '.join(left)})" if left else ""
    count = f"{raised or 'none'} of {asked} sanity checks raised{rest}"
    if others:
        return f"{count}, {'and' if raised else 'but'} {' and '.join(others)}, see above."
    return f"{count}{', see above' if raised else ''}."


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
        rows.append([eps_text(eps), *(briefly(one) if one else "-" for one in (value, right, given))])
    if not rows:
        return []
    plan = network.first.plan
    how = f"{plan.attack_schedule} schedule, {plan.steps} steps"
    return [
        sentence(f"Under attack (l_inf, eps on the [0, 1] pixel scale; {how}), shares of images{_left_out(grid)}:"),
        *table(["eps", "1 - fooling", "stays and is right", "of the right ones"], rows),
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
                briefly(value),
                briefly(right) if right else "-",
                briefly(back) if back else "-",
                _blame(value, back),
            ]
        )
    if not rows:
        return []
    draws = network.first.plan.draws
    return [
        sentence(
            f"Rotation, {draws} random {_plural('angle', draws)} of each image. Turned and turned back it is upright "
            "and interpolated twice; blur is the share of the loss that this has, too: an indication of what "
            f"interpolation costs, blind to a network that minds blur on turned images alone{_left_out(grid)}."
        ),
        *table(["range", "answer stays", "is right", "turned and back", "blur"], rows),
    ]


def _blame(value: Value, back: Value | None) -> str:
    """The share of the loss that turning there and back has, too; no bound, since the image is upright there."""
    if back is None or value.value == 1:
        return "-"
    return f"{100 * min((1 - back.value) / (1 - value.value), 1.0):.0f} %"


def _translation(network: Network) -> list[str]:
    grid, same = network.profile("translation_invariance")
    rows = []
    for shift, value in _some(grid, same):
        right, both = network.at("translation_accuracy", shift), None
        angle = headline.angle([network])
        if angle is not None:
            both = network.at("rigid_invariance", angle, shift)
        rows.append([f"±{shift:g} px", *(briefly(one) if one else "-" for one in (value, right, both))])
    if not rows:
        return []
    turned = headline.angle([network])
    head = ["range", "answer stays", "is right", f"turned ±{turned:g}°, too" if turned else "-"]
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


def _together(network: Network, eps: float | None) -> list[str]:
    """Both sides in one sentence, then both at once."""
    angle = headline.angle([network])
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
