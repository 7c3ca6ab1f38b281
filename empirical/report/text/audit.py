"""How far a measurement can be trusted, in words: its audit, and what the attack cost."""

from __future__ import annotations

import torch

from empirical.measurement.run import Measured
from empirical.report.formatting import eps_text, sentence
from empirical.report.robustbench import evaluations
from empirical.statistics.over_seeds import Network
from empirical.validation.profile_flags import tried


def audit(network: Network) -> list[str]:
    """The profile against per-eps attacks and a black-box attack, on the audited images of every seed."""
    runs = network.runs
    if not all("audit" in run.plan.parts for run in runs):
        return [] if "robustness" not in network.first.plan.parts else [sentence("Audit: none was made.")]
    eps = [value for value in network.first.plan.eps if all(value in run.plan.eps for run in runs)]
    missed = torch.stack([_only_cold(run, eps) for run in runs]).sum(dim=0)
    spared = torch.stack([_only_profile(run, eps) for run in runs]).sum(dim=0)
    images = sum(len(run.audited) for run in runs)
    plan = network.first.plan
    said = f"Audit: {images:,} images attacked by themselves at every eps, {plan.steps} steps each. "
    if missed.any():
        said += f"The audit fools {_most(missed, eps)} that the profile leaves unfooled: THE PROFILE IS TOO HIGH there"
    else:
        said += "The audit fools no image that the profile leaves unfooled"
    said += f"; the profile fools {_most(spared, eps) if spared.any() else 'none'} that the audit does not."
    return [sentence(f"{said} {_black_box(network)}")]


def _black_box(network: Network) -> str:
    """Among images that are claimed to be unfooled somewhere: at eps 0 there is nothing to search for."""
    claimed = [tried(run) for run in network.runs]
    images = sum(int(one.sum()) for one in claimed)
    if not images:
        return "No audited image is said to withstand an eps that a black-box attack could be set on."
    broken = sum(
        int((one & ~run.samples["audit.black_box"]).sum()) for one, run in zip(claimed, network.runs, strict=True)
    )
    return (
        f"A black-box attack (Square, {network.first.plan.queries} queries) changes {broken} of {images:,} answers at "
        "the eps that they are said to withstand."
    )


def _only_cold(run: Measured, eps: list[float]) -> torch.Tensor:
    """(k,) audited images that the profile leaves unfooled and the per-eps attack fools, at each eps."""
    claimed, alone = _audited(run, eps)
    return (claimed & ~alone).sum(dim=0)


def _only_profile(run: Measured, eps: list[float]) -> torch.Tensor:
    """(k,) audited images that the profile says are fooled and the per-eps attack leaves unfooled, at each eps."""
    claimed, alone = _audited(run, eps)
    return (~claimed & alone).sum(dim=0)


def _audited(run: Measured, eps: list[float]) -> tuple[torch.Tensor, torch.Tensor]:
    """(audited, k) what the profile says, and what the per-eps attack says."""
    columns = [run.plan.eps.index(value) for value in eps]
    return run.samples["robustness.unfooled"][run.audited][:, columns], run.samples["audit.unfooled"][:, columns]


def _most(counts: torch.Tensor, eps: list[float]) -> str:
    """Up to how many, and where."""
    most = int(counts.max())
    return f"up to {most} {'image' if most == 1 else 'images'} (at eps {eps_text(eps[int(counts.argmax())])})"


def cost(network: Network) -> list[str]:
    """Gradient evaluations against the plain count, and in which precision."""
    spent = [found for found in map(evaluations, network.runs) if found is not None]
    if not spent:
        return []
    made, plain = sum(one for one, _ in spent), sum(two for _, two in spent)
    plan, run = network.first.plan, network.first
    share = f", {made / plain:.3f} of the plain count {plain:,} (steps x images x positive eps)" if plain else ""
    return [
        sentence(
            f"Cost of the robustness profile: {made:,} gradients of single images{share}; {plan.attack_schedule} "
            f"schedule, {run.precision}: {run.why_precision}; kernels {run.kernels}: {run.why_kernels}."
        )
    ]
