"""Contribute: template, upload, drafts, findings, answers, what would change, sending."""

import streamlit as st

from app.checked_files import KEPT
from app.components.answering import ask_cells, ask_reading, ask_readings, ask_words
from app.components.asking_shares import ask_shares
from app.components.controls import Controls
from app.components.explaining import asks_for_explanations, draw_open_causes
from app.components.findings import draw_changes, draw_findings, draw_progress, draw_receipt
from app.components.period_answers import ask_periods
from app.components.read_figures import draw_read
from app.components.words import plain
from app.identity import home, leave, present_actor, store_of
from app.readers import limits, published_figures
from pipelines.contracts.catalogues import load_contract, load_registry
from pipelines.contracts.documents import record_noun
from pipelines.contracts.labels import LANGUAGES
from pipelines.domain.actors import Actor
from pipelines.domain.answers import Answers
from pipelines.domain.errors import CitybenchError
from pipelines.domain.findings import CheckReport, Verdict
from pipelines.settings import Settings
from pipelines.state.drafts import Draft
from pipelines.state.policy import Action, allow
from pipelines.submissions import desk
from pipelines.submissions.checking import CheckedFile
from pipelines.submissions.checking_apart import keep_ready
from pipelines.submissions.previewing import completeness, preview, removed

ENDINGS = ["xlsx", "xls", "ods", "csv", "tsv", "txt"]
MEGABYTES, NO_DRAFT = 20, ""
TEMPLATES = {
    "Template (.xlsx)": "xlsx?", "Template (.csv)": "csv?", "Template of maturity, ISO 37106": "xlsx?scheme=iso37106&", "Template of cases": "xlsx?cases=1&"
}  # fmt: skip


def link(text: str, target: str) -> str:
    """A link of ours that stays in this tab."""
    return f'<a href="{target}" target="_self" style="margin-right:1.2rem">{text}</a>'


def checked(draft_id: str, answers_json: str, language: str, account_id: str) -> CheckedFile:
    """Check a draft once for these answers; the account is part of the key, and policy is asked when it runs. Pages only read it."""

    def check() -> CheckedFile:
        own = store_of(present_actor())
        return desk.check_draft(own, home(), desk.draft_of(own, draft_id), language=language)

    return KEPT.get((draft_id, answers_json, language, account_id), check)


def keep_answers(actor: Actor, draft: Draft, answers: Answers) -> None:
    """Keep answers and look again."""
    try:
        desk.answer(store_of(actor), draft, answers)
    except CitybenchError as error:
        st.error("The answers were not taken.", icon=":material/block:")
        st.text(str(error))
        return
    st.rerun()


def take_upload(actor: Actor) -> None:
    """Take one file as a draft."""
    sent = st.file_uploader(f"Your spreadsheet as it is: {', '.join('.' + e for e in ENDINGS)}", type=ENDINGS, max_upload_size=MEGABYTES, key="upload")
    if sent is None or sent.file_id == st.session_state.get("taken"):
        return
    try:
        draft = desk.upload(store_of(actor), home(), member_code=actor.member_code, file_name=sent.name, content=sent.getvalue())
    except CitybenchError as error:
        st.error("The file was not taken.", icon=":material/block:")
        st.text(str(error))
        return
    st.query_params["draft"] = draft.draft_id
    st.session_state["taken"] = sent.file_id
    st.session_state.pop("sent", None)


def choose_draft(page: Controls, drafts: list[Draft]) -> Draft | None:
    """Let the person go on with a draft."""
    names = {NO_DRAFT: "go on with a draft"} | {d.draft_id: f"{d.file_name} · {d.updated_at[:16].replace('T', ' ')}" for d in drafts}
    chosen = page.choose("draft", list(names), label="Your drafts", spell=names.__getitem__)
    return next((d for d in drafts if d.draft_id == chosen), None)


def draw_verdict(report: CheckReport, language: str) -> None:
    """Say whether the file can be sent, and if not, what stands in the way."""
    blockers = report.n_blockers
    if any(f.rule_id == "template_says_something_new" for f in report.findings):
        st.info("Nothing to send: the template says nothing new. What was accepted before stays as it is.", icon=":material/info:")
    elif report.has_blocker:
        st.error(f"Not acceptable yet: {blockers} {'place' if blockers == 1 else 'places'} to mend.", icon=":material/block:")
    elif report.open_causes:
        draw_open_causes(report, language)
    else:
        st.success(f"Acceptable: {report.receipt.n_observations} {record_noun(report.receipt.contract_id)}.", icon=":material/check_circle:")


def draw_answers(actor: Actor, draft: Draft, result: CheckedFile, language: str) -> None:
    """Show the findings with everything by which a person can answer them, and the figures as read."""
    report, key = result.report, draft.draft_id
    for ask in (ask_words, ask_readings, ask_periods, ask_shares):
        if (answers := ask(report, draft.answers, key=key)) is not None:
            keep_answers(actor, draft, answers)
    draw_findings(report, language, below=asks_for_explanations(draft.answers, language, key=key, keep=lambda given: keep_answers(actor, draft, given)))
    draw_read(result.read, f"/files/drafts/{draft.draft_id}/figures.csv", language)
    if (answers := ask_cells(report, draft.answers, key=key)) is not None:
        keep_answers(actor, draft, answers)


def draw_draft(actor: Actor, draft: Draft, language: str) -> None:
    """Show one draft: verdict, answers, findings, changes, files, sending."""
    try:
        with st.status("Reading, converting and checking", expanded=False) as status:
            result = checked(draft.draft_id, draft.answers_json, language, actor.account_id)
            status.update(label="Checked", state="complete")
    except CitybenchError as error:
        st.error("The file could not be checked.", icon=":material/error:")
        st.text(str(error))
        return
    report = result.report
    draw_verdict(report, language)
    files = f"/files/drafts/{draft.draft_id}"
    st.html(
        link("Your workbook, marked", f"{files}/annotated.xlsx?language={language}") + link("Receipt as page", f"{files}/receipt.html?language={language}")
        + link("PDF", f"{files}/receipt.pdf?language={language}") + link("JSON", f"{files}/receipt.json")
    )  # fmt: skip
    if not report.has_blocker:
        published, levels = published_figures(draft.member_code), limits(draft.member_code)
        draw_changes(preview(result.figures, published, levels), removed(result.withheld, published), result.template)
        names = {r["indicator_code"]: r["name_en"] for r in load_registry(home().contracts_dir)["indicators"]}
        draw_progress(completeness(result.figures, published, levels), names)
        if st.button("Send", type="primary", icon=":material/send:", disabled=report.receipt.verdict is not Verdict.ACCEPTABLE):
            send(actor, draft, language)
    with st.expander("How the file is read: answers for the whole file", expanded=any(f.rule_id == "table_is_recognised" for f in report.findings)):
        if (answers := ask_reading(draft.answers, key=draft.draft_id)) is not None:
            keep_answers(actor, draft, answers)
    left, right = st.columns([5, 3])
    with left:
        draw_answers(actor, draft, result, language)
    with right:
        draw_receipt(report, language)
        if st.button("Discard this draft", icon=":material/delete:"):
            desk.discard(store_of(actor), draft)
            st.query_params.pop("draft", None)
            st.rerun()


def send(actor: Actor, draft: Draft, language: str) -> None:
    """Send a draft and show its receipt."""
    try:
        report = desk.send_draft(store_of(actor), home(), draft, language=language)
    except CitybenchError as error:
        st.error("The file was not accepted.", icon=":material/block:")
        st.text(str(error))
        return
    if report.receipt.verdict is Verdict.ACCEPTED:
        st.session_state["sent"] = report
        st.query_params.pop("draft", None)
        st.rerun()
    st.error("The file was not accepted; the findings say why.", icon=":material/block:")


def render() -> None:
    actor = present_actor()
    st.title("Contribute")
    if not allow(actor, Action.KEEP_DRAFT, actor.member_code):
        st.markdown("Members send the spreadsheet they already have, and get comparable numbers or the exact cells to mend.")
        if actor.account_id:
            st.info(f"You are signed in as {plain(actor.name)} ({actor.role}), who does not send files.", icon=":material/info:")
        st.html(link("Sign in", "/sign-in?next=/contribute"))
        contract = load_contract(Settings().contracts_dir)
        st.caption(
            plain(f"Contract {contract.contract_id} {contract.version}, {len(contract.rules)} rules. Without an account: citybench check on your own machine.")
        )
        return
    keep_ready(home())
    first, second, third = st.columns([3, 2, 1], vertical_alignment="bottom")
    first.markdown(f"**{plain(actor.name)}**, sending for **{actor.member_code}**")
    own_language = desk.member_language(Settings().contracts_dir, actor.member_code)
    page = Controls("contribute", "Contribute")
    language = page.choose("language", list(LANGUAGES), label="Language of findings", spell=LANGUAGES.__getitem__, default=own_language)
    with second:
        page.draw("language")
    if third.button("Sign out"):
        leave()
        st.rerun()
    st.html("".join(link(text, f"/files/template.{target}language={language}") for text, target in TEMPLATES.items()))
    take_upload(actor)
    if (report := st.session_state.get("sent")) is not None:
        repeat = " These bytes were accepted before; nothing changed." if report.receipt.is_repeat else ""
        st.success(
            f"Accepted: {report.receipt.n_observations} {record_noun(report.receipt.contract_id)}, submission {plain(report.receipt.submission_id)}.{repeat}",
            icon=":material/check_circle:",
        )
        draw_receipt(report, language)
    drafts = desk.drafts_of(store_of(actor))
    draft = choose_draft(page, drafts)
    page.settle()
    if drafts:
        page.draw("draft")
    if draft is not None:
        draw_draft(actor, draft, language)


if __name__ in ("__main__", "__page__"):
    render()
