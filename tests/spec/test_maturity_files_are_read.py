"""Maturity files: every rule can fail at its cell, the published assessments come out as published, schemes are data."""

import csv
import io

import numpy as np
import openpyxl
import pytest

from pipelines.contracts.catalogues import load_contract
from pipelines.contracts.flat_templates import header_words, write_maturity_template
from pipelines.contracts.labels import LANGUAGES
from pipelines.contracts.messages import contract_messages
from pipelines.domain.texts import fold
from pipelines.editions.scoring import track_agreements
from pipelines.intake.reporting import FileToRead
from pipelines.submissions.checking import CheckedFile, CheckRequest, Home, check_file
from tests.conftest import ROOT

HEADER = "City,Scheme,Assessed on,Track,Area,Level,Target level,Target year,Evidence,Evidence owner,Evidence valid until,Source,Note"
GOOD = {"city": "Seoul", "scheme": "ISO 37106", "on": "2024-05-01", "track": "self", "area": "A01", "level": "3", "target": "4", "year": "2027",
        "evidence": "https://example.org/vision", "owner": "planning", "until": "2027-12-31", "source": "synthetic test row", "note": ""}  # fmt: skip


def check(home: Home, *rows: dict[str, str], member: str = "KOR", header: str = HEADER) -> CheckedFile:
    lines = [header, *(",".join({**GOOD, **row}.values()) for row in rows)]
    return check_file(CheckRequest(FileToRead("m.csv", "\n".join(lines).encode()), member, "2026-11-22"), home)


def found(home: Home, *rows: dict[str, str], **options: str) -> set[tuple[str, str]]:
    return {(f.rule_id, f.cell) for f in check(home, *rows, **options).report.findings}


FAULTS = {
    "city_is_known": ({"city": "Atlantis"}, "A2"),
    "city_belongs_to_member": ({"city": "JPN-OSAKA"}, "A2"),
    "scheme_is_known": ({"scheme": "ISO 99999"}, "B2"),
    "assessment_date_is_readable": ({"on": "last spring"}, "C2"),
    "assessment_has_happened": ({"on": "2027-01-01"}, "C2"),
    "track_is_known": ({"track": "my uncle"}, "D2"),
    "area_is_known": ({"area": "A99"}, "E2"),
    "level_is_readable": ({"level": "high"}, "F2"),
    "level_is_of_the_scheme": ({"level": "6", "target": ""}, "F2"),
    "level_is_whole": ({"level": "3.5"}, "F2"),
    "target_is_not_below_the_level": ({"level": "4", "target": "2"}, "F2"),
    "evidence_has_not_expired": ({"until": "2024-01-01"}, "F2"),
    "source_or_evidence_is_given": ({"source": "", "evidence": ""}, "F2"),
}


@pytest.mark.parametrize("rule", FAULTS)
def test_a_fault_is_found_at_its_cell_and_alone(home: Home, rule: str) -> None:
    change, cell = FAULTS[rule]
    expected = {(rule, cell)}
    if rule == "scheme_is_known":
        expected.add(("area_is_known", "E2"))
    assert found(home, change) == expected


def test_a_good_file_has_no_finding_and_its_row_is_whole(home: Home) -> None:
    checked = check(home, {})
    assert checked.report.findings == ()
    assert checked.report.receipt.contract_id == "maturity"
    [item] = checked.records
    assert (item.city_code, item.scheme_code, item.item_code, item.level_value, item.target_level) == ("KOR-SEOUL", "iso37106", "A01", 3, 4)
    assert (item.assessed_year, item.assessed_month, item.assessed_day, item.track_code) == (2024, 5, 1, "self")


def test_counts_must_fit_the_areas_named(home: Home) -> None:
    rows = ({"area": "A01", "level": "5", "target": ""}, {"area": "A02", "level": "5", "target": ""}, {"area": "areas at level 5", "level": "1", "target": ""})
    assert found(home, *rows) == {("counts_fit_the_areas", "F4")}


def test_the_same_item_twice_is_found(home: Home) -> None:
    assert {rule for rule, _ in found(home, {}, {"level": "2"})} == {"item_is_assessed_once"}


def test_a_header_that_no_role_knows_and_a_missing_column_are_said(home: Home) -> None:
    assert ("headers_are_known", "G1") in found(home, {}, header=HEADER.replace("Target level", "Mood"))
    findings = check(home, {}, header=HEADER.replace("Assessed on", "")).report.findings
    assert "no column for assessed_on" in [f.found for f in findings if f.rule_id == "table_is_recognised"]


def test_every_rule_that_runs_in_sql_has_a_fault_here(home: Home) -> None:
    rules = {r.rule_id for r in load_contract(home.contracts_dir, "maturity").rules if r.runs_in_sql}
    assert rules - set(FAULTS) == {"counts_fit_the_areas", "item_is_assessed_once"}


def test_messages_and_headers_stand_in_every_language(home: Home) -> None:
    contract = load_contract(home.contracts_dir, "maturity")
    for language in LANGUAGES:
        assert {r.rule_id for r in contract.rules} <= set(contract_messages(home.contracts_dir, "maturity", language))
        assert [w for w in header_words(home.contracts_dir, language) if fold(w) not in contract.headers] == []


def test_the_seven_published_assessments_come_out_as_published(home: Home) -> None:
    path = ROOT / "data_contracts" / "samples" / "KOR" / "kor_maturity_published.csv"
    checked = check_file(CheckRequest(FileToRead(path.name, path.read_bytes()), "KOR", "2026-11-22"), home)
    assert checked.report.findings == ()
    with (ROOT / "data_contracts" / "registries" / "maturity_assessments_observed.csv").open(encoding="utf-8") as stream:
        published = list(csv.DictReader(stream))
    assert len(published) == 7
    for row in published:
        date = [int(part) for part in row["date"].split("-")]
        items = {
            i.item_code: i.level_value
            for i in checked.records
            if i.city_code == f"KOR-{row['city'].upper()}" and [p for p in (i.assessed_year, i.assessed_month, i.assessed_day) if p] == date
        }
        expected = {"overall_level": row["overall_level"], "mean_level": row["mean_score"], "n_areas": row["areas_assessed"],
                    "n_areas_at_5": row["areas_at_level5"], "n_areas_at_4": row["areas_at_level4"]}  # fmt: skip
        areas = {a: level for key, level in (("named_level5", 5.0), ("named_level4", 4.0)) for a in row[key].split(";") if a}
        assert items == {k: float(v) for k, v in expected.items() if v} | areas


def test_a_second_scheme_is_data_only(home: Home) -> None:
    row = {"scheme": "ITU-T Y.4904", "area": "Environment", "level": "2", "target": "3"}
    checked = check(home, row)
    assert checked.report.findings == ()
    assert (checked.records[0].scheme_code, checked.records[0].item_code) == ("ituy4904", "A2")
    assert found(home, {**row, "area": "City vision"}) == {("area_is_known", "E2")}


@pytest.mark.parametrize(("member", "language"), [("KOR", ""), ("JPN", ""), ("SAU", ""), ("VNM", "")])
def test_a_template_comes_back_with_what_was_filled_and_nothing_else(home: Home, member: str, language: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_maturity_template(home.contracts_dir, member, scheme_code="iso37106", language=language)))
    page = book["Maturity"]
    for row, level in ((2, 3), (5, 4)):
        page.cell(row, 3).value, page.cell(row, 4).value, page.cell(row, 6).value, page.cell(row, 14).value = "2024-05", "self", level, "synthetic"
    stream = io.BytesIO()
    book.save(stream)
    checked = check_file(CheckRequest(FileToRead("t.xlsx", stream.getvalue()), member, "2026-11-22"), home)
    assert checked.report.findings == ()
    assert [(i.source_row, i.item_code, i.level_value) for i in checked.records] == [(2, "A01", 3), (5, "A04", 4)]
    assert any("left out" in r for r in checked.report.receipt.repairs)


def test_two_tracks_are_compared_area_by_area() -> None:
    """Synthetic levels: self above the verifier in two of four areas; a third track that shares one area."""
    rated = {"self": {"A01": 4, "A02": 3, "A03": 5, "A04": 2}, "verifier": {"A01": 3, "A02": 3, "A03": 4, "A04": 2}, "peer": {"A04": 2, "A05": 1}}
    rows = [("X", "s", track, item, float(level), 5.0) for track, levels in rated.items() for item, level in levels.items()]
    names = ("city_code", "scheme_code", "track_code", "item_code", "level_value", "n_levels")
    found_pairs = track_agreements({n: (np.array([r[i] for r in rows], float) if i > 3 else [r[i] for r in rows]) for i, n in enumerate(names)})
    pairs = {(a, b): i for i, (a, b) in enumerate(zip(found_pairs["first_track"], found_pairs["second_track"], strict=True))}
    at = pairs["self", "verifier"]
    assert (found_pairs["n_areas_both"][at], found_pairs["share_equal"][at], found_pairs["mean_gap"][at]) == (4, 0.5, 0.5)
    assert found_pairs["n_areas_both"][pairs["peer", "verifier"]] == 1
