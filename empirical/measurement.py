"""One network on one set of images, on both sides of the trade-off: plan -> per-image arrays, piece by piece.

A piece is CHUNK images of one part. Its arrays depend on the plan, the network and the images, on the batch size by
rounding only, and not on what was done before; so a run that was killed goes on where it was and ends with the same
bits (same machine, same batch size, same number of threads).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from empirical import networks, plan as plans
from empirical.data.images import ImageSet
from empirical.gradients import precision_for
from empirical.journal import Arrays, Journal
from empirical.parts import MEASURED, Job, cost
from empirical.plan import Plan
from empirical.profiles import predict
from tradeoff import checks, storage

CHUNK = 512
BATCHES = {"cpu": 128, "cuda": 512}
"""Images of a forward pass by device; a device that runs out of memory gets half as many."""
Progress = Callable[[float], object]


@dataclass(frozen=True, eq=False)
class Measured:
    """What was measured: the identity of the run and its arrays by PART.NAME, rows in the order of the images."""

    name: str
    run: str
    content: dict[str, Any]
    plan: Plan
    precision: str
    why_precision: str
    batch_size: int  # that the run ended with
    data: ImageSet
    samples: Arrays
    training_seed: int | None = None

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
    keep_adversarial: bool = False,
    progress: Progress = lambda work: None,
) -> Measured:
    """Measure, or go on where a run in ``folder`` was left. Model and images must be on one device.

    ``folder`` holds one folder for each run, named by its id; without one nothing is written.

    Errors
    ------
    InputError
        For a model that does not return finite logits (n, classes), labels that its classes do not cover, a file of
        another run, or memory that does not suffice for a single image.
    """
    batch_size = batch_size or BATCHES[data.images.device.type]
    checks.at_least("batch_size", batch_size, 1, what="the number of images of a forward pass")
    _fits(model, data)
    answers = predict(model, data.images[:PROBE], batch_size=batch_size)
    asked = "float32" if plan.attack_schedule == "literal" else plan.gradients
    precision, why = precision_for(model, data.images[:PROBE], answers, asked)
    content = plans.content(plan, precision, checksum or networks.checksum(model), data)
    journal = Journal(None if folder is None else folder, storage.content_id(content))
    worker = _Worker(model, data, plan, precision, batch_size, keep_adversarial, journal, progress)
    finished = journal.finished()
    samples = worker.all_parts() if finished is None else finished
    return Measured(
        name, journal.run, content, plan, precision, why, worker.batch_size, data, samples, training_seed
    )


PROBE = 8


def _fits(model: nn.Module, data: ImageSet) -> None:
    """The model takes the images, and has a logit for every label."""
    from empirical.attacks.base import frozen

    predict(model, data.images[:2])
    with frozen(model), torch.no_grad():
        classes = model(data.images[:2]).shape[1]
    most = int(data.labels.max())
    if most >= classes:
        raise checks.InputError(
            f"model has {classes} logits, but data={data.name!r} has labels up to {most}; labels count from 0 and must "
            "be those that the model was trained on"
        )


@dataclass
class _Worker:
    """Does the parts of a run, with a batch size that halves where memory runs out."""

    model: nn.Module
    data: ImageSet
    plan: Plan
    precision: str
    batch_size: int
    keep_adversarial: bool
    journal: Journal
    progress: Progress

    def all_parts(self) -> Arrays:
        answers = self._part("answers", _everything(self.data), lambda job: {"answers": self._answers(job)}, None)
        labels = torch.cat([piece["answers"] for piece in answers]).to(self.data.labels.device)
        standing: Tensor | None = None
        for part in self.plan.parts:
            rows = _everything(self.data)
            if part == "audit":
                rows = torch.tensor(plans.audit_rows(len(self.data), self.plan), dtype=torch.int64)
            pieces = self._part(part, rows, MEASURED[part], labels, standing)
            if part == "robustness":
                standing = torch.cat([piece["standing"] for piece in pieces]).to(labels.device)
        return self.journal.finish()

    def _answers(self, job: Job) -> Tensor:
        return predict(self.model, job.data.images, batch_size=job.batch_size)

    def _part(
        self,
        part: str,
        rows: Tensor,
        measure: Callable[[Job], Arrays],
        answers: Tensor | None,
        standing: Tensor | None = None,
    ) -> list[Arrays]:
        """The pieces of a part, those on file read and the others made."""
        pieces = []
        for start in range(0, len(rows), CHUNK):
            some = rows[start : start + CHUNK]
            piece = self.journal.piece(part, start)
            if piece is None:
                piece = self._made(measure, some, answers, standing)
                self.journal.add(part, start, piece)
            pieces.append(piece)
            if part != "answers":
                self.progress(cost(part, len(some), self.plan))
        return pieces

    def _made(
        self, measure: Callable[[Job], Arrays], rows: Tensor, answers: Tensor | None, standing: Tensor | None
    ) -> Arrays:
        rows = rows.to(self.data.labels.device)
        data = self.data.take(rows)
        job = Job(
            *(self.model, data, data.labels if answers is None else answers[rows], self.plan, self.precision),
            batch_size=self.batch_size,
            keep_adversarial=self.keep_adversarial,
            standing=None if standing is None else standing[rows],
        )
        while True:
            try:
                return {name: values.cpu() for name, values in measure(job).items()}
            except (torch.OutOfMemoryError, MemoryError, RuntimeError) as error:
                if not _out_of_memory(error):
                    raise
                if self.batch_size == 1:
                    raise checks.InputError(
                        f"batch_size=1 does not fit the memory of {data.images.device} ({str(error).splitlines()[0]}); "
                        "use another device or a smaller model"
                    ) from None
                self.batch_size = max(self.batch_size // 2, 1)
                job = replace(job, batch_size=self.batch_size)
                if data.images.is_cuda:
                    torch.cuda.empty_cache()


def _everything(data: ImageSet) -> Tensor:
    return torch.arange(len(data))


def _out_of_memory(error: BaseException) -> bool:
    """Whether memory ran out; the allocator of the CPU says so in words alone."""
    return isinstance(error, (torch.OutOfMemoryError, MemoryError)) or "can't allocate memory" in str(error)


def total_cost(data: ImageSet, plan: Plan, models: Sequence[object] = (None,)) -> float:
    """Of the progress bar."""
    return len(models) * sum(cost(part, len(data), plan) for part in plan.parts)
