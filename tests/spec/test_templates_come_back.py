"""A template goes out and comes back: unchanged, filled, of another member; its worked examples hold; its words come from the contract."""

import io
import subprocess
from pathlib import Path

import openpyxl
import pytest

from pipelines.contracts.catalogues import load_contract, load_registry
from pipelines.contracts.labels import LANGUAGES, load_labels
from pipelines.contracts.messages import load_messages
from pipelines.contracts.templates import LastFigure, default_indicators, headers, worked_example, write_template
from pipelines.domain.findings import CheckReport
from pipelines.domain.texts import fold
from pipelines.intake.reporting import FileToRead
from pipelines.submissions.checking import CheckRequest, Home, check_file

PM25, UNEMPLOYED = "iso37120:2018/8.1", "iso37120:2018/5.1"
LAST = (LastFigure("Seoul", PM25, "2020", 20.75, "ug_per_m3", "synthetic"),)


def checked(home: Home, content: bytes, member: str = "KOR", name: str = "template.xlsx") -> CheckReport:
    return check_file(CheckRequest(FileToRead(name, content), member, "2026-11-22"), home).report


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_downloaded_uploads_again_unchanged(language: str, ending: str, home: Home) -> None:
    content = write_template(home.contracts_dir, "KOR", indicator_codes=(PM25, UNEMPLOYED), language=language, last=LAST, as_csv=ending == "csv")
    report = checked(home, content, name=f"template.{ending}")
    assert report.findings == ()
    assert report.receipt.n_observations == 1
    assert any("1 of 1 figures carried over" in r for r in report.receipt.repairs)


def test_a_filled_template_gives_its_figures_at_their_cells(home: Home) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_template(home.contracts_dir, "KOR", indicator_codes=(PM25,), language="ko", last=LAST)))
    page = book["Data"]
    for row in range(6, 9):
        page.cell(row, 4).value, page.cell(row, 5).value, page.cell(row, 12).value = "2021", 18.5 + row, "synthetic"
    stream = io.BytesIO()
    book.save(stream)
    result = check_file(CheckRequest(FileToRead("t.xlsx", stream.getvalue()), "KOR", "2026-11-22"), home)
    assert [(o.source_column, o.source_row, o.reported_value) for o in result.observations] == [("E", 6, 24.5), ("E", 7, 25.5), ("E", 8, 26.5)]
    assert not result.report.has_blocker


def test_another_members_changed_or_old_template_is_told_before_any_row(home: Home) -> None:
    content = write_template(home.contracts_dir, "KOR", indicator_codes=(PM25,), last=LAST)
    assert [f.rule_id for f in checked(home, content, "JPN").findings] == ["template_is_current"]
    book = openpyxl.load_workbook(io.BytesIO(content))
    book["_citybench"]["A1"] = str(book["_citybench"]["A1"].value).replace('"KOR"', '"JPN"')
    stream = io.BytesIO()
    book.save(stream)
    [finding] = checked(home, stream.getvalue(), "JPN").findings
    assert "changed or damaged" in finding.found


def test_every_worked_example_holds_when_it_is_checked(home: Home) -> None:
    units = {u["unit_code"]: u["fraction_multiplier"] for u in load_registry(home.contracts_dir)["units"]}
    wanted = set(default_indicators(home.contracts_dir)) | {PM25, UNEMPLOYED}
    n_checked = 0
    for row in load_registry(home.contracts_dir)["indicators"]:
        example = worked_example(row, units[row["unit_code"]])
        if example is None or row["indicator_code"] not in wanted:
            continue
        numerator, denominator, value = example
        line = f"Seoul,{row['indicator_code']},2020,{value:.12g},{row['unit_code']},{numerator:g},{denominator:g},synthetic\n"
        content = ("City,Indicator,Year,Value,Unit,Numerator,Denominator,Source\n" + line).encode()
        failed = {f.rule_id for f in checked(home, content, name="t.csv").findings}
        assert not failed & {"rate_matches_fraction", "unit_fits_indicator", "fraction_is_readable"}, row["indicator_code"]
        n_checked += 1
    assert n_checked >= 8


def test_headers_messages_and_labels_stand_in_every_language(home: Home) -> None:
    rules = {r.rule_id for r in load_contract(home.contracts_dir).rules}
    known = load_contract(home.contracts_dir).headers
    assert load_labels(home.contracts_dir)
    for language in LANGUAGES:
        assert set(load_messages(home.contracts_dir, language)) == rules
        assert [h for h in headers(home.contracts_dir, language) if fold(h) not in known] == []


def test_a_real_office_suite_opens_a_template_and_the_marked_workbook(home: Home, tmp_path: Path) -> None:
    from pipelines.submissions.annotating import annotate

    (tmp_path / "template.xlsx").write_bytes(write_template(home.contracts_dir, "SAU", indicator_codes=(PM25,)))
    file = FileToRead(
        "faulty.xlsx", write_template(home.contracts_dir, "KOR", indicator_codes=(PM25,), last=(LastFigure("Seoul", PM25, "soon", 20.75, "furlong", "x"),))
    )
    report = check_file(CheckRequest(file, "KOR", "2026-11-22", "th"), home).report
    (tmp_path / "marked.xlsx").write_bytes(annotate(file, report, home.contracts_dir, member_code="KOR", language="th"))
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation=file://{tmp_path}/office",
        "--convert-to",
        "ods",
        "--outdir",
        str(tmp_path),
        *map(str, tmp_path.glob("*.xlsx")),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    assert {p.name for p in tmp_path.glob("*.ods")} == {"template.ods", "marked.ods"}
