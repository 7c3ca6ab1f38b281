r"""Reference values for the cyclic-code Gaussian model, made without the project: NumPy, SciPy, mpmath only.

Source: the definitions of shared/theory.md 0, B.1, B.2, C.1, C.5, re-derived here: s = 2, X | Y ~ N(s Y c / sqrt d, I),
x_0 = +-Y, K shifts, u_j = r_j(c) / sqrt d, z_j = <u_j, x>, rho_j = <u, u_j>, rbar their mean, G = circ(rho),
L = log(p / (1-p)); g_J = sign(F_J + L x_0) with F_J(z) = log sum_J exp(s z_j) - log sum_J exp(-s z_j).

Closed form: a linear rule sign(<w, x> + b x_0) is right with probability p Phi(mu + b) + (1-p) Phi(mu - b); 30 digits.
g_J: F_J(z + t 1) = F_J(z) + 2 s t, and the mean of z, N(s rbar, rbar), is independent of z' = z - mean(z), so
    Pr(right | x_0 = xi Y) = E Phi((s rbar + (F_J(z') + L xi) / (2s)) / sqrt(rbar)).
  The expectation over the K-1 dimensions of z' uses product Gauss-Hermite rules (K <= 4, no attack) or scrambled Sobol
  points. For r_k(X) the mean of z is s rho_{j-k}; "spatial" averages over all k. Both atoms of x_0 are summed.
Worst attack on g_J: the l_inf ball of radius a / sqrt d moves z by -a sum_v f_v e_v v, |e_v| <= 1. In one e_v alone
  the ratio inside F_J is (A t + B) / (C + D t), t = exp(-2 s a f_v e_v), so monotone: the minimum over the box is at a
  corner, exactly, for every K and J. All corners are enumerated; one that another corner undercuts in every z_j is
  dropped, because F_J increases in every z_j.

Run `python tests/data/make_reference.py`: it writes reference.json beside itself (fixed seeds; SciPy >= 1.15).
"""

import itertools
import json
import math
from collections import Counter
from fractions import Fraction
from pathlib import Path

import mpmath
import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import qmc

mpmath.mp.dps = 30
SIGNAL = 2
RADII = (0.5, 1.0, 1.5, 2.0, 4.0)
REPLICATES, LOG2_POINTS = 16, 17
SPREAD = 8  # half-width in standard errors: t with 15 degrees of freedom exceeds 7.6 once in 10^6
COARSE, FINE = 48, 64  # Gauss-Hermite nodes per dimension; their difference times SPREAD is the error
ABOUT = (
    "Made by make_reference.py beside this file, which states the methods; none of the project's code is used. s = 2. "
    "columns: the word's K-periodic columns, how many of each (their sum is the step, length = K * step). "
    "correlations: rho_0..rho_{K-1}. rule: bayes = f*; augmented = g_J, J = members; robust = f_a, a = built_for. "
    "quantity: standard; spatial = accuracy on r_j(X), mean over all K shifts; adversarial = Pr(f(X + A) = Y); "
    "invariance = Pr(f(r_j X) = f(X)), mean over all K shifts, j = 0 among them; fooling = Pr(f(X + A) != f(X)) (the "
    "paper plots 1 minus this); best_adversarial = R*(a). attack: worst = sees the label, label_blind = sees x only. "
    "scaled_radius: a = eps sqrt(length), eps < 1. error: half-width; closed form 1e-15, otherwise 8 standard errors "
    "of 16 scramblings or 8 times the difference of two Gauss-Hermite rules, never below 1e-15."
)


def golay(shifts: int, constant: int, each: int) -> dict[str, int]:
    """Columns: `constant` constant ones and `each` of both members of a Golay pair of length `shifts`."""
    first, second = "+", "+"
    while len(first) < shifts:
        first, second = first + second, first + second.translate(str.maketrans("+-", "-+"))
    columns = Counter({first: each})
    columns.update({second: each, "+" * shifts: constant})
    return {column: count for column, count in sorted(columns.items()) if count}


LAWS = {
    "golay quarter K=2": (golay(2, 4, 6), (0.5, 0.7)),
    "golay quarter K=4": (golay(4, 4, 6), (0.5, 0.7)),
    "golay quarter K=8": (golay(8, 4, 6), (0.5,)),
    "golay zero K=2": (golay(2, 0, 8), (0.5, 0.7)),
    "golay zero K=4": (golay(4, 0, 8), (0.5, 0.7)),
    "golay zero K=8": (golay(8, 0, 8), (0.5,)),
    "four odd patterns K=4": ({"++++": 4, "+++-": 12}, (0.5, 0.7)),
    "three even patterns K=4": ({"++++": 7, "++--": 6, "+-+-": 3}, (0.5, 0.7)),
    "plain K=3": ({"+++": 4, "++-": 5}, (0.5,)),
    "plain K=12": ({"+" * 12: 4, "++++-+--+-++": 7, "+++---++-+--": 5}, (0.5,)),
}


def signs(column: str) -> np.ndarray:
    return np.array([1 if letter == "+" else -1 for letter in column])


def shift_correlations(columns: dict[str, int]) -> list[Fraction]:
    """rho_j: the periodic autocorrelation of the columns, averaged."""
    total = sum(count * len(column) for column, count in columns.items())
    overlap = sum(n * np.correlate(np.tile(signs(c), 2)[:-1], signs(c)) for c, n in columns.items())
    return [Fraction(int(value), total) for value in overlap]


def pattern_frequencies(columns: dict[str, int], members: list[int]) -> dict[tuple[int, ...], float]:
    """f_v over coordinates, up to the sign of v: a column contributes each of its rotations, read at `members`."""
    frequencies: dict[tuple[int, ...], float] = {}
    weight = 1 / sum(count * len(column) for column, count in columns.items())
    for column, count in columns.items():
        for start in range(len(column)):
            pattern = np.roll(signs(column), -start)[members]
            key = tuple((pattern * pattern[0]).tolist())
            frequencies[key] = frequencies.get(key, 0.0) + count * weight
    return frequencies


def worst_corners(columns: dict[str, int], members: list[int]) -> np.ndarray:
    """(corners, |J|) moves of z at a = 1 that can be worst; e = 1 on constant patterns, since F rises along 1."""
    frequencies = pattern_frequencies(columns, members)
    moves = np.array([np.array(v) * f for v, f in frequencies.items() if len(set(v)) > 1])
    constant = sum(f for v, f in frequencies.items() if len(set(v)) == 1)
    choices = np.array(list(itertools.product((-1, 1), repeat=len(moves))))
    left = np.unique((choices @ moves - constant).round(12), axis=0)
    left = left[np.argsort(left.sum(axis=1), kind="stable")]
    kept = []
    while len(left):  # nothing undercuts the smallest sum
        kept.append(left[0])
        left = left[(left < left[0] - 1e-9).any(axis=1)]
    return np.array(kept)


def scores(z: np.ndarray, moves: np.ndarray) -> np.ndarray:
    """min over moves of F_J(z + move); z is (points, |J|)."""
    up, down = np.exp(SIGNAL * moves).T, np.exp(-SIGNAL * moves).T
    blocks = np.array_split(z, max(1, len(z) // 512))
    return np.log(np.concatenate([((np.exp(SIGNAL * b) @ up) / (np.exp(-SIGNAL * b) @ down)).min(1) for b in blocks]))


def perpendicular_root(rho: np.ndarray) -> np.ndarray:
    """(K, K-1) matrix R with R R^T = G - rbar 1 1^T; the Hartley basis diagonalises symmetric circulants."""
    size = len(rho)
    angles = 2 * np.pi * np.outer(np.arange(size), np.arange(size)) / size
    eigenvalues = np.cos(angles) @ rho
    basis = (np.cos(angles) + np.sin(angles)) / math.sqrt(size)
    root = (basis * np.sqrt(np.clip(eigenvalues, 0, None)))[:, 1:]
    assert np.allclose(root @ root.T, rho[np.subtract.outer(range(size), range(size)) % size] - rho.mean())
    return root


def hermite(dimension: int, nodes: int) -> tuple[np.ndarray, np.ndarray]:
    points, weights = np.polynomial.hermite_e.hermegauss(nodes)
    grid = np.stack(np.meshgrid(*[points] * dimension, indexing="ij"), axis=-1).reshape(-1, dimension)
    return grid, np.array(list(itertools.product(weights / weights.sum(), repeat=dimension))).prod(axis=1)


def sobol(dimension: int, replicate: int) -> tuple[np.ndarray, np.ndarray]:
    points = qmc.Sobol(dimension, rng=1000 * dimension + replicate).random_base2(LOG2_POINTS)
    return ndtri(points + 2.0**-31), np.full(len(points), 2.0**-LOG2_POINTS)  # middle of the 30-bit cell: never 0


def augmented(rho: np.ndarray, members: list[int], moves: np.ndarray, shifts: range, ps: tuple[float, ...]) -> list:
    """Per p: (value, error, method) of g_J's accuracy, mean over `shifts`, when z may be moved by any of `moves`."""
    size, rbar, root = len(rho), rho.mean(), perpendicular_root(rho)

    def accuracies(normals: np.ndarray, weights: np.ndarray) -> np.ndarray:
        total = np.zeros(len(ps))
        for shift in shifts:
            z = SIGNAL * (np.roll(rho, shift) - rbar) + normals @ root.T
            score = scores(z[:, members], moves)
            for i, p in enumerate(ps):
                for probability, lean in ((p, math.log(p / (1 - p))), (1 - p, -math.log(p / (1 - p)))):
                    margin = (SIGNAL * rbar + (score + lean) / (2 * SIGNAL)) / math.sqrt(rbar)
                    total[i] += probability * (weights @ ndtr(margin)) / len(shifts)
        return total

    if size <= 4 and len(moves) == 1:  # smooth integrand
        values = accuracies(*hermite(size - 1, FINE))
        errors = SPREAD * abs(values - accuracies(*hermite(size - 1, COARSE)))
        method = f"Gauss-Hermite {FINE}^{size - 1} against {COARSE}^{size - 1}"
    else:
        runs = np.array([accuracies(*sobol(size - 1, replicate)) for replicate in range(REPLICATES)])
        values, errors = runs.mean(axis=0), SPREAD * runs.std(axis=0, ddof=1) / math.sqrt(REPLICATES)
        method = f"Sobol {REPLICATES} x 2^{LOG2_POINTS}, {len(moves)} corner(s)"
    return [(round(float(v), 12), float(f"{max(e, 1e-15):.1e}"), method) for v, e in zip(values, errors, strict=True)]


def h(mean: float, lean: float, p: float) -> mpmath.mpf:
    """p Phi(mean + lean) + (1-p) Phi(mean - lean)."""
    p = mpmath.mpf(p)
    return p * mpmath.ncdf(mean + lean) + (1 - p) * mpmath.ncdf(mean - lean)


def entry(rule: str, params: dict, quantity: str, p: float, result, radius=None, attack="worst") -> dict:
    value, error, method = result if isinstance(result, tuple) else (float(result), 1e-15, "closed form")
    return {
        "rule": rule, "rule_params": params, "quantity": quantity, "attack": None if radius is None else attack, "p": p,
        "scaled_radius": radius, "value": value, "error": error, "method": method,
    }  # fmt: skip


def linear_entries(rho: list[Fraction], p: float, radii: tuple[float, ...]):
    """f*, f_a and R*(a): the direction u and a weight on x_0, which cannot be attacked for eps < 1."""
    odds, p_exact = mpmath.log(mpmath.mpf(p) / (1 - mpmath.mpf(p))), mpmath.mpf(p)
    overlaps = [mpmath.mpf(r.numerator) / r.denominator for r in rho]
    robust = [("robust", {"built_for": a}, odds / (2 * (SIGNAL - a))) for a in RADII if a < SIGNAL]
    for rule, params, lean in [("bayes", {}, odds / (2 * SIGNAL)), *robust]:
        yield entry(rule, params, "standard", p, h(SIGNAL, lean, p))
        yield entry(rule, params, "spatial", p, sum(h(SIGNAL * r, lean, p) for r in overlaps) / len(rho))
        yield from (entry(rule, params, "adversarial", p, h(SIGNAL - a, lean, p), a) for a in radii)
    for a in (a for a in RADII if a >= SIGNAL and odds):  # sign(x_0); at p = 1/2 a tie everywhere, left out
        yield from (entry("robust", {"built_for": a}, quantity, p, p_exact) for quantity in ("standard", "spatial"))
        yield from (entry("robust", {"built_for": a}, "adversarial", p, p_exact, b) for b in radii)
    for a in radii:
        best = h(SIGNAL - a, odds / (2 * (SIGNAL - a)), p) if a < SIGNAL else p_exact
        yield entry("robust", {"built_for": a}, "best_adversarial", p, best, a)


def augmented_entries(columns: dict[str, int], rho: list[Fraction], ps: tuple[float, ...], radii: tuple[float, ...]):
    """g_K (closed for K = 2, where F = s (z_0 + z_1)), and for K = 8 the partly augmented g_J."""
    size, numeric = len(rho), np.array([float(r) for r in rho])
    if size == 2:
        root = mpmath.sqrt((1 + mpmath.mpf(rho[1].numerator) / rho[1].denominator) / 2)
        for p in ps:
            lean = mpmath.log(mpmath.mpf(p) / (1 - mpmath.mpf(p))) / (2 * SIGNAL * root)
            for quantity in ("standard", "spatial"):
                yield entry("augmented", {"members": [0, 1]}, quantity, p, h(SIGNAL * root, lean, p))
            for a in radii:
                yield entry("augmented", {"members": [0, 1]}, "adversarial", p, h((SIGNAL - a) * root, lean, p), a)
        return
    ranges = [[j % size for j in range(-reach, reach + 1)] for reach in (1, 2, 3)] if size == 8 else []
    for members in [*ranges, list(range(size))]:
        params, still = {"members": members}, np.zeros((1, len(members)))
        corners = worst_corners(columns, members) if radii else still  # K = 12 has too many to list
        tasks = [("standard", None, still, range(1)), ("spatial", None, still, range(size))]
        tasks += [("adversarial", a, a * corners, range(1)) for a in radii]
        for quantity, radius, moves, shifts in tasks:
            for p, result in zip(ps, augmented(numeric, members, moves, shifts, ps), strict=True):
                yield entry("augmented", params, quantity, p, result, radius)


def metric_entries():
    """K = 2, rho = 0, p = 1/2: f* reads N(s Y, 1); g_2 reads N(s Y / sqrt 2, 1), moved by at most a / sqrt 2."""
    cdf, root = mpmath.ncdf, mpmath.sqrt(mpmath.mpf(1) / 2)
    yield entry("bayes", {}, "invariance", 0.5, mpmath.mpf(3) / 4)  # <u, x>, <u_1, x> independent, the latter centred
    yield entry("augmented", {"members": [0, 1]}, "invariance", 0.5, mpmath.mpf(1))
    for a in RADII:
        for rule, params, scale in (("bayes", {}, 1), ("augmented", {"members": [0, 1]}, root)):
            fooled = cdf(scale * (a - SIGNAL)) - cdf(-scale * (a + SIGNAL))
            yield entry(rule, params, "fooling", 0.5, fooled, a)
        blind = cdf(SIGNAL - a) + cdf(-SIGNAL) - cdf(-SIGNAL - a)  # every score below a in modulus is flipped
        yield entry("bayes", {}, "adversarial", 0.5, blind, a, attack="label_blind")


def main() -> None:
    blocks = []
    for name, (columns, ps) in LAWS.items():
        rho, radii = shift_correlations(columns), () if name == "plain K=12" else RADII
        entries = [item for p in ps for item in linear_entries(rho, p, radii)]
        entries += augmented_entries(columns, rho, ps, radii)
        entries += metric_entries() if name == "golay zero K=2" else []
        head = {"columns": columns, "shifts": len(rho), "correlations": [float(r) for r in rho]}
        lines = ",\n".join(json.dumps(item) for item in entries)
        blocks.append(f'{json.dumps(name)}: {json.dumps(head)[:-1]}, "entries": [\n{lines}\n]}}')
    text = f'{{"about": {json.dumps(ABOUT)},\n"laws": {{\n' + ",\n".join(blocks) + "\n}}\n"
    Path(__file__).with_name("reference.json").write_text(text)


if __name__ == "__main__":
    main()
