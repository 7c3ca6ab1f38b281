"""One network on one set of images, on both sides of the trade-off: plan -> per-image arrays, piece by piece.

A piece is a chunk of images of one part (`batches`). Its arrays depend on the plan, the network and the images, on the
batch size and the kernels by rounding only, and not on what was done before; so a run that was killed goes on where it
was, with the kernels that it was begun with on that machine, and ends with the same bits (same machine, same batch
size, same number of threads). A run that is begun anew chooses its kernels anew, by the clock, and has the same bits if
they are the same: every file says which they were, and ``kernels`` sets them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from empirical.compute import provenance, tensor_checks, tensor_files
from empirical.compute.checksum import of_weights
from empirical.compute.device import out_of_memory, settle
from empirical.compute.forward import ModelError, frozen, logits, predict
from empirical.compute.gradients import PROBES, Gradients, precision_for
from empirical.compute.kernels import KERNELS
from empirical.compute.kernels.choice import AUTO, choose
from empirical.compute.logit_scale import apart
from empirical.compute.own_type import askable
from empirical.data.images import ImageSet
from empirical.measurement import plan as plans
from empirical.measurement.batches import chunk, usual_batch_size
from empirical.measurement.journal import Arrays, Journal, Machine
from empirical.measurement.measured import Measured
from empirical.measurement.plan import Plan
from empirical.measurement.probe import Probe, probe
from empirical.measurement.quantities import MEASURED, Job, cost
from tradeoff.shared import checks, storage
from tradeoff.shared.names import shown
from tradeoff.shared.progress import Progress, begin, silent

ALIKE = 1e-3
"""Logits that differ by less than this share of the mean lead, and gradients that differ by less than this share of the
largest, are those of one network."""
FINGERPRINT = "fingerprint.safetensors"
RUN = "run.json"
"""In the folder of a run: what its id is the hash of."""
IN_LINE = 24
"""Characters of a name in a line of progress."""
SAME_MACHINE = ("versions", "device", "threads")
"""What must be alike where kernels that were chosen before are to be taken again."""


def run(
    model: nn.Module,
    data: ImageSet,
    plan: Plan,
    *,
    name: str = "model",
    checksum: str | None = None,
    training_seed: int | None = None,
    folder: Path | None = None,
    batch_size: int | None = None,
    kernels: str = AUTO,
    keep_adversarial: bool = False,
    progress: Progress = silent,
) -> Measured:
    """Measure, or go on where a run in ``folder`` was left. Model and images must be on one device.

    ``folder`` holds one folder for each run, named by its id; without one nothing is written. ``kernels`` is a name in
    `kernels.KERNELS`, or auto: those that what is on file was made with on this machine, else the quickest.

    Raises
    ------
    InputError
        For kernels that do not suit the model, a model that does not return finite logits (n, classes) or has no
        gradient by its images, labels that its classes do not cover, a file of another run, or memory that does not
        suffice for a single image.
    """
    given(model, data)
    device = data.images.device
    if batch_size is None:
        batch_size = usual_batch_size(device, data.images)
    batch_size = checks.at_least("batch_size", batch_size, 1, what="the number of images of a forward pass")
    checks.at_most("batch_size", batch_size, 1 << 31)
    checks.known("kernels", kernels, (AUTO, *KERNELS))
    plan.effort("float32", "torch" if kernels == AUTO else kernels)
    settle(device)
    checksum = checksum or of_weights(model)
    worker = _Worker(
        askable(model, data.images), data, plan, batch_size, keep_adversarial, progress, shown(name, IN_LINE)
    )
    worker.begins("preparation")
    asked_of_model = worker.probed()  # first: it is about the state in which the model was handed over
    worker.check_labels()
    answers = worker.answers()
    why = worker.choose_precision(answers)
    content = plans.content(plan, worker.precision, checksum, answers, data)
    identity = storage.content_id(content)
    if folder is not None:
        folder = storage.output_folder("out", folder / f"{name}-{identity}")
        storage.write_atomic(folder / RUN, json.dumps(content, indent=1, sort_keys=True) + "\n")
        _same_network(folder, worker.fingerprint(answers))
    journal = Journal(folder, identity)
    worker.choose_kernels(kernels, journal.begun_by(), finished=all(map(journal.part, plan.parts)))
    samples = worker.all_parts(answers, journal)
    done = replace(plan, skip=(*plan.skip, *worker.failed)) if worker.failed else plan
    return Measured(
        *(name, identity, content, done, worker.precision, why, worker.kernels, worker.why_kernels),
        *(worker.batch_size, data, samples),
        machines=tuple(journal.machines),
        probe=asked_of_model,
        training_seed=training_seed,
        failed=worker.failed,
    )


def given(model: object, data: object) -> None:
    """Refuse what is no network, or no set of images."""
    tensor_checks.model(model)
    if not isinstance(data, ImageSet):
        raise checks.InputError(
            f"data is {tensor_checks.described(data)}; pass an ImageSet, such as empirical.data.read('digits') or one "
            "of your own images, labels and indices"
        )


def _same_network(folder: Path, fingerprint: Arrays) -> None:
    """Refuse to go on with what another network left: one of the same weights and answers may differ in its code.

    Raises
    ------
    InputError
        If logits or gradients on some images are not those of the network that the run was begun with.
    """
    path = folder / FINGERPRINT
    again = "it is made again of this network; if its code was changed since the run was begun, name another folder"
    found = tensor_files.read_if_sound(path, again=again)
    if found is None:
        tensor_files.write_tensors(path, fingerprint, {})
        return
    stored = found[0]
    gradients = stored["gradients"]
    far = {
        "logits": (apart(fingerprint["logits"], stored["logits"]), "mean lead of the largest logit"),
        "gradients": (
            float(
                (fingerprint["gradients"] - gradients).abs().max()
                / gradients.abs().max().clamp(min=torch.finfo(torch.float32).tiny)
            ),
            "largest",
        ),
    }
    for name, (share, scale) in far.items():
        if not share <= ALIKE:  # NaN is no likeness
            raise checks.InputError(
                f"out={str(folder)!r} holds a run of a network with the same weights and answers, but other {name} "
                f"(they differ by {share:.2g} of the {scale}): its code is another one, or it is never the same twice; "
                "name another folder"
            )


@dataclass
class _Worker:
    """Does the parts of a run, with a batch size that halves where memory runs out."""

    model: nn.Module
    data: ImageSet
    plan: Plan
    batch_size: int
    keep_adversarial: bool
    progress: Progress
    name: str
    precision: str = "float32"
    kernels: str = "torch"
    why_kernels: str = "no gradients are followed that other kernels may compute"
    failed: dict[str, str] = field(default_factory=dict)  # parts that the network could not be asked for, and why

    def begins(self, stage: str) -> None:
        """Tell whoever watches what is done next."""
        begin(self.progress, f"{self.name}, {stage}")

    def probed(self) -> Probe:
        """What the model says of itself."""
        found: Probe = self._fitting(lambda size: probe(self.model, self.data, batch_size=size))
        return found

    def check_labels(self) -> None:
        """The network has a logit for every label."""
        classes = self._fitting(lambda size: self._logits(self.data.images[: min(size, 2)]).shape[1])
        most = int(self.data.labels.max())
        if most >= classes:
            raise checks.InputError(
                f"model has {classes} logits, but data={self.data.name!r} has labels up to {most}; labels count from 0 "
                "and must be those that the model was trained on"
            )

    def choose_precision(self, answers: Tensor) -> str:
        """Settle the precision of the gradients, and say why."""
        asked = "float32" if self.plan.attack_schedule == "per_eps" else self.plan.gradients
        chosen: tuple[str, str] = self._fitting(
            lambda size: precision_for(self.model, self.data.images, answers, asked, probes=min(size, PROBES))
        )
        self.precision = chosen[0]
        return chosen[1]

    def choose_kernels(self, asked: str, begun_by: list[Machine], *, finished: bool) -> None:
        """Settle the kernels: those asked for, those that this machine began with, or the quickest; of a run that is
        ``finished`` those that made it, on whatever machine.
        """
        here = self._machine()
        alike = [one for one in begun_by if finished or all(one.get(key) == here[key] for key in SAME_MACHINE)]
        known = next((one for one in alike if "kernels" in one), None)
        if self.plan.attack_schedule == "per_eps" or not {"robustness", "joint"} & set(self.plan.parts):
            return
        if asked == AUTO and known is not None:
            self.kernels, self.why_kernels = known["kernels"], known["why_kernels"]
            return
        chosen: tuple[str, str] = self._fitting(
            lambda size: choose(self.model, self.data.images, self.precision, asked, batch_size=size)
        )
        self.kernels, self.why_kernels = chosen

    def fingerprint(self, answers: Tensor) -> Arrays:
        """What the code of the network does to a few images: logits (m, classes), gradients (m, c, h, w)."""
        images, labels = self.data.images[:PROBES], answers[:PROBES]

        def by(size: int) -> Arrays:
            gradients = Gradients(self.model, "float32")
            with frozen(self.model):
                parts = zip(images.split(size), labels.split(size), strict=True)
                found = [gradients(some, partial(_at_answer, own)) for some, own in parts]
            return {"logits": torch.cat([one[0] for one in found]), "gradients": torch.cat([one[2] for one in found])}

        made: Arrays = self._fitting(by)
        return {name: values.cpu() for name, values in made.items()}

    def _logits(self, images: Tensor) -> Tensor:
        with frozen(self.model), torch.no_grad():
            return logits(self.model, images)

    def answers(self) -> Tensor:
        """(n,) predicted labels of the images as they are, on their device."""
        found: Tensor = self._fitting(lambda size: predict(self.model, self.data.images, batch_size=size))
        return found

    def all_parts(self, answers: Tensor, journal: Journal) -> Arrays:
        """Every array of the run; what is on file is read. A part in which the network fails takes no other along."""
        if journal.part("answers") is None and journal.piece("answers", 0) is None:
            journal.add("answers", 0, {"answers": answers}, self._machine())
        unfooled: Tensor | None = None
        for part in self.plan.parts:
            if part == "audit" and "robustness" in self.failed:
                self.failed[part] = "there is no robustness profile to audit"
                continue
            self.begins(part)
            try:
                pieces = self._part(part, answers, unfooled, journal)
            except ModelError as error:
                self.failed[part] = str(error)
                journal.drop(part)
                continue
            if part == "robustness":
                unfooled = torch.cat([piece["unfooled"] for piece in pieces]).to(answers.device)
        return journal.finish()

    def _part(self, part: str, answers: Tensor, unfooled: Tensor | None, journal: Journal) -> list[Arrays]:
        """The pieces of a part, those on file read and the others made."""
        whole = journal.part(part)
        if whole is not None and not self._lacks(part, whole):
            self.progress(cost(part, len(answers), self.plan))
            return [whole]
        rows = torch.arange(len(answers))
        if part == "audit":
            rows = torch.tensor(plans.audit_rows(len(answers), self.plan), dtype=torch.int64)
        pieces = []
        step = chunk(self.data.images)
        for start in range(0, len(rows), step):
            some = rows[start : start + step].to(answers.device)
            piece = journal.piece(part, start)
            if piece is None or self._lacks(part, piece) or not _is_of(piece, len(some)):
                piece = self._made(part, some, answers[some], None if unfooled is None else unfooled[some])
                journal.add(part, start, piece, self._machine())
            pieces.append(piece)
            self.progress(cost(part, len(some), self.plan))
        return pieces

    def _lacks(self, part: str, arrays: Arrays) -> bool:
        """Whether adversarial images are to be kept that were not."""
        return part == "robustness" and self.keep_adversarial and "adversarial" not in arrays

    def _machine(self) -> dict[str, Any]:
        how = {"batch_size": self.batch_size, "kernels": self.kernels, "why_kernels": self.why_kernels}
        return provenance.machine(self.data.images.device) | how

    def _made(self, part: str, rows: Tensor, answers: Tensor, unfooled: Tensor | None) -> Arrays:
        job = Job(
            *(self.model, self.data.take(rows), answers, self.plan, self.precision, self.kernels),
            batch_size=self.batch_size,
            keep_adversarial=self.keep_adversarial,
            unfooled=unfooled,
        )
        made: Arrays = self._fitting(lambda size: MEASURED[part](replace(job, batch_size=size)))
        return {name: values.cpu() for name, values in made.items()}

    def _fitting(self, measure: Callable[[int], Any]) -> Any:
        """``measure`` with the batch size, halved as often as it takes to fit the memory."""
        while True:
            try:
                return measure(self.batch_size)
            except (MemoryError, RuntimeError) as error:
                if not out_of_memory(error):
                    raise
                if self.batch_size == 1:
                    raise checks.InputError(
                        f"batch_size=1 does not fit the memory of {self.data.images.device} "
                        f"({checks.reason(error)}); use another device or a smaller model"
                    ) from None
                self.batch_size //= 2
                if self.data.images.is_cuda:
                    torch.cuda.empty_cache()


def _is_of(piece: Arrays, images: int) -> bool:
    """Whether a piece is one of so many images; an array may also hold one number for all of them."""
    return all(len(values) in (1, images) for values in piece.values())


def _at_answer(answers: Tensor, found: Tensor) -> Tensor:
    return found.gather(1, answers[:, None])[:, 0]


def total_cost(images: int, plan: Plan) -> float:
    """Rough work of a measurement, in gradients of single images, for the progress bar."""
    return sum(cost(part, images, plan) for part in plan.parts)
