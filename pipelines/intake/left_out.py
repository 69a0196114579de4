"""What an answer, or another country, leaves out of a table; named in the receipt.

Belongs here: counting what is left out, and the lines that say so. Does not belong here: whose a row is (places).
"""

from collections import Counter

from pipelines.intake.countries import Whose
from pipelines.intake.matching import Matcher
from pipelines.intake.own_names import LIKE_ENOUGH, Likeness, OwnNames
from pipelines.intake.places import Place

N_SHOWN = 5
NO_NAME = "(no name)"


class LeftOut:
    """Names that one table's figures were left out by."""

    def __init__(self, matcher: Matcher, own: OwnNames) -> None:
        self.matcher = matcher
        self.own = own
        self.names: Counter[str] = Counter()
        self.like_ours: dict[str, int] = {}
        self.elsewhere: Counter[tuple[str, str]] = Counter()

    def takes_city(self, place: Place) -> bool:
        """Whether a figure is left out by its place; what looks like a city of the sender's own stays asked until it is answered by name."""
        if place.elsewhere:
            self.elsewhere[place.written, place.country.written] += 1
            return True
        if place.is_asked or not self.matcher.leaves_out("city", place.code):
            return False
        likeness = self.own.of(place.written) if place.written else Likeness.NONE
        if place.code is None and likeness in (Likeness.SAME, Likeness.LIKE):
            return False
        self._count(place.written or NO_NAME, is_ours=likeness is not Likeness.NONE or place.country.whose is Whose.OWN)
        return True

    def takes_indicator(self, written: str, code: str | None, state: str) -> bool:
        """Whether a figure is left out by its indicator; a code that only lacks its edition stays asked."""
        if not self.matcher.leaves_out("indicator", code) or (code is None and state == "edition_missing"):
            return False
        near = any(w.confidence >= LIKE_ENOUGH for w in self.matcher.suggest("indicators", written)) if written not in self.names else False
        self._count(written, is_ours=near)
        return True

    def _count(self, written: str, *, is_ours: bool) -> None:
        self.names[written] += 1
        if is_ours:
            self.like_ours[written] = self.names[written]

    def lines(self) -> list[str]:
        """Say what was left out: every name of the sender's own country or catalogue in full, of all others how many."""
        lines = []
        if self.elsewhere:
            ours = [n for n in self.elsewhere if self.own.of(n[0]) is not Likeness.NONE]
            shown = [*ours, *[n for n in self.elsewhere if n not in ours][:N_SHOWN]]
            words = ", ".join(f"{name!r} ({country})" for name, country in shown) + (" …" if len(shown) < len(self.elsewhere) else "")
            lines.append(f"{self.elsewhere.total()} figures of {len(self.elsewhere)} places in other countries left out: {words}")
        if self.names:
            words = ", ".join(repr(w) for w in list(self.names)[:N_SHOWN]) + (" …" if len(self.names) > N_SHOWN else "")
            lines.append(f"{self.names.total()} figures of {len(self.names)} names left out by the sender's answer: {words}")
        if self.like_ours:
            words = ", ".join(repr(w) for w in self.like_ours)
            lines.append(f"left out by the sender's answer, of the sender's own country or like its cities or known indicators: {words}")
        return lines
