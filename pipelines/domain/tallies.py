"""Findings counted as they come: every one counts, the first of each cause are listed.

Belongs here: what a report may hold at most. Does not belong here: wording, and what is found.
"""

from collections import Counter
from dataclasses import dataclass, field, replace

from pipelines.domain.findings import CauseCount, Finding, Severity

MAX_OF_CAUSE = 1_000
MAX_LISTED = 20_000
LEAST_OF_CAUSE = 5
# Characters of what stands in a cell that a finding repeats.
MAX_FOUND = 500
Place = tuple[str, str, int | None, str]


def shortened(text: str) -> str:
    """Repeat no more of a cell than tells it from others; how long it is stands behind."""
    return text if len(text) <= MAX_FOUND else f"{text[:MAX_FOUND]}… ({len(text)} characters)"


@dataclass(slots=True)
class Tally:
    """Findings of one file: counts by cause and weight, those that are listed, and every place with a blocker.

    Of a cause at most ``MAX_OF_CAUSE`` are listed, and ``MAX_LISTED`` of a file; of every cause at least the first few, so that a person sees each.
    """

    listed: list[Finding] = field(default_factory=list)
    blocked: set[str] = field(default_factory=set)
    n_found: Counter[tuple[str, str, Severity]] = field(default_factory=Counter)
    n_open: Counter[tuple[str, str, Severity]] = field(default_factory=Counter)
    seen: dict[Place, tuple[int, bool]] = field(default_factory=dict)

    def lists_more(self, rule_id: str, about: str, severity: Severity) -> bool:
        """Whether the next finding of a cause will be listed."""
        n_of_cause = self.n_found[rule_id, about, severity]
        return n_of_cause < LEAST_OF_CAUSE or (n_of_cause < MAX_OF_CAUSE and len(self.listed) < MAX_LISTED)

    def add(self, finding: Finding, *, once: bool = False) -> None:
        """Count a finding, and list it while there is room.

        Args:
            once: whether another of its rule at its place is the same finding; it is explained only when all that it stands for is.
        """
        key = finding.rule_id, finding.about, finding.severity
        place = finding.rule_id, finding.sheet, finding.row, finding.column
        if once and place in self.seen:
            self._merge(finding, place)
            return
        is_listed = self.lists_more(*key)
        self.n_found[key] += 1
        self.n_open[key] += finding.is_open
        if finding.severity is Severity.BLOCKER and finding.place:
            self.blocked.add(finding.place)
        if is_listed:
            self.listed.append(finding)
        if once:
            self.seen[place] = (len(self.listed) - 1 if is_listed else -1), finding.is_open

    def _merge(self, finding: Finding, place: Place) -> None:
        at, was_open = self.seen[place]
        if was_open or not finding.is_open:
            return
        self.seen[place] = at, True
        self.n_open[finding.rule_id, finding.about, finding.severity] += 1
        if at >= 0:
            self.listed[at] = replace(self.listed[at], explanation="")

    @property
    def counts(self) -> tuple[CauseCount, ...]:
        """Every cause with how many it has, in the order in which they came."""
        return tuple(CauseCount(*key, n, self.n_open[key]) for key, n in self.n_found.items())
