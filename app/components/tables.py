"""Tables on screen and as files, from one description; and what stands behind a chosen row.

Belongs here: drawing a TableSpec and a figure's origin. Does not belong here: queries.
"""

import re

import pandas as pd
import streamlit as st

from app.components.sources import source_lines
from app.components.words import plain
from pipelines.exports.error_cells import error_text
from pipelines.exports.files import to_csv, to_xlsx
from pipelines.exports.tables import CellKind, TableSpec, number_text, status_text
from pipelines.warehouse.querying import Figure, RuleState, Scorecard

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def draw_table(table: TableSpec, *, key: str) -> int | None:
    """Draw a table with its files.

    Returns:
        The index of the chosen row, or ``None``.
    """
    frame = pd.DataFrame({c.label: [row[i] for row in table.rows] for i, c in enumerate(table.columns)})
    # The spelling is the TableSpec's; Streamlit's own number formats would round to three decimals.
    spelled = frame.style.format({c.label: _spell for c in table.columns if c.kind is CellKind.NUMBER})
    event = st.dataframe(
        spelled,
        hide_index=True,
        key=key,
        on_select="rerun",
        selection_mode="single-row",
        placeholder="..",
        height=min(640, 36 + 35 * max(1, len(table.rows))),
        alt=table.title,
    )
    for note in table.notes:
        st.caption(plain(note))
    draw_downloads(table, key=key)
    rows = event["selection"]["rows"] if event else []
    return int(rows[0]) if rows and rows[0] < len(table.rows) else None


def _spell(number: float) -> str:
    return number_text(None if pd.isna(number) else number)


def draw_downloads(table: TableSpec, *, key: str) -> None:
    """Offer the table as CSV and XLSX, equal to the screen."""
    stem = re.sub(r"[^a-z0-9]+", "-", table.title.lower()).strip("-")[:60] + "-" + table.edition_id
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
        value = f"{number_text(figure.harmonised_value)} {plain(figure.unit_name)}" if figure.harmonised_value is not None else plain(status_text(figure))
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
