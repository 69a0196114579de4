"""The command line: one verb per thing a person does, exit 0, 1 or 2 for fine, findings, unusable.

Belongs here: arguments, printing, exit codes. Does not belong here: any rule.
"""

import datetime
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from pipelines.domain.errors import CitybenchError
from pipelines.domain.findings import CheckReport, CheckState, Verdict
from pipelines.settings import Settings

if TYPE_CHECKING:
    from pipelines.warehouse.read_figures import ReadFigure

EXIT_FINE, EXIT_FINDINGS, EXIT_UNUSABLE = 0, 1, 2
main = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
Member = Annotated[str, typer.Option("--member", help="Code of the sending member, such as KOR.")]
Encoding = Annotated[str, typer.Option(help="Encoding of a text file, when it cannot be decided.")]
AnswersFile = Annotated[Path | None, typer.Option("--answers", help="Answers as JSON: mappings, declarations, corrections, explanations.")]
Language = Annotated[str, typer.Option(help="Language of the findings: en, ko, ja, zh, vi, id, ms, th or ar.")]
Decimal = Annotated[str, typer.Option(help="Decimal sign of the file, '.' or ',', when it cannot be decided.")]


def say(text: str) -> None:
    """Print progress, on a terminal or a log, beside the result."""
    print(text, file=sys.stderr, flush=True)


def fail(error: CitybenchError, *, as_json: bool) -> NoReturn:
    """Print what is wrong and end with 2."""
    if as_json:
        print(json.dumps({"error": type(error).__name__, "message": str(error)}, ensure_ascii=False))
    else:
        say(str(error))
    raise typer.Exit(EXIT_UNUSABLE)


def now() -> datetime.datetime:
    """The shell's clock."""
    return datetime.datetime.now(datetime.UTC)


def read_request(path: Path, member: str, encoding: str, decimal: str, answers: Path | None = None, language: str = "en") -> Any:
    """Read a file of the person at the keyboard into a check request."""
    from pipelines.domain.answers import Answers, answers_from_json
    from pipelines.domain.errors import UsageError
    from pipelines.intake.reporting import FileToRead
    from pipelines.submissions.checking import CheckRequest

    if decimal not in ("", ".", ","):
        raise UsageError(f"--decimal is '{decimal}'; it must be '.' or ','.")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}).") from error
    given = Answers(encoding=encoding, decimal_sign=decimal)
    if answers is not None:
        given = given.over(answers_from_json(answers.read_text("utf-8-sig")))
    return CheckRequest(FileToRead(path.name, content, given), member.upper(), now().date().isoformat(), language)


def print_report(report: CheckReport, *, as_json: bool, figures: "Sequence[ReadFigure] | None" = None) -> None:
    """Print a report as JSON or as lines grouped by cause; figures as read stand in the JSON of a check."""
    from pipelines.exports.receipts import report_as_lines
    from pipelines.submissions.receipts import figures_to_rows, report_to_dict

    if as_json:
        listed = {} if figures is None else {"figures": figures_to_rows(figures)}
        print(json.dumps({**report_to_dict(report), **listed}, ensure_ascii=False, indent=1, allow_nan=False))
        return
    print("\n".join(report_as_lines(report)))


@main.command()
def check(
    file: Path,
    member: Member,
    as_json: Json = False,
    encoding: Encoding = "",
    decimal: Decimal = "",
    answers: AnswersFile = None,
    language: Language = "en",
    annotated: Annotated[Path | None, typer.Option(help="Write the workbook back, marked, to this path.")] = None,
    figures: Annotated[Path | None, typer.Option(help="Write every figure as it was read to this path, as CSV.")] = None,
) -> None:
    """Check a file: every fault with its cell, and the state of every rule. Nothing is stored."""
    from pipelines.exports.read_figures import figures_to_csv
    from pipelines.submissions.annotating import annotate
    from pipelines.submissions.checking import Home, require_within_limits
    from pipelines.submissions.checking_apart import check_apart

    settings = Settings()
    os.environ["CITYBENCH_WAREHOUSE"] = str(settings.warehouse_path)
    try:
        request = read_request(file, member, encoding, decimal, answers, language)
        home = Home(settings.contracts_dir, settings.dbt_dir)
        require_within_limits(request, home)
        checked = check_apart(request, home)
        report = checked.report
        if figures is not None:
            figures.write_bytes(figures_to_csv(checked.read))
        if annotated is not None:
            annotated.write_bytes(annotate(request.file, report, settings.contracts_dir, member_code=request.member_code, language=language))
    except CitybenchError as error:
        fail(error, as_json=as_json)
    print_report(report, as_json=as_json, figures=checked.read)
    unread = any(r.state is CheckState.FAILED for r in report.receipt.rules if r.rule_id in ("file_is_readable", "encoding_is_decided"))
    raise typer.Exit(EXIT_UNUSABLE if unread else EXIT_FINE if report.receipt.verdict is Verdict.ACCEPTABLE else EXIT_FINDINGS)


@main.command()
def submit(file: Path, member: Member, as_json: Json = False, encoding: Encoding = "", decimal: Decimal = "", answers: AnswersFile = None) -> None:
    """Send a file: accepted with a receipt, or refused with findings and nothing changed."""
    from pipelines.submissions.accepting import accept
    from pipelines.submissions.checking import Home

    settings = Settings()
    try:
        report = accept(read_request(file, member, encoding, decimal, answers), Home(settings.contracts_dir, settings.dbt_dir), open_store(settings))
    except CitybenchError as error:
        fail(error, as_json=as_json)
    print_report(report, as_json=as_json)
    raise typer.Exit(EXIT_FINE if report.receipt.verdict is Verdict.ACCEPTED else EXIT_FINDINGS)


def open_engine(settings: Settings) -> Any:
    """Open the state database with its head files."""
    from pipelines.state.engines import open_state

    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return open_state(settings.database_url, head_files=settings.head_files)


def open_store(settings: Settings) -> Any:
    """Open the state database and the landing store."""
    from pipelines.domain.actors import operator
    from pipelines.submissions.accepting import Store

    settings.prepare_environment()
    return Store(open_engine(settings), settings.landing_dir, operator("command"), now())


@main.command()
def template(
    member: Member,
    to: Annotated[Path, typer.Option("--to", help="Where to write; the ending .csv gives the text twin.")],
    indicators: Annotated[str, typer.Option(help="Codes separated by commas; the core set and what was reported before when empty.")] = "",
    empty: Annotated[bool, typer.Option("--empty", help="Do not fill in the figures of the present edition.")] = False,
    language: Annotated[str, typer.Option(help="Language of the template; the member's own when empty.")] = "",
    scheme: Annotated[str, typer.Option(help="A maturity scheme, such as iso37106: the template of maturity instead of indicators.")] = "",
    cases: Annotated[bool, typer.Option("--cases", help="The template of cases instead of indicators.")] = False,
) -> None:
    """Write a member's template from the contract, with the last figures of the present edition when there is one."""
    from pipelines.contracts.flat_templates import write_cases_template, write_maturity_template
    from pipelines.contracts.templates import default_indicators, write_template
    from pipelines.editions.handing_out import last_figures

    contracts_dir = Settings().contracts_dir
    try:
        if scheme or cases:
            member = member.upper()
            to.write_bytes(
                write_cases_template(contracts_dir, member, language=language)
                if cases
                else write_maturity_template(contracts_dir, member, scheme_code=scheme, language=language)
            )
            say(f"{to}: written")
            return
        last = () if empty else last_figures(Settings().editions_dir, member.upper())
        codes = tuple(c.strip() for c in indicators.split(",") if c.strip()) or default_indicators(contracts_dir, last)
        to.write_bytes(write_template(contracts_dir, member.upper(), indicator_codes=codes, language=language, last=last, as_csv=to.suffix == ".csv"))
    except CitybenchError as error:
        fail(error, as_json=False)
    say(f"{to}: written, {len(last)} figures of the present edition filled in")


@main.command()
def account(
    login: str,
    role: Annotated[str, typer.Option(help="member, coordinator, reviewer, editor, researcher or administrator")] = "member",
    member: Annotated[str, typer.Option("--member", help="Code of the member, for members and coordinators.")] = "",
    off: Annotated[bool, typer.Option("--off", help="Switch an existing account off; its sessions end at once.")] = False,
    token: Annotated[bool, typer.Option("--token", help="Print a new token for the REST upload, once.")] = False,
) -> None:
    """Create an account and print its password once; or switch one off; or make a token."""
    import secrets

    from pipelines.domain.actors import Role, operator
    from pipelines.domain.errors import UsageError
    from pipelines.state.accounts import change_account, create_account, create_token, list_accounts

    settings = Settings()
    try:
        settings.prepare_environment()
        engine, who = open_engine(settings), operator("command")
        known = {a.login: a for a in list_accounts(engine)}
        if (off or token) and login not in known:
            raise UsageError(f"There is no account '{login}'.")
        if off:
            change_account(engine, who, known[login].account_id, now=now(), is_active=False)
            say(f"{login}: switched off")
        elif token:
            print(create_token(engine, known[login].account_id, now=now()))
        else:
            if role not in tuple(Role):
                raise UsageError(f"There is no role '{role}'.")
            password = secrets.token_urlsafe(15)
            create_account(engine, who, login=login, password=password, role=Role(role), member_code=member.upper(), now=now())
            print(password)
    except CitybenchError as error:
        fail(error, as_json=False)


def submit_samples(settings: Settings) -> None:
    """Send every sample submission; those already accepted are recognised.

    Raises:
        StorageError: a sample was refused, which only a broken contract or sample can cause.
    """
    from pipelines.contracts.documents import record_noun
    from pipelines.domain.errors import StorageError
    from pipelines.submissions.accepting import accept
    from pipelines.submissions.checking import Home
    from pipelines.submissions.inboxes import ANSWERS_ENDING, answers_path

    store, home = open_store(settings), Home(settings.contracts_dir, settings.dbt_dir)
    files = sorted(p for p in (settings.contracts_dir / "samples").glob("*/*") if p.is_file() and not p.name.endswith(ANSWERS_ENDING))
    for number, path in enumerate(files, 1):
        answers = answers_path(path) if answers_path(path).exists() else None
        receipt = accept(read_request(path, path.parent.name, "", "", answers), home, store).receipt
        word = "already accepted" if receipt.is_repeat else str(receipt.verdict)
        say(f"  [{number:2}/{len(files)}] {path.parent.name} {path.name}: {word}, {receipt.n_observations} {record_noun(receipt.contract_id)}")
        if receipt.verdict is not Verdict.ACCEPTED:
            raise StorageError(f"Sample {path.name} was refused; run `citybench check {path} --member {path.parent.name}`.")


@main.command()
def build(
    sample: Annotated[bool, typer.Option("--sample", help="Send the sample submissions first.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Build everything anew, even when the current edition is up to date.")] = False,
) -> None:
    """Build and publish an edition of everything that was accepted, through the same assets as the orchestrator."""
    settings = Settings()
    try:
        code = run_build(settings, sample=sample, force=force)
    except CitybenchError as error:
        fail(error, as_json=False)
    raise typer.Exit(code)


def run_build(settings: Settings, *, sample: bool, force: bool) -> int:
    """Submit samples if asked, build if anything changed; returns the exit code."""
    from pipelines.editions.building import forget_last_build, is_current
    from pipelines.editions.freezing import Sources
    from pipelines.editions.reading import current_edition
    from pipelines.state.demonstrating import make_demonstration_accounts
    from pipelines.warehouse.compiling import compiled_models, sweep_runs

    settings.prepare_environment()
    say("models: compiling if they changed")
    compiled_models(settings.dbt_dir)
    if sample:
        made = make_demonstration_accounts(open_engine(settings), now=now())
        say("accounts: demonstration accounts, shown this once" if made else "accounts: as they are")
        for login, password, member in made:
            say(f"  {login:19} {password}{f'  (sends for {member})' if member else ''}")
        say("samples: checking and accepting")
        submit_samples(settings)
    sources = Sources(settings.contracts_dir, settings.dbt_dir, Path(__file__).parent)
    if not force and is_current(open_engine(settings), sources, settings.editions_dir):
        say(f"edition: {current_edition(settings.editions_dir).edition_id} is up to date")
        return EXIT_FINE
    sweep_runs(settings.dbt_dir)
    if force:
        forget_last_build(settings.data_dir, settings.warehouse_path)
    say("build: starting the orchestrator's assets in this process")
    from pipelines.definitions import build_in_process

    words = {"STEP_START": "working", "STEP_FAILURE": "failed"}
    result = build_in_process(lambda step, event: say(f"  {step}: {words.get(event, event)}"))
    if not result.success:
        for event in result.all_events:
            if event.event_type_value == "STEP_FAILURE":
                failure = event.step_failure_data.error
                say(f"{event.step_key}: {(failure.cause or failure).message if failure else 'failed'}".strip())
        say("build: no edition was published; the last one stands")
        return EXIT_FINDINGS
    say(f"edition: {current_edition(settings.editions_dir).edition_id} published")
    return EXIT_FINE


@main.command()
def edition(path: Annotated[bool, typer.Option("--path", help="Print only the folder.")] = False, as_json: Json = False) -> None:
    """Show the current edition."""
    from pipelines.editions.freezing import restore_cache
    from pipelines.editions.reading import current_edition

    try:
        current = current_edition(Settings().editions_dir)
        restore_cache(current)
    except CitybenchError as error:
        fail(error, as_json=as_json)
    if path:
        print(current.folder)
    elif as_json:
        print(json.dumps(current.manifest, ensure_ascii=False))
    else:
        manifest = current.manifest
        print(f"{current.edition_id}\nfolder {current.folder}\nsubmissions {len(manifest['inputs']['submissions'])}")
        print(f"gate {len(manifest['gate'])} rules\nledger event {manifest['ledger_head']['seq']} {manifest['ledger_head']['hash']}")


@main.command()
def verify(
    receipt: Annotated[list[Path] | None, typer.Option("--receipt", help="A receipt or report as JSON that a member kept; may be given again.")] = None,
) -> None:
    """Prove the state database, its head files, every landed file and every edition against each other; changes nothing."""
    from pipelines.editions.verifying import Places, verify_everything

    settings = Settings()
    places = Places(settings.database_url, settings.head_files, settings.landing_dir, settings.editions_dir, settings.inbox_dir)
    proved = verify_everything(places, receipts=receipt or ())
    if proved.damages:
        say("\n".join(map(str, proved.damages)) + f"\n{len(proved.damages)} damages found")
        raise typer.Exit(EXIT_FINDINGS)
    print(
        f"ledger whole to event {proved.head.seq}, {proved.n_rows} rows as their events wrote them, {proved.n_witnesses} witnesses agree; "
        f"{proved.n_files} landed files and {proved.n_editions} editions as published"
    )


@main.command()
def witness() -> None:
    """Begin head files that are not there yet, such as a new CITYBENCH_WITNESS, with every event so far; run `citybench verify` first."""
    from pipelines.state.adopting import begin_missing

    settings = Settings()
    try:
        begun = begin_missing(open_engine(settings), settings.head_files)
    except CitybenchError as error:
        fail(error, as_json=False)
    say("\n".join(f"{path}: begun" for path in begun) or "every head file is there already")


@main.command()
def compile() -> None:
    """Compile the dbt models that checks run, when they changed."""
    from pipelines.warehouse.compiling import compiled_models

    settings = Settings()
    settings.prepare_environment()
    try:
        say(f"models: {len(compiled_models(settings.dbt_dir))} compiled")
    except CitybenchError as error:
        fail(error, as_json=False)


@main.command()
def contracts(check_only: Annotated[bool, typer.Option("--check", help="Only say what is stale.")] = False) -> None:
    """Validate contracts, catalogue and registries, and write what is generated from them."""
    from pipelines.contracts.columns import write_column_blocks
    from pipelines.contracts.schemas import validate_contracts

    settings = Settings()
    faults = validate_contracts(settings.contracts_dir)
    stale = write_column_blocks(settings.contracts_dir, settings.dbt_dir, check_only=check_only)
    for fault in faults:
        say(fault)
    for name in stale:
        say(f"dbt_project/models/marts/{name}: {'stale; run `make contracts`' if check_only else 'written'}")
    raise typer.Exit(EXIT_FINDINGS if faults or (check_only and stale) else EXIT_FINE)


@main.command()
def serve() -> None:
    """Serve the app and the orchestrator until Ctrl-C."""
    from pipelines.serving import serve_all

    settings = Settings()
    settings.prepare_environment()
    try:
        open_engine(settings)
        raise typer.Exit(serve_all(settings))
    except CitybenchError as error:
        fail(error, as_json=False)


if __name__ == "__main__":
    main()
