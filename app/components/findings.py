"""Findings by cause, the receipt, and what sending would change.

Belongs here: drawing a check's report. Does not belong here: answering (answering), checking (submissions).
"""

from collections import Counter
from collections.abc import Callable

import streamlit as st

from app.components.words import plain
from pipelines.contracts.labels import label
from pipelines.domain.findings import Cause, CheckReport, Finding, Severity
from pipelines.domain.observations import TemplateReturn
from pipelines.settings import Settings
from pipelines.submissions.previewing import Change, Progress, Published
from pipelines.submissions.receipts import states_in_words

ICONS = {Severity.BLOCKER: ":material/block:", Severity.WARNING: ":material/warning:", Severity.NOTE: ":material/info:"}
ORDER = {Severity.BLOCKER: 0, Severity.WARNING: 1, Severity.NOTE: 2}
MAX_SHOWN = 100
NAMED = 8
MANY_REPAIRS = 40
RECEIPT_HEIGHT = 480  # pixels


def by_cause(report: CheckReport) -> list[list[Finding]]:
    """Findings grouped by rule, the heaviest first."""
    groups: dict[str, list[Finding]] = {}
    for finding in report.findings:
        groups.setdefault(finding.rule_id, []).append(finding)
    return sorted(groups.values(), key=lambda g: ORDER[g[0].severity])


def draw_findings(report: CheckReport, language: str, *, below: Callable[[list[Cause]], None] | None = None) -> None:
    """Show findings grouped by rule: what, how many, first and last place, how to mend, and the cells.

    Args:
        below: draws into the box of a group what the person can answer there, from the causes of its rule.
    """
    contracts_dir = Settings().contracts_dir

    def word(name: str, **values: object) -> str:
        return label(contracts_dir, name, language, **values)

    for group in by_cause(report):
        first = group[0]
        with st.container(border=True):
            places = [f.place or word("whole_file") for f in group]
            st.markdown(f"{ICONS[first.severity]} **{plain(first.what)}** {plain(word(first.severity))}")
            st.caption(plain(word("and_more", n=report.n_of_rule(first.rule_id), first=places[0], last=places[-1])))
            st.markdown(plain(first.mend))
            shown = group[:MAX_SHOWN]
            table = {
                word("place"): places[:MAX_SHOWN],
                word("found"): [f.found for f in shown],
                word("expected"): [f.expected for f in shown],
            }
            if any(f.suggestions for f in shown):
                table["→"] = ["; ".join(f"{s.word} ({s.confidence} %)" for s in f.suggestions) for f in shown]
            if any(f.explanation for f in shown):
                table["✎"] = [f.explanation for f in shown]
            st.dataframe(table, hide_index=True, height=min(300, 36 + 35 * len(shown)), key=f"findings-{first.rule_id}")
            if below is not None:
                below([c for c in report.causes if c.findings[0].rule_id == first.rule_id])


def draw_receipt(report: CheckReport, language: str) -> None:
    """Show the receipt: hashes, contract, how the file was read, and the state of every rule."""
    receipt, contracts_dir = report.receipt, Settings().contracts_dir
    lines = [
        ("File SHA-256", receipt.file_sha256),
        ("Contract", f"{receipt.contract_id} {receipt.contract_version}"),
        ("Figures read", receipt.n_observations),
        ("Blank cells", receipt.n_cells_blank),
        ("Rules", states_in_words(receipt.rules)),
        ("Unexplained", receipt.n_unexplained),
        ("Receipt", receipt.receipt_sha256),
    ]
    by = f" by {receipt.explained_by}" if receipt.explained_by else ""
    lines += [(f"Explained{by}", f"{said.cause} ({said.n_found}): {said.words}") for said in receipt.explanations]
    st.markdown("  \n".join(f"**{plain(name)}** {plain(text)}" for name, text in lines))
    if receipt.repairs:
        shown = st.expander(label(contracts_dir, "how_read", language), expanded=True)
        # Never cut: what was left out of the sender's own country stands among these lines.
        box = shown.container(height=RECEIPT_HEIGHT if len(receipt.repairs) > MANY_REPAIRS else "content", border=False)
        box.caption("\n\n".join(plain(repair) for repair in receipt.repairs))
    with st.expander(label(contracts_dir, "rule_states", language)):
        st.dataframe(
            {
                "Rule": [r.rule_id for r in receipt.rules],
                "State": [str(r.state).replace("_", " ") for r in receipt.rules],
                "Severity": [str(r.severity) for r in receipt.rules],
                "Found": [r.n_found for r in receipt.rules],
                "Reason": [r.reason for r in receipt.rules],
            },
            hide_index=True,
            height=360,
        )


def draw_progress(progress: list[Progress], names: dict[str, str]) -> None:
    """Show how much of each goal set the file's cities can be held against, and what would still be missing.

    Args:
        names: indicator code to name.
    """
    if not progress:
        return
    shown = progress[:MAX_SHOWN]
    st.markdown("**Goals that can be judged:** indicators with a figure, of those that each goal set asks for.")
    st.dataframe(
        {
            "City": [p.city_code for p in shown],
            "Goal set": [p.goal_set_code for p in shown],
            "Now": [f"{p.n_before} of {p.n_asked}" for p in shown],
            "After sending": [p.n_after / p.n_asked for p in shown],
            "Indicators": [f"{p.n_after} of {p.n_asked}" for p in shown],
            "Still missing": [", ".join(names.get(c, c) for c in p.missing) for p in shown],
        },
        column_config={"After sending": st.column_config.ProgressColumn(min_value=0, max_value=1, format="percent")},
        hide_index=True,
        height=min(260, 36 + 35 * len(shown)),
        alt="Completeness by city and goal set",
    )


def draw_changes(changes: list[Change], removed: list[Published], template: TemplateReturn | None = None) -> None:
    """Show what sending would change: counts, each revised or amended figure, each goal that moves, what is removed, what stays.

    Args:
        removed: published figures that a reason in the file would stand in the place of.
        template: what became of the figures handed out, when the file is a template.
    """
    counts = Counter(c.kind for c in changes)
    st.markdown(
        f"**If you send this:** {counts['new']} new, {counts['revised']} revised, {counts['amended']} with the same value and something else said of it, "
        f"{counts['same']} unchanged, {len(removed)} removed."
    )
    if template is not None:
        st.markdown(plain(template_words(template)))
    if counts["beside"]:
        st.markdown(
            f"**{counts['beside']} stand beside another figure** of the same city, indicator and period: another boundary or definition is another "
            "figure and not a revision, also where one declares its definition and the other does not. Both stay."
        )
    if kept := sum(c.keeps_source for c in changes):
        st.markdown(f"**{kept} say again what stands with a source, and name none:** the figure with its source stays.")
    moved = [c for c in changes if c.kind in ("revised", "amended", "beside") or (c.kind == "new" and c.goals)][:MAX_SHOWN]
    if moved:
        st.dataframe(
            {
                "City": [c.figure.city_code for c in moved],
                "Indicator": [c.figure.indicator_code for c in moved],
                "Period": [f"{c.figure.period_start} – {c.figure.period_end}" for c in moved],
                "Boundary": [c.figure.boundary_code.replace("_", " ") for c in moved],
                "Definition": [c.figure.figure_definition_code.replace("_", " ") for c in moved],
                "Before": [c.before for c in moved],
                "After": [c.figure.value for c in moved],
                "Unit": [c.figure.unit_code for c in moved],
                "Also changes": [c.attributes_text for c in moved],
                "Stays beside": [c.beside_text for c in moved],
                "Goals": ["; ".join(c.goals) for c in moved],
            },
            hide_index=True,
            height=min(260, 36 + 35 * len(moved)),
        )
    draw_removed(removed[:MAX_SHOWN])


def draw_removed(removed: list[Published]) -> None:
    """Show each figure that would be gone after sending."""
    if not removed:
        return
    st.markdown("**Removed by a reason in its place**, with what was computed from it:")
    st.dataframe(
        {
            "City": [p.city_code for p in removed],
            "Indicator": [p.indicator_code for p in removed],
            "Period": [f"{p.period_start} – {p.period_end}" for p in removed],
            "Removed": [p.value for p in removed],
            "Boundary": [p.boundary_code.replace("_", " ") for p in removed],
        },
        hide_index=True,
        height=min(260, 36 + 35 * len(removed)),
    )


def template_words(template: TemplateReturn) -> str:
    """Say what became of the figures that were handed out: emptying or deleting a row removes nothing."""
    words = f"Of {template.n_handed_out} figures handed out in the template {template.n_unchanged} stand as they were and are not sent again."
    for keys, what in ((template.emptied, "were emptied"), (template.absent, "are not in the file any more")):
        if keys:
            named = "; ".join(keys[:NAMED]) + (f"; and {len(keys) - NAMED} more" if len(keys) > NAMED else "")
            words += f" {len(keys)} {what}, which removes nothing: they stay as they were accepted ({named})."
    return words
