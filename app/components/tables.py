"""Tables on screen and as files, from one description; and what stands behind a chosen row.

Belongs here: drawing a TableSpec and a figure's origin. Does not belong here: queries.
"""

from collections import defaultdict
from decimal import Decimal
from functools import partial

import pandas as pd
import streamlit as st
from pandas.io.formats.style import Styler
from streamlit.elements.arrow import SelectionMode

from app.components.controls import Controls
from app.components.sources import source_lines
from app.components.words import plain
from pipelines.exports.error_cells import error_text
from pipelines.exports.files import to_csv, to_xlsx
from pipelines.exports.tables import DOWN, CellKind, TableSpec, figure_text, number_text, status_text
from pipelines.warehouse.querying import Figure, RuleState, Scorecard

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ARROWS = {False: " ↑", True: " ↓"}


def draw_table(table: TableSpec, *, page: Controls, key: str) -> int | None:
    """Draw a table with its files, both in the order that the reader chose by a heading.

    Args:
        page: the page's controls; its ``table`` was asked for this key.

    Returns:
        The index of the chosen row in ``table``, or ``None``.
    """
    state = page.state_of(key)
    order = table.order_by(state.by)
    shown = table.taken(order)
    heads = {c.label + (ARROWS[state.by.startswith(DOWN)] if c.key == state.by.removeprefix(DOWN) else ""): c.key for c in table.columns}
    chosen = [at for at, i in enumerate(order) if state.codes and state.row and state.codes[i] == state.row]
    modes: list[SelectionMode] = ["single-row", "single-column"] if state.codes else ["single-column"]
    # Streamlit's own ordering by a heading stays in one browser and knows no condition of use; with columns to choose it is off, and ours is asked.
    st.dataframe(
        _frame(shown, list(heads)),
        hide_index=True,
        key=page.frame_key(state),
        on_select="rerun",
        selection_mode=modes,
        selection_default={"selection": {"rows": chosen}},
        placeholder="..",
        height=min(640, 36 + 35 * max(1, len(table.rows))),
        alt=table.title,
    )
    page.remember(state, rows=chosen, codes=[state.codes[i] for i in order] if state.codes else [], columns=heads)
    if state.held:
        st.caption(plain(f"Ordered by names and periods only: {state.held}."))
    for note in table.notes:
        st.caption(plain(note))
    draw_downloads(shown, key=page.key(key))
    return order[chosen[0]] if chosen else None


def _frame(table: TableSpec, heads: list[str]) -> Styler:
    """Give the table as a frame whose numbers are spelled by the description; Streamlit's own formats would round to three decimals."""
    columns = [[float(row[i]) if isinstance(row[i], Decimal) else row[i] for row in table.rows] for i in range(len(heads))]
    styled = pd.DataFrame(dict(zip(heads, columns, strict=True))).style
    for at, column in enumerate(table.columns):
        if column.kind is CellKind.NUMBER:
            texts: dict[float, list[int]] = defaultdict(list)
            for number, row in enumerate(table.rows):
                cell = row[at]
                texts[-(int(cell.as_tuple().exponent)) if isinstance(cell, Decimal) else -1].append(number)
            for decimals, numbers in texts.items():
                styled = styled.format(partial(_spell, decimals=int(decimals)), subset=(pd.Index(numbers), [heads[at]]))
    return styled


def _spell(number: float, *, decimals: int) -> str:
    if pd.isna(number):
        return number_text(None)
    return number_text(number) if decimals < 0 else f"{number:,.{decimals}f}"


def draw_downloads(table: TableSpec, *, key: str) -> None:
    """Offer the table as CSV and XLSX, equal to the screen, under the name of its view."""
    stem = table.view.file_stem(table.title)
    left, right, _ = st.columns([1, 1, 3])
    left.download_button("CSV", to_csv(table), f"{stem}.csv", "text/csv", key=f"{key}_csv", on_click="ignore", icon=":material/download:", width="stretch")
    right.download_button("Excel", to_xlsx(table), f"{stem}.xlsx", XLSX_TYPE, key=f"{key}_xlsx", on_click="ignore", icon=":material/download:", width="stretch")


def draw_origin(figure: Figure | None, rules: list[RuleState]) -> None:
    """Show where a figure comes from: its cell, its file, every conversion, every rule."""
    with st.container(border=True):
        st.markdown("##### Where a figure comes from")
        if figure is None:
            st.caption("Choose a row of the table: its source cell, submission, rules and conversions appear here.")
            return
        value = (
            f"{figure_text(figure.harmonised_value, figure.decimals)} {plain(figure.unit_name)}"
            if figure.harmonised_value is not None
            else plain(status_text(figure))
        )
        st.markdown(f"**{plain(figure.city_name)}** · {plain(figure.indicator_name)} · {plain(figure.period_label)}  \n**{value}**")
        written = " ".join(t for t in (figure.value_written, figure.unit_written) if t)
        lines = [
            ("As written", written or "not written: computed from its parts"),
            ("Cell", figure.source_address),
            ("File", figure.source_file_name),
            ("Submission", f"{figure.submission_id}, contract {figure.contract_version}"),
            ("File SHA-256", figure.source_file_sha256),
            ("Period", f"{figure.period_start} to {figure.period_end}"),
            ("Status", status_text(figure)),
            ("Boundary", figure.boundary_code.replace("_", " ") + ("" if figure.has_city_boundary else ": not the city's own boundary")),
            ("Quality", figure.quality_code.replace("_", " ")),
            ("Uncertainty", error_text(figure) or "no value, no error"),
            ("Source", figure.source_note or "not cited"),
            *source_lines(figure),
            ("Definition", figure.definition_confidence.replace("_", " ")),
        ]
        if figure.comment_written:
            lines.append(("Remark", figure.comment_written))
        if figure.explanation_text:
            lines.append(("Explanation", figure.explanation_text))
        st.markdown("  \n".join(f"**{label}** {plain(text)}" for label, text in lines))
        steps = [s for s in figure.conversion_steps.split("; ") if s]
        st.markdown("**Conversions** " + ("none: the value is as written" if not steps else ""))
        for step in steps:
            st.markdown(f"- {plain(step)}")
        draw_rules(rules)


def draw_rules(rules: list[RuleState]) -> None:
    """Show how many rules the submission passed, how many had nothing to compare with, and each one on demand."""
    passed, not_run = (sum(r.check_state == state for r in rules) for state in ("passed", "not_run"))
    idle = f", {not_run} not run (nothing to compare with)" if not_run else ""
    with st.expander(f"Rules: {passed} of {len(rules)} passed{idle}"):
        st.dataframe(
            {
                "Rule": [r.rule_id for r in rules],
                "State": [r.check_state.replace("_", " ") for r in rules],
                "Severity": [r.severity for r in rules],
                "Found": [r.n_found for r in rules],
                "Reason": [r.not_run_reason for r in rules],
            },
            hide_index=True,
            height=280,
        )


def draw_scorecard(rows: list[Scorecard]) -> None:
    """Show how well a city reports, year by year: what is there first, each count beside what it is out of; never a score of performance."""

    def of(part: int, whole: int) -> str:
        return f"{part} of {whole}" if whole else "nothing to judge yet"

    st.dataframe(
        {
            "Year": [r.period_year for r in rows],
            "Complete": [of(r.n_indicators, r.n_asked) for r in rows],
            "Kept up": [of(r.n_kept_up, r.n_due) for r in rows],
            "Steady": [of(r.n_comparable - r.n_breaks, r.n_comparable) for r in rows],
            "In the plausible range": [of(r.n_with_range - r.n_implausible, r.n_with_range) for r in rows],
            "Quality declared": [of(r.n_quality_declared, r.n_values) for r in rows],
        },
        hide_index=True,
        height=min(320, 36 + 35 * len(rows)),
        column_config={"Year": st.column_config.NumberColumn(format="%d")},
        alt="How this city reports, by year",
    )
    st.caption(
        "About reporting, not about performance. Complete: indicators with a figure, of those for which any city here has one that year. "
        "Kept up: of the indicators this city reported before. Steady: indicators that neither tripled nor fell below a third within a year. "
        "In the plausible range: figures inside the range of their indicator. Quality declared: figures whose quality the sender stated."
    )
