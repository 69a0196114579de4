"""What `verify` finds.

Belongs here: one damage in words. Does not belong here: faults of a member's data (findings), how damages are found.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that is not as it was written: where it lies, and what is wrong with it."""

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"
