"""About the data: which city has what, who sent it, how the edition was made."""

from collections import defaultdict
from typing import Any

import streamlit as st

from app.components.charts import draw_coverage
from app.components.controls import Controls
from app.components.tables import draw_table
from app.components.words import plain
from app.identity import now
from app.readers import ask, require_edition
from pipelines.contracts.catalogues import load_registry
from pipelines.editions.reading import Edition
from pipelines.exports.change_tables import CORRECTION_COLUMNS, corrections_table
from pipelines.exports.error_cells import KIND_COLUMNS, kind_rows
from pipelines.exports.views import View
from pipelines.settings import Settings
from pipelines.warehouse.querying import Coverage

EVERYBODY = "all"


def cities_by_member(shown: list[Coverage]) -> list[dict[str, Any]]:
    """Give one square per member and indicator."""
    cities: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in shown:
        cities[row.member_code, row.indicator_name] += [row.city_name] if row.n_values else []
    return [{"column": m, "indicator": i, "n": len(names), "detail": ", ".join(names)} for (m, i), names in cities.items()]


def periods_by_city(shown: list[Coverage]) -> list[dict[str, Any]]:
    """Give one square per city and indicator."""
    return [
        {
            "column": c.city_name,
            "indicator": c.indicator_name,
            "n": c.n_values,
            "detail": f"{c.first_year or ''} to {c.last_year or ''}; {c.n_without_value} without a value",
        }
        for c in shown
    ]


def draw_submissions(known: str) -> None:
    """Show every accepted submission."""
    st.subheader("Submissions")
    sent = ask(known, "submissions")
    st.dataframe(
        {
            "Submission": [s.submission_id for s in sent],
            "Member": [s.member_code for s in sent],
            "File": [s.source_file_name for s in sent],
            "Figures": [s.n_observations for s in sent],
            "Contract": [s.contract_version for s in sent],
            "Ledger event": [s.accepted_seq for s in sent],
            "File SHA-256": [s.source_file_sha256 for s in sent],
        },
        hide_index=True,
        alt="Accepted submissions",
    )


def draw_edition(edition: Edition) -> None:
    """Show what the edition was made from and what its gate found."""
    st.subheader("The edition")
    manifest = edition.manifest
    gate = manifest["gate"]
    passed = sum(g["check_state"] == "passed" for g in gate)
    lines = [
        ("Edition", edition.edition_id),
        ("Ledger head", f"event {manifest['ledger_head']['seq']}, {manifest['ledger_head']['hash']}"),
        ("Gate", f"{len(gate)} rules ran before publication, {passed} passed, {len(gate) - passed} warned"),
        ("Code", manifest["inputs"]["code_sha256"]),
        ("Contracts", manifest["inputs"]["contracts_sha256"]),
        ("Models", manifest["inputs"]["models_sha256"]),
    ]
    st.markdown("  \n".join(f"**{label}** {plain(text)}" for label, text in lines))
    with st.expander("Rules of the gate"):
        st.dataframe(
            {"Relation": [g["relation"] for g in gate], "Rule": [g["rule_id"] for g in gate], "State": [g["check_state"] for g in gate]}, hide_index=True
        )


def draw_waivers() -> None:
    """Show every waiver: which rule is set aside for whom, why, by whom, until when."""
    st.subheader("Waivers")
    waivers = load_registry(Settings().contracts_dir)["waivers"]
    if not waivers:
        st.markdown("No rule is set aside for anyone.")
        return
    today = now().date().isoformat()
    states = ["lapsed" if w["expires_on"] and w["expires_on"] < today else "in force" for w in waivers]
    st.dataframe({"State": states} | {name.replace("_", " ").capitalize(): [w[name] for w in waivers] for name in waivers[0]}, hide_index=True)


def draw_kinds() -> None:
    """Show the default error of each kind of source, with what it rests on."""
    st.subheader("How far off a figure may be")
    st.markdown(
        "One standard error, as a share of the figure (of a share: of it or of its rest, whichever is smaller). A standard error that the source "
        "publishes wins, then the quality that the sender declares, then the default of the kind of source below. Half of the variance is shared by "
        "figures of one publisher and kind."
    )
    rows = kind_rows(load_registry(Settings().contracts_dir)["method_kinds"])
    columns = dict(zip(KIND_COLUMNS, zip(*rows, strict=True), strict=True))
    st.dataframe({name: list(cells) for name, cells in columns.items()}, hide_index=True, alt="Default error of each kind of source")


def draw_corrections(page: Controls, view: View) -> None:
    """Show every decided correction: what stood, what was put in its place, why, by whom."""
    st.subheader("Corrections")
    decided = ask(page.edition_id, "corrections")
    if not decided:
        st.markdown("No figure was corrected: every one stands as its sender sent it.")
        return
    draw_table(corrections_table(decided, view=view), page=page, key="corrections")


def render() -> None:
    edition = require_edition()
    known = edition.edition_id
    coverage = ask(known, "coverage")
    st.title("About the data")
    st.markdown(
        "Every figure was sent in a file, checked by the rules of its contract, and converted by steps that are listed beside it. "
        "Observed, derived, missing, not applicable and suppressed are different things and are shown as such."
    )
    page = Controls("about_data", "About the data", known)
    members = sorted({c.member_code for c in coverage})
    member = page.choose("member", [EVERYBODY, *members], label="Member", spell=lambda m: "All members" if m == EVERYBODY else m)
    page.table("corrections", CORRECTION_COLUMNS)
    view = page.settle()
    st.subheader("Which city has what")
    page.draw("member")
    shown = [c for c in coverage if member in (EVERYBODY, c.member_code)]
    if member == EVERYBODY:
        draw_coverage(cities_by_member(shown), across="Member", counted="Cities with a value")
    else:
        draw_coverage(periods_by_city(shown), across="City", counted="Periods with a value")
    st.caption("Blue: values. Red: asked for, answered without a value. Empty: never sent. Choose a member to see its cities.")
    st.dataframe(
        {
            "City": [c.city_name for c in shown],
            "Member": [c.member_code for c in shown],
            "Indicator": [c.indicator_name for c in shown],
            "Periods": [c.n_values for c in shown],
            "First year": [c.first_year for c in shown],
            "Last year": [c.last_year for c in shown],
            "Without value": [c.n_without_value for c in shown],
            "Reason": [(c.reason_code or "").replace("_", " ") for c in shown],
        },
        hide_index=True,
        height=360,
        alt="Coverage by city and indicator",
        column_config={"First year": st.column_config.NumberColumn(format="%d"), "Last year": st.column_config.NumberColumn(format="%d")},
    )
    draw_submissions(known)
    draw_kinds()
    draw_waivers()
    draw_corrections(page, view)
    draw_edition(edition)


if __name__ in ("__main__", "__page__"):
    render()
