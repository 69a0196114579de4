"""The standard error that a source publishes beside a figure: a number in the figure's own unit.

Belongs here: reading that cell. Does not belong here: which column it is (companion_columns), bringing it to the indicator's unit (dbt).
"""

from pipelines.domain.observations import ReportedObservation
from pipelines.domain.texts import cell_address
from pipelines.intake.found_tables import Table
from pipelines.intake.headers import Column, strip_brackets
from pipelines.intake.matching import MatchedUnit, Matcher
from pipelines.intake.parsing.numbers import DecimalSign, read_number, settle

PERCENT, NUMBER, TEXT = "p", "n", "s"
SHARE_UNIT = "percent"


def fill_standard_error(
    one: ReportedObservation, row: int, table: Table, header: Column, *, matcher: Matcher, sign: DecimalSign, unit: MatchedUnit, factor: float
) -> None:
    """Read the cell beside a figure; what is no number of the figure's unit leaves the value empty, which the contract's rule names.

    Args:
        unit: the figure's unit; a header in another unit, such as per cent beside persons, is not read.
        factor: magnitude of the figure's unit; a header that states its unit without one is in that unit all the same.
    """
    text, kind = table.text(row, header.number), table.kind(row, header.number)
    if not text:
        return
    one.standard_error_written = text + "%" if kind == PERCENT else text
    one.standard_error_cell = cell_address(row, header.number)
    if header.unit is not None and matcher.unit(strip_brackets(header.unit.target)) != unit:
        return
    written = read_number(text)
    in_percent = kind == PERCENT or bool(written.share_sign)
    if kind not in (NUMBER, PERCENT, TEXT) or (in_percent and one.unit_code != SHARE_UNIT) or written.magnitude:
        return
    value = float(text) if kind in (NUMBER, PERCENT) else settle(written, sign)[0]
    one.standard_error_value = None if value is None else float(f"{value * factor:.15g}")
