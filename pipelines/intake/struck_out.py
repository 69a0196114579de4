"""Which struck-out cells are asked about: those that a figure of a table rests on.

Belongs here: choosing among what the readers saw. Does not belong here: seeing it (reading/runs).
"""

from pipelines.domain.observations import IntakeResult, ReadingTrouble
from pipelines.domain.texts import column_letters
from pipelines.intake.found_tables import Table
from pipelines.intake.headers import FIGURE_ROLES
from pipelines.intake.reading.runs import STRUCK_RULE

# A remark, a source or a column that is not read may be struck out as its writer likes.
NOT_ASKED = ("comment", "source", "ignored", "left_out", "total", "unknown")


def leave_asked(result: IntakeResult, tables: list[Table], corrected: set[tuple[str, int, str]]) -> None:
    """Keep a struck-out cell as trouble where a figure rests on it and the sender did not correct it.

    In a row whose figure itself is struck out it is asked there alone: the answer says whether the row holds.
    """
    struck = {(t.sheet, t.row, t.column): t for t in result.troubles if t.rule_id == STRUCK_RULE}
    if not struck:
        return
    asked: list[ReadingTrouble] = []
    for table in tables:
        columns = [(column_letters(c.number), c.role) for c in table.columns if c.role not in NOT_ASKED]
        for row in [*range(table.first_header_row, table.header_row + 1), *table.data_rows]:
            here = [(struck[key], role) for letters, role in columns if (key := (table.sheet.name, row, letters)) in struck]
            figures = [t for t, role in here if role in FIGURE_ROLES]
            decided = {t for t, _ in here if (t.sheet, t.row, t.column) in corrected}
            open_ones = figures or [t for t, _ in here]
            asked += [t for t in open_ones if t not in decided]
    result.troubles = [t for t in result.troubles if t.rule_id != STRUCK_RULE] + (asked if tables else list(struck.values()))
