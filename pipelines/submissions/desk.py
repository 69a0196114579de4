"""A member's desk: drafts, checks with answers, preview, sending, files to take away.

Belongs here: what a signed-in person does with her own files; every function asks policy first.
Does not belong here: cookies and pages (app), the acceptance itself (accepting).
"""

from dataclasses import replace
from pathlib import Path

from pipelines.contracts.catalogues import load_registry
from pipelines.contracts.flat_templates import write_cases_template, write_maturity_template
from pipelines.contracts.labels import language_of
from pipelines.contracts.template_rows import LastFigure
from pipelines.contracts.templates import default_indicators, write_template
from pipelines.domain.answers import Answers, answers_from_json
from pipelines.domain.errors import RefusedError
from pipelines.domain.findings import CheckReport, Verdict
from pipelines.intake.reporting import FileToRead
from pipelines.state.accounts import stamp
from pipelines.state.drafts import Draft, answer_draft, drop_draft, keep_draft, list_drafts
from pipelines.state.ledger import NewEvent
from pipelines.state.policy import Action
from pipelines.state.records import record_event
from pipelines.submissions.accepting import Store, accept, check_with_recipe, require_logged
from pipelines.submissions.annotating import annotate
from pipelines.submissions.checking import CheckedFile, CheckRequest, Home, require_within_limits
from pipelines.submissions.landing import land, read_landed


def member_language(contracts_dir: Path, member_code: str) -> str:
    """The language of a member's office, as far as we have it."""
    return next((language_of(m["language"]) for m in load_registry(contracts_dir)["members"] if m["member_code"] == member_code), "en")


def upload(store: Store, home: Home, *, member_code: str, file_name: str, content: bytes) -> Draft:
    """Keep an uploaded file as a draft.

    Raises:
        RefusedError: not allowed. The quota is the gate's and the REST door's: they see the bytes first.
        UsageError: outside the contract's limits.
    """
    require_logged(store, Action.KEEP_DRAFT, member_code)
    require_within_limits(CheckRequest(FileToRead(file_name, content), member_code, ""), home)
    sha256 = land(_drafts_dir(store), content)
    return keep_draft(store.engine, account_id=store.actor.account_id, member_code=member_code, file_name=file_name, content_sha256=sha256, now=store.now)


def drafts_of(store: Store) -> list[Draft]:
    """List the person's own drafts."""
    require_logged(store, Action.READ_DRAFT, store.actor.member_code)
    return list_drafts(store.engine, account_id=store.actor.account_id)


def draft_of(store: Store, draft_id: str) -> Draft:
    """Give one of the person's own drafts.

    Raises:
        RefusedError: there is no such draft of hers; whether another has it is not said.
    """
    require_logged(store, Action.READ_DRAFT, store.actor.member_code)
    for draft in list_drafts(store.engine, account_id=store.actor.account_id):
        if draft.draft_id == draft_id:
            return draft
    record_event(store.engine, NewEvent(stamp(store.now), store.actor.account_id, "refused", store.actor.member_code, f"draft {draft_id[:20]}", {}))
    raise RefusedError("There is no such draft.")


def request_of(store: Store, draft: Draft, *, language: str) -> CheckRequest:
    """The draft as a check request, with its answers."""
    file = FileToRead(draft.file_name, read_landed(_drafts_dir(store), draft.content_sha256), draft.answers)
    return CheckRequest(file, draft.member_code, store.now.date().isoformat(), language)


def check_draft(store: Store, home: Home, draft: Draft, *, language: str) -> CheckedFile:
    """Check a draft with its answers over the remembered ones; nothing is sent."""
    require_logged(store, Action.CHECK_FILE, draft.member_code)
    return check_with_recipe(request_of(store, draft, language=language), home, store.engine)


def answer(store: Store, draft: Draft, answers: Answers) -> Draft:
    """Keep the answers of a draft.

    Raises:
        UsageError: they hold what no file or page can hold.
    """
    require_logged(store, Action.KEEP_DRAFT, draft.member_code)
    answers_from_json(answers.to_json())
    answer_draft(store.engine, draft.draft_id, answers, now=store.now)
    return replace(draft, answers_json=answers.to_json())


def send_draft(store: Store, home: Home, draft: Draft, *, language: str) -> CheckReport:
    """Send a draft; it is forgotten once accepted."""
    report = accept(request_of(store, draft, language=language), home, store)
    if report.receipt.verdict is Verdict.ACCEPTED:
        drop_draft(store.engine, draft.draft_id)
    return report


def discard(store: Store, draft: Draft) -> None:
    """Forget a draft."""
    require_logged(store, Action.KEEP_DRAFT, draft.member_code)
    drop_draft(store.engine, draft.draft_id)


def annotated_draft(store: Store, home: Home, draft: Draft, *, language: str) -> bytes:
    """Give the sender's own workbook back, marked."""
    checked = check_draft(store, home, draft, language=language)
    file = request_of(store, draft, language=language).file
    return annotate(file, checked.report, home.contracts_dir, member_code=draft.member_code, language=language)


def make_template(
    store: Store, home: Home, *, member_code: str, language: str, last: tuple[LastFigure, ...], as_csv: bool = False, indicators: tuple[str, ...] = ()
) -> bytes:
    """Write a member's template."""
    require_logged(store, Action.MAKE_TEMPLATE, member_code)
    codes = indicators or default_indicators(home.contracts_dir, last)
    return write_template(home.contracts_dir, member_code, indicator_codes=codes, language=language, last=last, as_csv=as_csv)


def make_flat_template(store: Store, home: Home, *, member_code: str, language: str, scheme_code: str = "") -> bytes:
    """Write a member's template of maturity by a scheme, or of cases when no scheme is named."""
    require_logged(store, Action.MAKE_TEMPLATE, member_code)
    if scheme_code:
        return write_maturity_template(home.contracts_dir, member_code, scheme_code=scheme_code, language=language)
    return write_cases_template(home.contracts_dir, member_code, language=language)


def _drafts_dir(store: Store) -> Path:
    return store.landing_dir.parent / "drafts"
