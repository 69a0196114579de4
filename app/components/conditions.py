"""Whose figures must not be ranked, for what a page shows.

Belongs here: asking the edition's conditions of use. Does not belong here: the rule (warehouse), how a table obeys it (controls).
"""

from collections.abc import Iterable
from typing import Protocol

from app.readers import ask
from pipelines.warehouse.querying_indexes import forbids_ranking

NAMED = 3


class OfPlace(Protocol):
    """A row about one city and one indicator."""

    @property
    def city_code(self) -> str: ...
    @property
    def city_name(self) -> str: ...
    @property
    def member_code(self) -> str: ...
    @property
    def indicator_code(self) -> str: ...


def held_reason(edition: str, rows: Iterable[OfPlace]) -> str:
    """Say of whom a source asks that no ranking is made; empty where none does."""
    conditions = ask(edition, "use_conditions")
    return reason_for(
        r.city_name for r in rows if forbids_ranking(conditions, member_code=r.member_code, city_code=r.city_code, indicator_code=r.indicator_code)
    )


def reason_for(held: Iterable[str]) -> str:
    """Spell the reason with the first names; empty without one."""
    names = sorted(set(held))
    more = " and others" if len(names) > NAMED else ""
    return f"a source asks that its figures are not ranked ({', '.join(names[:NAMED])}{more})" if names else ""
