"""Audit of an index: do its indicators belong together, repeat each other, and weigh what they are said to weigh.

Belongs here: correlations, components, alpha, importance, and their limits. Does not belong here: words for readers (exports).
"""

from dataclasses import dataclass

import numpy as np

from pipelines.methods.blocks import Floats
from pipelines.methods.trees import Indices, Tree

WEAK, REDUNDANT = 0.3, 0.92
FIRST_COMPONENT, ALPHA = 0.4, 0.7
IMPORTANCE_RATIO = 2.0
FEWEST = 5


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One check of one thing: what was measured, the limit, and the verdict.

    ``level`` is 0 for indicators; ``place`` and ``other`` are places on that level, -1 for none. ``verdict`` is ``sound``, ``weak``,
    ``negative``, ``redundant``, ``scattered``, ``inconsistent``, ``overweight``, ``underweight`` or ``not_run`` (too few cities, or nothing varies).
    """

    check: str
    level: int
    place: int
    other: int
    measure: float
    limit: float
    verdict: str


def correlation(one: Floats, other: Floats) -> float:
    """Pearson correlation over cities that have both; ``nan`` below five cities or where one does not vary."""
    both = np.isfinite(one) & np.isfinite(other)
    if both.sum() < FEWEST:
        return float("nan")
    x, y = one[both] - one[both].mean(), other[both] - other[both].mean()
    size = np.sqrt((x**2).sum() * (y**2).sum())
    return float((x * y).sum() / size) if size > 1e-12 * max(1.0, float(np.abs(one[both]).max() * np.abs(other[both]).max())) else float("nan")


def correlations(values: Floats) -> Floats:
    """Correlation of every pair of columns; shape (m, m), ones on the diagonal."""
    m = values.shape[1]
    found = np.eye(m)
    for i in range(m):
        for j in range(i + 1, m):
            found[i, j] = found[j, i] = correlation(values[:, i], values[:, j])
    return found


def first_share(values: Floats) -> float:
    """Share of variance of standardised columns that the first component explains, over cities that have all; ``nan`` if too few."""
    whole = values[np.isfinite(values).all(axis=1)]
    if len(whole) < max(FEWEST, values.shape[1] + 1) or values.shape[1] < 2 or (whole.std(axis=0) <= 0).any():
        return float("nan")
    parts = np.linalg.eigvalsh(np.corrcoef(whole, rowvar=False))
    return float(parts[-1] / parts.sum())


def cronbach_alpha(values: Floats) -> float:
    """Cronbach's alpha over cities that have all columns; ``nan`` if too few.

    Source:
        Cronbach (1951): k / (k - 1) (1 - sum of variances / variance of the sum).
    """
    whole = values[np.isfinite(values).all(axis=1)]
    k = values.shape[1]
    if len(whole) < FEWEST or k < 2:
        return float("nan")
    total = whole.sum(axis=1).var(ddof=1)
    return float(k / (k - 1) * (1.0 - whole.var(axis=0, ddof=1).sum() / total)) if total > 0 else float("nan")


def importance(members: Floats, parent: Floats) -> Floats:
    """Effective importance of each member: its squared correlation with the parent, as shares that add up to 1.

    Source:
        Paruolo, Saisana and Saltelli (2013), with the linear correlation ratio.
    """
    squared = np.array([correlation(members[:, k], parent) ** 2 for k in range(members.shape[1])])
    return np.asarray(squared / squared.sum())


def audit(normalised: Floats, levels: tuple[Floats, ...], tree: Tree) -> tuple[AuditLine, ...]:
    """Audit an index.

    Args:
        normalised: shape (n, m), higher better.
        levels: scores of each level up to the index, as ``Index.levels``.

    Source:
        methods.md 1, step 11 (thresholds recalled): parent below 0.3 or negative, pairs above 0.92, first component, alpha, importance.
    """
    lines: list[AuditLine] = []
    below = normalised
    for number, (level, above) in enumerate(zip(tree.levels, levels, strict=True)):
        shares = level.shares
        for parent in range(level.n_parents):
            members = level.members(parent)
            lines += _group(below, members, above[:, parent], shares, number, parent)
        below = above
    pairs = correlations(normalised)
    for i in range(len(pairs)):
        for j in range(i + 1, len(pairs)):
            if np.isnan(pairs[i, j]) or abs(pairs[i, j]) > REDUNDANT:
                verdict = "not_run" if np.isnan(pairs[i, j]) else "redundant"
                lines.append(AuditLine("pair_correlation", 0, i, j, float(pairs[i, j]), REDUNDANT, verdict))
    return tuple(lines)


def _group(below: Floats, members: Indices, above: Floats, shares: Floats, number: int, parent: int) -> list[AuditLine]:
    lines: list[AuditLine] = []
    if len(members) < 2:
        # A group of one is its member: every check would hold by itself.
        return lines
    weighs = importance(below[:, members], above)
    for at, k in enumerate(members):
        r = correlation(below[:, k], above)
        verdict = "not_run" if np.isnan(r) else "negative" if r < 0 else "weak" if r < WEAK else "sound"
        lines.append(AuditLine("parent_correlation", number, int(k), parent, r, WEAK, verdict))
        ratio = float(weighs[at] / shares[k])
        said = "not_run" if np.isnan(ratio) else "overweight" if ratio > IMPORTANCE_RATIO else "underweight" if ratio < 1 / IMPORTANCE_RATIO else "sound"
        limit = 1 / IMPORTANCE_RATIO if said == "underweight" else IMPORTANCE_RATIO
        lines.append(AuditLine("importance", number, int(k), parent, ratio, limit, said))
    if len(members) * FIRST_COMPONENT > 1:
        # Of two the first component explains half at least, and could not fail.
        share = first_share(below[:, members])
        lines.append(AuditLine("first_component", number, -1, parent, share, FIRST_COMPONENT, _above(share, FIRST_COMPONENT, "scattered")))
    alpha = cronbach_alpha(below[:, members])
    lines.append(AuditLine("cronbach_alpha", number, -1, parent, alpha, ALPHA, _above(alpha, ALPHA, "inconsistent")))
    return lines


def _above(measure: float, limit: float, otherwise: str) -> str:
    return "not_run" if np.isnan(measure) else "sound" if measure >= limit else otherwise
