"""A measurement as a table of pandas, as a curve in axes, and as a notebook shows it."""

from __future__ import annotations

import html as markup
import math
from typing import TYPE_CHECKING, Any

from empirical.measurement.measured import Measured
from empirical.report.text.audit import too_high
from empirical.report.text.conclusion import columns_of, common_eps
from empirical.statistics.over_seeds import Network, networks
from empirical.statistics.readings import Reading, readings
from empirical.validation.flags import flags
from tradeoff.shared import checks
from tradeoff.shared.palette import COLOURS, MARKERS

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes

AXES = {
    "eps": "eps of the attack (l_inf, [0, 1] pixel scale)",
    "translation": "range of random translation (±pixels)",
    "rotation": "range of random rotation (±degrees)",
}


def frame(found: Measured) -> pandas.DataFrame:
    """`Measured.to_pandas`."""
    try:
        import pandas
    except ModuleNotFoundError:
        raise checks.InputError(
            "to_pandas needs pandas, which is not installed; pip install 'robustness-tradeoff[pandas]'"
        ) from None
    return pandas.DataFrame([_row(found, reading) for reading in readings(found)])


def _row(found: Measured, reading: Reading) -> dict[str, Any]:
    interval = reading.interval()
    return {
        "network": found.name,
        "run": found.run,
        "training_seed": found.training_seed,
        "quantity": reading.quantity,
        "grid": reading.grid,
        "second": reading.second,
        "value": reading.value,
        "hits": None if reading.rate is None else reading.rate.hits,
        "trials": None if reading.rate is None else reading.rate.trials,
        "low": interval.low,
        "high": interval.high,
    }


def plot(found: Measured, quantity: str, ax: Axes | None, label: str | None) -> Axes:
    """`Measured.plot`."""
    profile = [reading for reading in readings(found) if reading.quantity == quantity]
    if not profile or any(reading.grid is None or reading.second is not None for reading in profile):
        curves = dict.fromkeys(
            reading.quantity for reading in readings(found) if reading.grid is not None and reading.second is None
        )
        raise checks.InputError(
            f"quantity={quantity!r} is no curve of this measurement; use one of {', '.join(curves)}"
        )
    if ax is None:
        from matplotlib import pyplot

        ax = pyplot.gca()
    place = len(ax.lines)
    look: Any = {"color": COLOURS[place % len(COLOURS)], "marker": MARKERS[place % len(MARKERS)]}
    grid = [reading.grid or 0.0 for reading in profile]
    bands = [reading.interval() for reading in profile]
    ax.plot(grid, [reading.value for reading in profile], label=label or found.name, **look)
    ax.fill_between(grid, [one.low for one in bands], [one.high for one in bands], alpha=0.2, color=look["color"])
    ax.set(xlabel=_axis(quantity), ylabel=quantity.replace("_", " "), ylim=(-0.02, 1.02))
    ax.legend()
    return ax


def _axis(quantity: str) -> str:
    if "fooling" in quantity or "adversarial" in quantity:
        return AXES["eps"]
    return AXES["translation" if quantity.startswith("translation") else "rotation"]


def html(found: Measured) -> str:
    """`Measured._repr_html_`: a table of one row, everything that a user named escaped."""
    (network,) = networks([found])
    columns = columns_of([network], common_eps([network]))
    cells = [network.at(*place) for _, place in columns]
    heads = "".join(f"<th>{markup.escape(head)}</th>" for head in ["", *(head for head, _ in columns)])
    numbers = "".join(
        "<td>-</td>" if cell is None else f"<td>{cell.value:.3f} ±{_half(cell.interval.low, cell.interval.high)}</td>"
        for cell in cells
    )
    title = f"{len(found.data):,} images of {found.data.name}: how often the answer stays, ± half a 95 % interval"
    return (
        f"<table><caption>{markup.escape(title)}</caption><thead><tr>{heads}</tr></thead>"
        f"<tbody><tr><th>{markup.escape(found.name)}</th>{numbers}</tr></tbody></table>{_doubts(network)}"
    )


def _half(low: float, high: float) -> str:
    return f"{(high - low) / 2:.3f}" if math.isfinite(low) and math.isfinite(high) else "?"


def _doubts(network: Network) -> str:
    """What qualifies the table, as a list; nothing where nothing does."""
    raised = [f"{flag.name}: {flag.text}" for flag in flags(network.first) if flag.raised]
    failed = [f"not measured: {part} ({reason})" for part, reason in network.first.failed.items()]
    doubts = [*failed, *raised, *too_high(network)]
    return f"<ul>{''.join(f'<li>{markup.escape(doubt)}</li>' for doubt in doubts)}</ul>" if doubts else ""
