"""Files of cases: every rule can fail at its cell, a good file is whole, a case is told again under the same name."""

import csv
import io

import openpyxl
import pytest

from pipelines.contracts.catalogues import load_contract, load_registry
from pipelines.contracts.flat_templates import write_cases_template
from pipelines.contracts.labels import LANGUAGES
from pipelines.contracts.messages import contract_messages
from pipelines.intake.reporting import FileToRead
from pipelines.submissions.checking import CheckedFile, CheckRequest, Home, check_file
from tests.conftest import ROOT

HEADER = ("City", "Case", "Started", "Situation", "Action", "Result", "Indicators", "Goals", "Source", "Note")
GOOD = {"city": "Seoul", "case": "Synthetic case", "started": "2019", "situation": "Lamps were old.", "action": "They were renewed.", "result": "Not known yet.",
        "indicators": "iso37122:2019/7.6; iso37120:2018/7.6", "goals": "who_aqg_2021", "source": "synthetic test row", "note": ""}  # fmt: skip


def check(home: Home, *rows: dict[str, str], header: tuple[str, ...] = HEADER) -> CheckedFile:
    stream = io.StringIO()
    csv.writer(stream).writerows([header, *({**GOOD, **row}.values() for row in rows)])
    return check_file(CheckRequest(FileToRead("cases.csv", stream.getvalue().encode()), "KOR", "2026-11-22"), home)


def found(home: Home, *rows: dict[str, str]) -> set[tuple[str, str]]:
    return {(f.rule_id, f.cell) for f in check(home, *rows).report.findings}


FAULTS = {
    "city_is_known": ({"city": "Atlantis"}, "A2"),
    "city_belongs_to_member": ({"city": "JPN-OSAKA"}, "A2"),
    "case_is_named": ({"case": ""}, "B2"),
    "start_is_readable": ({"started": "long ago"}, "C2"),
    "start_has_happened": ({"started": "2030"}, "C2"),
    "situation_is_told": ({"situation": ""}, "B2"),
    "action_is_told": ({"action": ""}, "B2"),
    "result_is_told": ({"result": ""}, "B2"),
    "case_has_an_indicator": ({"indicators": ""}, "G2"),
    "case_indicators_are_known": ({"indicators": "iso37122:2019/7.6; lamps; 7.6"}, "G2"),
    "case_goals_are_known": ({"goals": "world peace"}, "H2"),
    "case_source_is_given": ({"source": ""}, "B2"),
}


@pytest.mark.parametrize("rule", FAULTS)
def test_a_fault_is_found_at_its_cell_and_alone(home: Home, rule: str) -> None:
    change, cell = FAULTS[rule]
    assert found(home, change) == {(rule, cell)}


def test_every_sql_rule_of_the_contract_is_seen_to_fail(home: Home) -> None:
    sql_rules = {r.rule_id for r in load_contract(home.contracts_dir, "cases").rules if r.runs_in_sql}
    assert sql_rules == set(FAULTS) | {"case_is_told_once"}


def test_the_same_case_twice_is_found_and_another_city_is_another_case(home: Home) -> None:
    assert {rule for rule, _ in found(home, {}, {"action": "Something else."})} == {"case_is_told_once"}
    assert found(home, {}, {"city": "Busan"}) == set()


def test_a_good_file_has_no_finding_and_its_row_is_whole(home: Home) -> None:
    checked = check(home, {})
    assert checked.report.findings == ()
    assert checked.report.receipt.contract_id == "cases"
    [case] = checked.records
    assert (case.city_code, case.case_written, case.started_year) == ("KOR-SEOUL", "Synthetic case", 2019)
    assert (case.indicator_codes, case.goal_set_codes, case.unknown_indicators) == ("iso37122:2019/7.6 iso37120:2018/7.6", "who_aqg_2021", None)


def test_a_case_without_a_city_is_the_country_s(home: Home) -> None:
    checked = check(home, {"city": ""})
    assert checked.report.findings == ()
    assert checked.records[0].city_code is None


def test_a_file_of_figures_is_not_taken_for_cases(home: Home) -> None:
    content = b"City,Indicator,Year,Value,Unit,Source\nSeoul,iso37120:2018/8.1,2020,19,ug/m3,synthetic test row\n"
    assert check_file(CheckRequest(FileToRead("f.csv", content), "KOR", "2026-11-22"), home).report.receipt.contract_id == "observations"


@pytest.mark.parametrize("member", ["KOR", "SAU"])
def test_the_template_filled_in_comes_back_without_findings(home: Home, member: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_cases_template(home.contracts_dir, member)))
    page = book["Cases"]
    city = book["Cities"]["A1"].value
    filled = (
        city,
        "Synthetic case",
        None,
        "2020",
        "Before.",
        "Done.",
        "After.",
        None,
        book["Indicator codes"]["A1"].value,
        book["Goal set codes"]["A1"].value,
        "none",
    )
    for column, text in enumerate(filled, 1):
        page.cell(2, column, text)
    stream = io.BytesIO()
    book.save(stream)
    checked = check_file(CheckRequest(FileToRead("cases.xlsx", stream.getvalue()), member, "2026-11-22"), home)
    assert checked.report.findings == ()
    assert [(c.case_written, bool(c.city_code), bool(c.goal_set_codes)) for c in checked.records] == [("Synthetic case", True, True)]


def test_each_language_words_each_rule_in_its_own_way(home: Home) -> None:
    rules = {r.rule_id for r in load_contract(home.contracts_dir, "cases").rules}
    english = contract_messages(home.contracts_dir, "cases", "en")
    for language in set(LANGUAGES) - {"en"}:
        messages = contract_messages(home.contracts_dir, "cases", language)
        assert rules <= set(messages)
        assert all(messages[r].what != english[r].what for r in rules)


def test_the_sample_tells_no_number_of_its_own(home: Home) -> None:
    """Figures of a case stand in observations; its words hold years and levels that its sources publish."""
    content = (ROOT / "data_contracts" / "samples" / "KOR" / "kor_cases.csv").read_bytes()
    checked = check_file(CheckRequest(FileToRead("kor_cases.csv", content), "KOR", "2026-11-22"), home)
    assert checked.report.findings == ()
    [case] = checked.records
    assert case.city_code == "KOR-SEJONG"
    assert case.source_note.count("http") == 3


def test_every_indicator_of_the_core_set_has_a_card_in_both_languages_in_its_own_words(home: Home) -> None:
    registry = load_registry(home.contracts_dir)
    cards = {(r["indicator_code"], r["language"]): r for r in registry["cards"]}
    topics = {r["topic_en"] for r in registry["indicator_set_items"]}
    assert {"Health records", "Smart meters", "Vehicles", "Building energy", "CCTV", "Street lighting", "Air", "Water", "Waste", "Transport"} <= topics
    for row in registry["indicator_set_items"]:
        english, korean = cards[row["indicator_code"], "en"], cards[row["indicator_code"], "ko"]
        for part in ("title", "what_it_shows", "how_it_is_made", "take_care"):
            assert any("가" <= c <= "힣" for c in korean[part])
            assert not any("가" <= c <= "힣" for c in english[part].replace("유수율", ""))
