"""Every command, and what each flag accepts and refuses, written by hand and keyed by the flag's name alone.

A name means the same in all commands. A flag without a line here fails the tests beside: say first what it accepts.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from empirical.commands import COMMANDS
from proofs import __main__ as proofs
from tradeoff import gallery, simulate, words
from tradeoff.shared.cli import Command


def every_command() -> Iterator[Command]:
    yield from (simulate.COMMAND, words.COMMAND, gallery.COMMAND, proofs.COMMAND)
    yield from COMMANDS.values()


IN_FRONT = {"reproduce": ["digits"], "verify": ["runs/x"], "check-attack": ["pgd"], "figures": ["rotation"]}
NEEDED = {"measure": {"model": "example:p4"}, "verify": {"model": "example:p4"}}
"""What a command is not called without, beside what is asked of it."""


@dataclass(frozen=True)
class Rule:
    """Values that a flag takes, and values that it refuses; a switch takes none."""

    accepts: tuple[str, ...] = ()
    refuses: tuple[str, ...] = ()

    def but(self, *accepts: str, refuses: tuple[str, ...] = ()) -> "Rule":
        """The same with other values that are accepted, and more that are refused."""
        return Rule(accepts, (*self.refuses, *refuses))


SWITCH = Rule()
NO_NUMBER = ("", "many", "nan", "inf", "-inf", "1/0", "[1]", "9" * 5000)
FROM_0 = Rule(("0", "7", "1e3", "1_000"), (*NO_NUMBER, "-1", "0.5", "1e400"))
FROM_1 = Rule(("1", "7", "1e3"), (*FROM_0.refuses, "0"))
PROCESSES = Rule(("1", "256"), (*FROM_1.refuses, "257", "1e10"))
ABOVE_0 = Rule(("0.5", "2", "1e-3"), (*NO_NUMBER, "0", "-1", "-0.5"))
NAME = Rule((), ("", "nothing", "AUTO ", "-1", "*"))
TEXT = Rule(("some", "a/b.c"), ("", " "))
PLACE = Rule(("runs", "a b", "."), ("", "a\0b"))
FROM_0_ON = Rule(("0", "0.5", "5e-4"), (*NO_NUMBER, "-1", "-0.5"))
SHARE = Rule(("0", "0.5", "1"), (*NO_NUMBER, "-0.1", "1.1"))
EPS = Rule(("0", "1", "0.1", "8/255"), (*NO_NUMBER, "-0.1", "-1/255", "1.01", "7", "8/", "1/2/3"))

RULES = {
    # input
    "word": Rule(("++-+", "-+-+", "+", "--++"), ("", "+x", "+ -", "12")),
    "step": FROM_1,
    "length": FROM_1.but("1", "64", "1e3", refuses=("2e6",)),
    "image": FROM_1,
    "p": Rule(("0.5", "0.7", "0.99"), (*NO_NUMBER, "0.4", "1", "-0.7", "1.5")),
    "signal": ABOVE_0.but("0.5", "2", refuses=("1e300",)),
    "group": NAME.but("cyclic", "rolls", "dihedral"),
    "family": NAME.but("golay_quarter", "search"),
    "patterns": Rule(("+++-:12,++++:4", "-+:3"), ("", ",", "+-:0", "+-:x", "+-:1,+:2", "ab:1", "+-:-1")),
    "claim": TEXT,  # the ledger knows them, and it needs the provers
    "model": TEXT.but("example:p4", "a=mine.py:build"),
    "weights": PLACE,
    "data": TEXT,
    "mean": Rule(("0.1307", "127/255", "-1"), NO_NUMBER),
    "std": ABOVE_0.but("0.3081", "51/255"),
    "normalize": NAME.but("cifar10", "imagenet"),
    "limit": FROM_1.but("100", "1e3", "1000000"),
    "attack": TEXT.but("pgd", "pgd:loss=margin,restarts=2", "mine.py:attack"),
    "experiment": NAME.but("digits"),
    "figure": NAME.but("rotation"),
    "folder": PLACE,
    # method
    "scaled_radius": Rule(("1", "0.5", "1e6"), (*NO_NUMBER, "-1", "1e300")),
    "rules": NAME.but("bayes", "bayes:1", "augmented:-1,0,1", "sign_x0", refuses=("bayes:x", "constant:1", "bayes:")),
    "also": NAME.but("invariance", "fooling", "label_blind"),
    "trials": FROM_0,
    "until_halfwidth": Rule(("0.001", "0.499"), (*NO_NUMBER, "0", "0.5", "-0.1")),
    "path": NAME.but("auto", "orbit", "vectors", "smooth"),
    "min_distance": Rule(("3/8", "0.4", "1"), (*NO_NUMBER, "0", "9/8", "-1/2")),
    "seed": FROM_0.but("0", "1e3", str(2**63 - 1), refuses=("1e30",)),
    "workers": PROCESSES,
    "mutations": SWITCH,
    "at": EPS,
    "eps": EPS,
    "angles": Rule(("0", "30", "180", "22.5"), (*NO_NUMBER, "-1", "400", "180.1", "-30")),
    "shifts": FROM_0.but("0", "4", refuses=("1e20",)),
    "draws": FROM_1.but("1", "5", refuses=("1e6",)),
    "attack_schedule": NAME.but("adaptive", "quick", "per_eps"),
    "steps": FROM_1.but("1", "40", refuses=("1e7",)),
    "search_steps": FROM_0.but("0", "10", refuses=("1e7",)),
    "restarts": FROM_1.but("1", "2", refuses=("1e6",)),
    "step_size": ABOVE_0.but("0.01", "2/255"),
    "gradients": NAME.but("auto", "float32", "bfloat16"),
    "kernels": NAME.but("auto", "torch", "channels_last", "ours"),
    "audit": FROM_0.but("0", "64"),
    "queries": FROM_1,
    "skip": NAME.but("audit", "distance", refuses=("answers",)),
    "batch_size": FROM_1.but("1", "256", refuses=("1e30",)),
    "device": NAME.but("auto", "cpu", "cuda"),
    "scale": NAME.but("smoke", "small"),
    # training
    "train_images": FROM_0,
    "network": TEXT.but("std_cnn", "p4_cnn_pooled"),
    "objective": NAME.but("augmented", "pgd", "trades"),
    "augment_deg": Rule(("0", "30", "180", "22.5"), (*NO_NUMBER, "-1", "400", "180.1")),
    "augment_shift": SHARE,
    "crop_px": FROM_0.but("0", "4", refuses=("1e20",)),
    "flip": SWITCH,
    "interpolation": NAME.but("bilinear", "nearest"),
    "padding": NAME.but("zeros", "border", "reflection"),
    "norm": NAME.but("linf", "l2"),
    "attack_steps": FROM_0,
    "attack_step_size": EPS,
    "attack_mode": NAME.but("eval", "train"),
    "eps_warmup": SHARE,
    "beta": FROM_0_ON,
    "attacks": NAME.but("pgd", "clean"),
    "phase": Rule(
        ("0.5:objective=pgd,eps=0.1,attack_steps=5", "0.9:augment_deg=30,restart=false"),
        ("", "0.5", "0.5:", "0.5:pgd", "2:eps=0.1", "0:eps=0.1", "0.5:seed=3", "x:eps=0.1", "0.5:restart=1,eps=0.1"),
    ),
    "epochs": ABOVE_0,
    "learning_rate": ABOVE_0.but("0.1", "1e-4"),
    "optimiser": NAME.but("adam", "sgd"),
    "momentum": SHARE,
    "weight_decay": FROM_0_ON,
    "clip_norm": FROM_0_ON,
    "schedule": NAME.but("linear", "one_cycle"),
    "milestones": SHARE,
    "averaging": SHARE,
    "validation": FROM_0,
    "validate_every": FROM_0,
    "compute": NAME.but("float32", "fastest"),
    # output
    "directions": SWITCH,
    "save_adversarial": SWITCH,
    "smtlib": SWITCH,
    "certificates": SWITCH,
    "out": PLACE,
    "json": SWITCH,
    "no_figure": SWITCH,
    "quiet": SWITCH,
}
ELSEWHERE = {
    ("models", "data"): NAME.but("digits", "mnist", "cifar10", "cifar100"),
    ("models", "network"): TEXT.but("std_cnn", "mlp:width=9,depth=3"),
    ("train", "data"): NAME.but("digits", "mnist", "cifar10", "cifar100"),
    ("tradeoff.simulate", "figures"): NAME.but("tradeoff", "words", "eta", "all"),
    ("tradeoff.gallery", "figures"): NAME.but("words", "eta", "frontier-4"),
    ("check-attack", "limit"): FROM_1.but("100", "1e6", refuses=("99", "1e7")),
    ("check-attack", "scaled_radius"): ABOVE_0.but("1", "1e-4", refuses=("1e300",)),
    ("known-answers", "scaled_radius"): ABOVE_0.but("1", "1e-4", refuses=("1e300",)),
}
"""Names whose values depend on the command: what there is to choose, and bounds that are narrower."""


def rule(command: Command, name: str) -> Rule:
    """What a flag of a command accepts and refuses; a KeyError for one without a rule."""
    return ELSEWHERE.get((called(command), name)) or RULES[name]


def called(command: Command) -> str:
    """The last word of what is typed."""
    return command.program.split()[-1]


def line(command: Command, *words: str, without: str = "") -> list[str]:
    """A command line with all that the command needs, and these words; ``without`` one of what it needs."""
    flags = command.parser().flags
    front = [] if without and flags[without].front else IN_FRONT.get(called(command), [])
    needed = [f"--{name}={value}" for name, value in NEEDED.get(called(command), {}).items() if name != without]
    return [*front, *needed, *words]
