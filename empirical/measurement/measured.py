"""What a measurement returns: identity, arrays, and the ways to look at them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from empirical.data.images import ImageSet
from empirical.measurement import plan as plans
from empirical.measurement.journal import Arrays
from empirical.measurement.plan import Plan
from empirical.measurement.probe import Probe

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False, repr=False)
class Measured:
    """What was measured: the identity of the run and its arrays by PART.NAME, rows in the order of the images.

    ``plan`` skips the parts that the network could not be asked for, which ``failed`` names with the reason.
    `summary` says in words what was found, `to_pandas` is all rates in a table, `plot` draws a profile.
    """

    name: str
    run: str
    content: dict[str, Any]
    plan: Plan
    precision: str
    why_precision: str
    kernels: str
    why_kernels: str
    batch_size: int  # that the run ended with
    data: ImageSet
    samples: Arrays
    machines: tuple[
        dict[str, Any], ...
    ]  # versions, device, threads, code, batch size, kernels of all that made the arrays
    probe: Probe  # asked anew of the model whenever it is handed over, so no part of the run's identity
    training_seed: int | None = None
    failed: Mapping[str, str] = field(default_factory=dict)

    @property
    def answers(self) -> Tensor:
        """(n,) predicted labels of the images as they are."""
        return self.samples["answers.answers"]

    @property
    def right(self) -> Tensor:
        """(n,) whether they are the labels."""
        return self.answers == self.data.labels.cpu()

    @property
    def audited(self) -> Tensor:
        """The rows of the images that are audited."""
        return torch.tensor(plans.audit_rows(len(self.data), self.plan), dtype=torch.int64)

    def __repr__(self) -> str:
        """The network, the images, and what was measured, on one line."""
        parts = ", ".join(self.plan.parts)
        return f"<Measured {self.name}: {len(self.data):,} images of {self.data.name}; {parts} (run {self.run})>"

    def summary(self, *, at: float | str | None = None) -> str:
        """In words with numbers; the table is at the eps ``at``, by default where about half of the answers stay.

        Raises
        ------
        InputError
            If ``at`` is no eps of the grid.
        """
        from empirical.report.text.network import text
        from empirical.validation.flags import flags
        from tradeoff.shared import cli

        return cli.fitted(text([self], [flags(self)], at))

    def to_pandas(self) -> pandas.DataFrame:
        """Every rate and mean as a row, with its 95 % interval; needs the extra ``pandas``.

        Returns
        -------
        pandas.DataFrame
            Columns network, run, training_seed, quantity, grid (eps, degrees or pixels), second (px or eps, where two
            grids meet), value, hits, trials, low, high.

        Raises
        ------
        InputError
            If pandas is not installed.
        """
        from empirical.report.interactive import frame

        return frame(self)

    def plot(self, quantity: str = "one_minus_fooling", *, ax: Axes | None = None, label: str | None = None) -> Axes:
        """Draw a profile with its 95 % band into axes, by default the current ones of pyplot.

        Parameters
        ----------
        quantity : str
            A quantity of one grid in `empirical.statistics.readings`, such as "adversarial_accuracy" or "invariance".
        ax : matplotlib.axes.Axes, optional
            Where to draw; several measurements drawn into the same axes are told apart by colour and marker.
        label : str, optional
            What the legend says in place of the name.

        Returns
        -------
        matplotlib.axes.Axes
            The axes, with both of them labelled.

        Raises
        ------
        InputError
            If the quantity was not measured on one grid.
        """
        from empirical.report.interactive import plot

        return plot(self, quantity, ax, label)

    def _repr_html_(self) -> str:
        """What a notebook shows: the table of `summary` and a word on how far to trust it."""
        from empirical.report.interactive import html

        return html(self)
