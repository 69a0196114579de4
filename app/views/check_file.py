"""Check a file: upload, findings, receipt. Nothing is stored."""

import datetime
import json
from collections import Counter

import streamlit as st

from app.components.controls import choose
from app.components.words import plain
from pipelines.contracts.catalogues import load_contract, load_registry
from pipelines.domain.answers import Answers
from pipelines.domain.errors import CitybenchError
from pipelines.domain.findings import CheckReport, CheckState, Severity
from pipelines.intake.reporting import FileToRead
from pipelines.settings import Settings
from pipelines.submissions.checking import CheckRequest, Home, check_file
from pipelines.submissions.receipts import report_to_dict

MAX_MEGABYTES = 2
DECIMALS = {"": "Decide from the file", ".": "Dot (1,234.5)", ",": "Comma (1.234,5)"}
ICONS = {Severity.BLOCKER: ":material/block:", Severity.WARNING: ":material/warning:", Severity.NOTE: ":material/info:"}


def draw_findings(report: CheckReport) -> None:
    """Show findings grouped by cause, each with its cell."""
    for rule_id, n in Counter(f.rule_id for f in report.findings).items():
        group = [f for f in report.findings if f.rule_id == rule_id]
        first = group[0]
        with st.container(border=True):
            st.markdown(f"{ICONS[first.severity]} **{plain(first.what)}** {first.severity}, {n} {'place' if n == 1 else 'places'}")
            st.markdown(plain(first.mend))
            st.dataframe(
                {
                    "Sheet": [f.sheet for f in group],
                    "Cell": [f.cell or "whole file" for f in group],
                    "Found": [f.found for f in group],
                    "Expected": [f.expected for f in group],
                },
                hide_index=True,
                height=min(300, 36 + 35 * len(group)),
            )


def draw_receipt(report: CheckReport) -> None:
    """Show the receipt: hashes, contract, and the state of every rule."""
    receipt = report.receipt
    states = Counter(r.state for r in receipt.rules)
    lines = [
        ("File SHA-256", receipt.file_sha256),
        ("Contract", f"{receipt.contract_id} {receipt.contract_version}"),
        ("Figures read", receipt.n_observations),
        ("Blank cells", receipt.n_cells_blank),
        ("Rules", ", ".join(f"{states[s]} {s.replace('_', ' ')}" for s in CheckState if states[s])),
        ("Receipt", receipt.receipt_sha256),
    ]
    st.markdown("  \n".join(f"**{label}** {plain(text)}" for label, text in lines))
    for repair in receipt.repairs:
        st.caption(plain(f"Read: {repair}"))
    with st.expander("State of every rule"):
        st.dataframe(
            {
                "Rule": [r.rule_id for r in receipt.rules],
                "State": [str(r.state) for r in receipt.rules],
                "Severity": [str(r.severity) for r in receipt.rules],
                "Found": [r.n_found for r in receipt.rules],
                "Reason": [r.reason for r in receipt.rules],
            },
            hide_index=True,
            height=360,
        )
    document = json.dumps(report_to_dict(report), ensure_ascii=False, indent=1)
    st.download_button(
        "Receipt and findings (JSON)",
        document.encode(),
        f"receipt-{receipt.receipt_sha256[:12]}.json",
        "application/json",
        on_click="ignore",
        icon=":material/download:",
    )


def render() -> None:
    settings = Settings()
    st.title("Check a file")
    st.markdown("Send the spreadsheet you already have. You get every fault with its cell, or the word that it can be accepted. **Nothing is stored.**")
    members = {m["member_code"]: m["name_en"] for m in load_registry(settings.contracts_dir)["members"]}
    first, second, third = st.columns(3)
    with first:
        member = choose("Member", list(members), key="member", spell=lambda m: members[m])
    with second:
        encoding = st.text_input("Encoding, if asked", key="encoding", placeholder="decided from the file")
    with third:
        decimal = st.selectbox("Decimal sign, if asked", list(DECIMALS), format_func=DECIMALS.get, key="decimal")
    upload = st.file_uploader(f"Spreadsheet: .xlsx, .csv or .tsv, up to {MAX_MEGABYTES} MB", type=["xlsx", "csv", "tsv"], max_upload_size=MAX_MEGABYTES)
    if upload is None:
        limits = load_contract(settings.contracts_dir)
        st.caption(plain(f"Contract {limits.contract_id} {limits.version}, {len(limits.rules)} rules."))
        return
    file = FileToRead(upload.name, upload.getvalue(), Answers(encoding=encoding.strip(), decimal_sign=decimal))
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    try:
        with st.status("Reading, converting and checking", expanded=False) as status:
            report = check_file(CheckRequest(file, member, today), Home(settings.contracts_dir, settings.dbt_dir)).report
            status.update(label="Checked", state="complete")
    except CitybenchError as error:
        st.error("The file could not be checked.", icon=":material/error:")
        st.text(str(error))
        return
    blockers = sum(f.severity is Severity.BLOCKER for f in report.findings)
    if report.has_blocker:
        st.error(f"Not acceptable yet: {blockers} {'place' if blockers == 1 else 'places'} to mend.", icon=":material/block:")
    else:
        st.success(f"Acceptable: {report.receipt.n_observations} figures.", icon=":material/check_circle:")
    left, right = st.columns([5, 3])
    with left:
        draw_findings(report)
    with right:
        draw_receipt(report)


if __name__ in ("__main__", "__page__"):
    render()
