"""A file with figures that need an explanation is sent only when each cause is confirmed or explained, once for all its cells."""

import datetime
import json
from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.domain.actors import operator
from pipelines.domain.answers import NO_ANSWERS, Answers
from pipelines.domain.findings import CheckReport, Verdict
from pipelines.intake.reporting import FileToRead
from pipelines.state.engines import open_state, reading
from pipelines.state.records import list_submissions
from pipelines.state.tables import EVENT
from pipelines.submissions.accepting import Store, accept
from pipelines.submissions.checking import CheckedFile, CheckRequest, Home, check_file
from pipelines.submissions.landing import landed_path
from pipelines.submissions.receipts import receipt_from_json, receipt_to_json, report_to_dict
from pipelines.warehouse.loading import read_rows
from tests.factories import HEADER, good_row, make_csv

NOW = datetime.datetime(2026, 11, 22, 9, tzinfo=datetime.UTC)
PM25 = "value_is_plausible: iso37120:2018/8.1"
LIFE = "value_is_plausible: iso37120:2018/11.1"
NOTED = (*HEADER, "Note")
LOW = good_row(value="0.2")
LOW_TOO = good_row(city="Busan", value="0.3")
SHORT_LIFE = good_row(indicator="ISO 37120:2018 11.1", value="31", unit="years")
CASE_HEADER = ("City", "Case", "Started", "Situation", "Action", "Result", "Indicators", "Source")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(open_state(f"sqlite:///{tmp_path / 'state.sqlite'}"), tmp_path / "landing", operator("a person"), NOW)


def request(content: bytes, explanations: dict[str, str] | None = None) -> CheckRequest:
    answers = Answers(explanations=explanations) if explanations else NO_ANSWERS
    return CheckRequest(FileToRead("test.csv", content, answers), "KOR", "2026-11-22")


def checked(home: Home, rows: Sequence[Sequence[str]], explanations: dict[str, str] | None = None, header: Sequence[str] = HEADER) -> CheckedFile:
    return check_file(request(make_csv(*rows, header=header), explanations), home)


def open_keys(report: CheckReport) -> list[str]:
    return [cause.key for cause in report.open_causes]


def test_a_file_of_unexplained_figures_is_not_acceptable_and_lists_its_causes(home: Home) -> None:
    report = checked(home, [LOW, LOW_TOO, SHORT_LIFE]).report
    assert report.receipt.verdict == "needs_explanation"
    assert [(c.key, len(c.findings)) for c in report.open_causes] == [(PM25, 2), (LIFE, 1)]
    assert report_to_dict(report)["answers_to_fill"] == {"explanations": {PM25: "", LIFE: ""}}


def test_one_answer_covers_every_cell_of_its_cause_and_no_other_cause(home: Home) -> None:
    report = checked(home, [LOW, LOW_TOO, SHORT_LIFE], {PM25: "clean sea air"}).report
    assert {f.place: f.explanation for f in report.findings if f.rule_id == "value_is_plausible"} == {"D2": "clean sea air", "D3": "clean sea air", "D4": ""}
    assert open_keys(report) == [LIFE]
    assert report.receipt.verdict == "needs_explanation"


def test_an_answer_for_a_cell_covers_that_cell_alone(home: Home) -> None:
    report = checked(home, [LOW, LOW_TOO], {"D2": "a new method"}).report
    assert {f.place: f.explanation for f in report.findings} == {"D2": "a new method", "D3": ""}
    assert open_keys(report) == [PM25]


def test_an_answer_for_the_period_cell_explains_no_value(home: Home) -> None:
    assert open_keys(checked(home, [LOW], {"C2": "the year of the census"}).report) == [PM25]


def test_an_explanation_of_another_rule_explains_nothing(home: Home) -> None:
    result = checked(home, [LOW], {"change_is_plausible: iso37120:2018/8.1": "confirmed"})
    assert open_keys(result.report) == [PM25]
    assert any("nothing in the file asks for it" in line for line in result.report.receipt.repairs)


@pytest.mark.parametrize("words", ["confirmed", "A wet year", " Confirmed "])
def test_words_or_a_bare_confirmation_open_the_way(home: Home, words: str) -> None:
    report = checked(home, [LOW, LOW_TOO], {PM25: words}).report
    assert (report.receipt.verdict, report.receipt.n_unexplained) == (Verdict.ACCEPTABLE, 0)
    assert [(e.cause, e.words, e.n_found) for e in report.receipt.explanations] == [(PM25, words.strip(), 2)]


@pytest.mark.parametrize("words", ["", "   "])
def test_an_empty_answer_explains_nothing(home: Home, words: str) -> None:
    assert open_keys(checked(home, [LOW], {PM25: words, "D2": words}).report) == [PM25]


def test_a_remark_in_the_row_explains_the_figures_of_that_row_alone(home: Home) -> None:
    report = checked(home, [(*LOW, "rain all year"), (*LOW_TOO, "")], header=NOTED).report
    assert {f.place: f.explanation for f in report.findings} == {"D2": "rain all year", "D3": ""}
    assert open_keys(report) == [PM25]
    assert checked(home, [(*LOW, "rain all year")], header=NOTED).report.receipt.verdict is Verdict.ACCEPTABLE


def test_a_cell_that_several_figures_share_is_explained_only_by_the_remarks_of_all(home: Home) -> None:
    header = ("City", "Indicator", "Unit", "Note", "Source", "1940")
    noted, plain = (
        ("Seoul", "Total population", "persons", "an old yearbook", "synthetic", "935464"),
        ("Busan", "Total population", "persons", "", "x", "249734"),
    )
    for rows, explanation in (([noted, plain], ""), ([plain, noted], ""), ([noted], "an old yearbook")):
        report = checked(home, rows, header=header).report
        assert [(f.place, f.explanation) for f in report.findings if f.rule_id == "period_is_recent"] == [("F1", explanation)]


@pytest.mark.parametrize("key", ["value_is_pausible: iso37120:2018/8.1", "unit_is_known: iso37120:2018/8.1", "Z99"])
def test_an_answer_that_can_explain_nothing_is_refused(home: Home, key: str) -> None:
    report = checked(home, [LOW], {PM25: "confirmed", key: "confirmed"}).report
    assert [f.rule_id for f in report.findings if f.severity == "blocker"] == ["answers_fit_the_file"]


def test_nothing_unexplained_is_accepted_and_the_answer_stands_in_the_receipt_with_who_gave_it(store: Store, home: Home) -> None:
    content = make_csv(LOW, LOW_TOO)
    refused = accept(request(content), home, store).receipt
    assert (refused.verdict, refused.submission_id) == ("needs_explanation", "")
    assert list_submissions(store.engine) == []
    with reading(store.engine) as connection:
        [event] = connection.execute(EVENT.select()).all()
    assert event.action == "submission_refused"
    accepted = accept(request(content, {PM25: "confirmed"}), home, store).receipt
    assert (accepted.verdict, accepted.explained_by) == (Verdict.ACCEPTED, "a person")
    [record] = list_submissions(store.engine)
    kept = receipt_from_json(record.receipt)
    assert [(e.cause, e.words) for e in kept.explanations] == [(PM25, "confirmed")]
    assert json.loads(record.answers_json) == {"explanations": {PM25: "confirmed"}}


def test_the_words_are_landed_with_each_figure_beside_the_remark_and_not_in_its_place(store: Store, home: Home) -> None:
    rows = [(*LOW, ""), (*good_row(city="Busan"), "hills"), (*SHORT_LIFE, "a plague")]
    accept(request(make_csv(*rows, header=NOTED), {PM25: "confirmed", "D3": "a new station"}), home, store)
    [record] = list_submissions(store.engine)
    landed = read_rows(landed_path(store.landing_dir, record.rows_sha256).read_bytes(), submission_id="x").to_pylist()
    assert [(r["comment_written"], r["explanation_text"]) for r in landed] == [
        (None, "confirmed by the sender (value_is_plausible)"), ("hills", "a new station"), ("a plague", "a plague (value_is_plausible)"),
    ]  # fmt: skip


def test_what_was_landed_before_there_were_explanations_is_still_read(store: Store, home: Home, tmp_path: Path) -> None:
    accept(request(make_csv(good_row())), home, store)
    [record] = list_submissions(store.engine)
    whole = pq.read_table(landed_path(store.landing_dir, record.rows_sha256))
    older = tmp_path / "older.parquet"
    pq.write_table(whole.drop_columns(["explanation_text"]), older)
    [row] = read_rows(older.read_bytes(), submission_id="x").to_pylist()
    assert (row["reported_value"], row["explanation_text"]) == (20.75, None)


def test_a_receipt_of_before_is_still_read(home: Home) -> None:
    receipt = checked(home, [good_row()]).report.receipt
    older = json.loads(receipt_to_json(receipt))
    del older["explanations"], older["explained_by"]
    for rule in older["rules"]:
        del rule["reason_code"]
    assert receipt_from_json(json.dumps(older)).receipt_sha256 == receipt.receipt_sha256


def test_records_of_the_other_contracts_are_explained_in_the_same_way(home: Home, store: Store) -> None:
    content = make_csv(("Seoul", "Synthetic case", "2019", "Lamps were old.", "They were renewed.", "", "iso37122:2019/7.6", "synthetic"), header=CASE_HEADER)
    refused = accept(request(content), home, store)
    assert open_keys(refused) == ["result_is_told: result_text"]
    assert refused.receipt.verdict == "needs_explanation"
    accepted = accept(request(content, {"result_is_told: result_text": "it began this year"}), home, store)
    assert accepted.receipt.verdict is Verdict.ACCEPTED
    [record] = list_submissions(store.engine)
    [row] = pq.read_table(landed_path(store.landing_dir, record.rows_sha256)).to_pylist()
    assert row["explanation_text"] == "it began this year (result_is_told)"
