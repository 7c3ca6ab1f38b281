"""How far a measurement can be trusted, in words: its audit, and what the attack cost."""

from __future__ import annotations

import torch

from empirical.measurement.measured import Measured
from empirical.report.formatting import eps_text, sentence
from empirical.report.robustbench import evaluations
from empirical.statistics.over_seeds import Network
from empirical.validation.profile_flags import searched


def too_high(network: Network) -> list[str]:
    """Where the audit fools images that the profile leaves unfooled: a sentence, or none."""
    if not _is_audited(network):
        return []
    eps, images = _shared_eps(network), sum(len(run.audited) for run in network.runs)
    missed = torch.stack([_only_cold(run, eps) for run in network.runs]).sum(dim=0)
    if not missed.any():
        return []
    return [
        f"THE PROFILE IS TOO HIGH: attacked by themselves, {_most(missed, eps)} of {images:,} audited fall that the "
        "profile leaves unfooled; take attack_schedule=adaptive, or more steps."
    ]


def audit(network: Network) -> list[str]:
    """The profile against attacks that are not part of it, and what a search without gradients did, over all seeds:
    sentences.
    """
    if "robustness" not in network.first.plan.parts:
        return []
    if not _is_audited(network):
        return ["No audit was made.", *([_search(network)] if network.first.plan.searches else [])]
    return [_alone(network), _search(network)]


def _is_audited(network: Network) -> bool:
    return all({"robustness", "audit"} <= set(run.plan.parts) for run in network.runs)


def _shared_eps(network: Network) -> list[float]:
    return [eps for eps in network.first.plan.eps if all(eps in run.plan.eps for run in network.runs)]


def _alone(network: Network) -> str:
    """The profile beside attacks that know nothing of each other."""
    eps, images = _shared_eps(network), sum(len(run.audited) for run in network.runs)
    spared = torch.stack([_only_profile(run, eps) for run in network.runs]).sum(dim=0)
    said = f"Attacked by themselves at every eps, {network.first.plan.steps} steps each, "
    said += f"{'some' if too_high(network) else 'none'} of {images:,} audited images fall that the profile leaves "
    return f"{said}unfooled, and {_most(spared, eps) if spared.any() else 'none'} stand that it fools."


def _search(network: Network) -> str:
    """Among images that are claimed to be unfooled somewhere: at eps 0 there is nothing to search for."""
    counts = [searched(run) for run in network.runs]
    claims, broken = (sum(numbers) for numbers in zip(*counts, strict=True))
    plan = network.first.plan
    if not claims:
        return "No image is said to withstand an eps that a search without gradients could be set on."
    said = f"A search without gradients (Square, {plan.queries} queries) brings down {broken} of {claims:,} claims "
    if not plan.searches:
        return f"{said}of the profile, among the audited images."
    by_loss = sum(int(run.samples["robustness.by_loss"].sum()) for run in network.runs)
    return f"{said}that attacks along gradients left, another loss {by_loss}; the profile counts both."


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
    return f"up to {most} (at eps {eps_text(eps[int(counts.argmax())])})"


def cost(network: Network) -> list[str]:
    """Gradient evaluations against the plain count, and in which precision."""
    spent = [found for found in map(evaluations, network.runs) if found is not None]
    if not spent:
        return []
    made, plain = sum(one for one, _ in spent), sum(two for _, two in spent)
    plan, run = network.first.plan, network.first
    share = f", {made / plain:.3f} of the plain count {plain:,} (steps x images x positive eps)" if plain else ""
    queries = sum(int(run.samples["robustness.queries"].sum()) for run in network.runs)
    asked = f", and {queries:,} forward passes without" if queries else ""
    return [
        sentence(
            f"Cost of the robustness profile: {made:,} gradients of single images{share}{asked}; "
            f"{plan.attack_schedule} schedule, {run.precision}: {run.why_precision}; kernels {run.kernels}: "
            f"{run.why_kernels}."
        )
    ]
