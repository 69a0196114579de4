"""A template goes out and comes back: untouched, sorted, moved, filled, emptied, of another member; its words are read and its examples hold."""

import csv
import io
import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.contracts.catalogues import load_contract, load_registry
from pipelines.contracts.labels import LANGUAGES, load_labels
from pipelines.contracts.messages import load_messages
from pipelines.contracts.template_rows import COLUMNS, LastFigure
from pipelines.contracts.templates import default_indicators, headers, worked_example, write_template
from pipelines.domain.findings import CheckReport, Severity
from pipelines.domain.templates import CSV_MARK, IDENTITY_SHEET
from pipelines.domain.texts import fold
from pipelines.intake.reporting import FileToRead
from pipelines.submissions.checking import CheckedFile, CheckRequest, Home, check_file

PM25, UNEMPLOYED, POPULATION = "iso37120:2018/8.1", "iso37120:2018/5.1", "forum:2026/population_total"
LAST = (
    LastFigure("Seoul", PM25, "2020", 20.75, "ug_per_m3", "synthetic, table 3", "", "agglomeration", "estimate", "estimated", comment_written="a synthetic note"),
    LastFigure("Busan", PM25, "2020", 1.234, "ug_per_m3", "synthetic", "", "administrative"),
    LastFigure("Busan", PM25, "2019", 17.5, "ug_per_m3", "synthetic", "", "urban_extent"),
    LastFigure("Seoul", UNEMPLOYED, "2020", 4.2, "percent", "synthetic", "", "administrative", numerator=210000.0, denominator=5000000.0),
    LastFigure("Seoul", POPULATION, "2021-12-31", 9600000.0, "count", "synthetic", "registered", "administrative"),
)  # fmt: skip
CODES = (PM25, UNEMPLOYED, POPULATION)


def handed_out(home: Home, *, language: str = "ko", as_csv: bool = False, last: tuple[LastFigure, ...] = LAST) -> bytes:
    return write_template(home.contracts_dir, "KOR", indicator_codes=CODES, language=language, last=last, as_csv=as_csv)


def checked_file(home: Home, content: bytes, member: str = "KOR", name: str = "template.xlsx") -> CheckedFile:
    return check_file(CheckRequest(FileToRead(name, content), member, "2026-11-22"), home)


def checked(home: Home, content: bytes, member: str = "KOR", name: str = "template.xlsx") -> CheckReport:
    return checked_file(home, content, member, name).report


def edited(content: bytes, change: Callable[[Worksheet], None]) -> bytes:
    """A template after a person's change to its sheet of data."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book["Data"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def column(role: str) -> int:
    return COLUMNS.index(role) + 1


def row_of(page: Worksheet, city: str, period: str) -> int:
    return next(r for r in range(6, page.max_row + 1) if page.cell(r, 1).value == city and page.cell(r, column("period")).value == period)


def moved(page: Worksheet) -> None:
    """Sort the rows backwards, insert an empty column, and put the source before everything else."""
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=5)]
    order = [column("source") - 1, *(i for i in range(len(COLUMNS)) if i != column("source") - 1)]
    body = [rows[0], *reversed(rows[1:])]
    for number, row in enumerate(body, 5):
        for position, i in enumerate(order):
            page.cell(number, position + 1).value = row[i]
    page.insert_cols(4)


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_untouched_template_is_no_submission_of_anything(language: str, ending: str, home: Home) -> None:
    checked = checked_file(home, handed_out(home, language=language, as_csv=ending == "csv"), name=f"template.{ending}")
    assert checked.observations == []
    assert [f.rule_id for f in checked.report.findings] == ["template_says_something_new"]
    assert any("5 of 5 figures stand as they were handed out and are not sent again" in r for r in checked.report.receipt.repairs)
    reasons = {r.reason for r in checked.report.receipt.rules if r.state == "not_run"}
    assert reasons == {"no figure was sent that it could be held against"}


def test_rows_are_known_by_what_they_say_and_not_by_their_place(home: Home) -> None:
    def change(page: Worksheet) -> None:
        page.cell(row_of(page, "Busan", "2019"), column("value")).value = 18.25
        moved(page)

    result = checked_file(home, edited(handed_out(home), change))
    assert [(o.city_code, o.period_written, o.reported_value, o.boundary_code) for o in result.observations] == [("KOR-BUSAN", "2019", 18.25, "urban_extent")]
    assert not result.report.has_blocker
    assert any("4 of 5 figures stand" in r for r in result.report.receipt.repairs)


@pytest.mark.parametrize(
    ("role", "cell", "field", "code"),
    [
        ("boundary", "행정구역", "boundary_code", "administrative"), ("quality", "실측", "quality_code", "measured"),
        ("status", "관측", "status_code", "observed"), ("source", "synthetic, table 4", "source_note", "synthetic, table 4"),
        ("comment", "another note", "comment_written", "another note"),
    ],
)  # fmt: skip
def test_a_changed_attribute_is_sent_and_the_others_stay_with_it(role: str, cell: str, field: str, code: str, home: Home) -> None:
    def change(page: Worksheet) -> None:
        page.cell(row_of(page, "Seoul", "2020"), column(role)).value = cell

    [one] = checked_file(home, edited(handed_out(home), change)).observations
    said = {"boundary_code": "agglomeration", "quality_code": "estimate", "status_code": "estimated", "source_note": "synthetic, table 3",
            "comment_written": "a synthetic note", "reported_value": 20.75, "unit_code": "ug_per_m3"}  # fmt: skip
    assert {name: getattr(one, name) for name in said} == said | {field: code}


def test_a_touched_row_keeps_the_parts_of_its_rate_and_its_definition(home: Home) -> None:
    def change(page: Worksheet) -> None:
        for city, period in (("Seoul", "2021-12-31"), ("Seoul", "2020")):
            page.cell(row_of(page, city, period), column("comment")).value = "touched"
        page.cell(row_of(page, "Seoul", "2020") + 1, column("comment")).value = "touched"

    result = checked_file(home, edited(handed_out(home), change))
    by_code = {o.indicator_code: o for o in result.observations}
    assert (by_code[UNEMPLOYED].numerator_value, by_code[UNEMPLOYED].denominator_value, by_code[UNEMPLOYED].reported_value) == (210000, 5000000, 4.2)
    assert by_code[POPULATION].definition_code == "registered"
    assert not result.report.has_blocker


def test_a_standard_error_put_beside_a_figure_is_news_of_it(home: Home) -> None:
    def change(page: Worksheet) -> None:
        page.cell(5, len(COLUMNS) + 1).value = "표준오차"
        page.cell(row_of(page, "Seoul", "2020"), len(COLUMNS) + 1).value = 1.25

    result = checked_file(home, edited(handed_out(home), change))
    assert [(o.city_code, o.reported_value, o.standard_error_value) for o in result.observations] == [("KOR-SEOUL", 20.75, 1.25)]
    assert not result.report.has_blocker


def test_emptied_and_deleted_rows_remove_nothing_and_are_named(home: Home) -> None:
    def change(page: Worksheet) -> None:
        page.cell(row_of(page, "Seoul", "2020"), column("value")).value = None
        page.delete_rows(row_of(page, "Busan", "2019"))
        page.cell(row_of(page, "Busan", "2020"), column("value")).value = 1.5

    result = checked_file(home, edited(handed_out(home), change))
    assert [(o.city_code, o.reported_value) for o in result.observations] == [("KOR-BUSAN", 1.5)]
    [note] = [f for f in result.report.findings if f.rule_id == "emptied_figure_stays"]
    assert (note.severity, note.found, note.cell) == (Severity.NOTE, "empty, was 20.75", "E6")
    assert any("1 of 5 figures handed out are not in the file; they stay as they were accepted: KOR-BUSAN iso37120:2018/8.1 2019" in r
               for r in result.report.receipt.repairs)  # fmt: skip
    assert not result.report.has_blocker


def test_a_reason_in_the_place_of_a_figure_is_sent(home: Home) -> None:
    def change(page: Worksheet) -> None:
        page.cell(row_of(page, "Seoul", "2020"), column("value")).value = "not reported"
        page.cell(row_of(page, "Seoul", "2020"), column("status")).value = None

    [one] = checked_file(home, edited(handed_out(home), change)).observations
    assert (one.status_code, one.reason_code, one.reported_value) == ("missing", "not_reported", None)


def test_a_figure_computed_from_its_parts_is_handed_out_as_its_parts(home: Home) -> None:
    parts = LastFigure(
        "Seoul", UNEMPLOYED, "2020", None, "percent", "synthetic", "", "administrative", status_code="derived", numerator=21.0, denominator=500.0
    )

    def change(page: Worksheet) -> None:
        page.cell(row_of(page, "Seoul", "2020"), column("boundary")).value = "행정구역"
        page.cell(row_of(page, "Seoul", "2020"), column("denominator")).value = 510

    assert checked_file(home, handed_out(home, last=(parts,))).observations == []
    [one] = checked_file(home, edited(handed_out(home, last=(parts,)), change)).observations
    assert (one.reported_value, one.numerator_value, one.denominator_value) == (None, 21, 510)


def test_a_template_of_very_many_figures_keeps_its_identity_whole(home: Home) -> None:
    last = tuple(replace(LAST[0], period_label=str(year), source_note=f"synthetic {n}") for n in range(12) for year in range(1950, 2020))
    for as_csv, name in ((False, "t.xlsx"), (True, "t.csv")):
        content = handed_out(home, last=last, as_csv=as_csv)
        result = checked_file(home, content, name=name)
        assert [f.rule_id for f in result.report.findings] == ["template_says_something_new"]
        assert any("840 of 840 figures stand" in r for r in result.report.receipt.repairs)


def test_a_csv_template_is_known_after_columns_and_delimiter_changed(home: Home) -> None:
    rows = list(csv.reader(io.StringIO(handed_out(home, as_csv=True).decode("utf-8-sig"))))
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=";").writerows([[*reversed(row), ""] for row in [*rows[:2], *reversed(rows[2:])]])
    result = checked_file(home, stream.getvalue().encode("utf-8-sig"), name="t.csv")
    assert [f.rule_id for f in result.report.findings] == ["template_says_something_new"]
    assert any("5 of 5 figures stand" in r for r in result.report.receipt.repairs)


def test_a_sheet_of_the_members_own_is_read_when_it_holds_figures_and_told_when_it_does_not(home: Home) -> None:
    book = openpyxl.load_workbook(io.BytesIO(handed_out(home)))
    more, aside = book.create_sheet("2022"), book.create_sheet("Sums")
    for row in (("City", "Indicator", "Year", "Value", "Unit", "Source"), ("Seoul", PM25, "2022", 18.5, "ug/m3", "synthetic")):
        more.append(row)
    for number in range(20):
        aside.append([f"sum {number}", number, number * 2, number * 3, number * 4])
    stream = io.BytesIO()
    book.save(stream)
    result = checked_file(home, stream.getvalue())
    assert [(o.source_sheet, o.reported_value) for o in result.observations] == [("2022", 18.5)]
    assert not result.report.has_blocker
    assert any("'Sums' holds no table" in r for r in result.report.receipt.repairs)


def test_a_template_whose_sheet_was_renamed_is_read(home: Home) -> None:
    def change(page: Worksheet) -> None:
        page.cell(row_of(page, "Seoul", "2020"), column("value")).value = 19.5
        page.title = "2026 figures"

    assert [(o.source_sheet, o.reported_value) for o in checked_file(home, edited(handed_out(home), change)).observations] == [("2026 figures", 19.5)]


def test_a_filled_template_gives_its_figures_at_their_cells(home: Home) -> None:
    def change(page: Worksheet) -> None:
        for row in range(6, 9):
            page.cell(row, column("period")).value, page.cell(row, column("value")).value = "2021", 18.5 + row
            page.cell(row, column("source")).value = "synthetic"

    content = edited(write_template(home.contracts_dir, "KOR", indicator_codes=(PM25,), language="ko", last=LAST[:1]), change)
    result = checked_file(home, content)
    assert [(o.source_column, o.source_row, o.reported_value) for o in result.observations] == [("E", 6, 24.5), ("E", 7, 25.5), ("E", 8, 26.5)]
    assert not result.report.has_blocker


def test_another_members_changed_or_old_template_is_told_before_any_row(home: Home) -> None:
    content = handed_out(home)
    assert [f.rule_id for f in checked(home, content, "JPN").findings] == ["template_is_current"]
    book = openpyxl.load_workbook(io.BytesIO(content))
    book[IDENTITY_SHEET]["A1"] = str(book[IDENTITY_SHEET]["A1"].value).replace('"KOR"', '"JPN"')
    stream = io.BytesIO()
    book.save(stream)
    [finding] = checked(home, stream.getvalue(), "JPN").findings
    assert "changed or damaged" in finding.found


@pytest.mark.parametrize(
    ("version", "word"), [("", "earlier form"), ("0.9.0", "version 0.9.0"), ("damaged", "changed or damaged")]
)  # fmt: skip
def test_a_template_of_an_earlier_form_is_told_and_not_read(version: str, word: str, home: Home) -> None:
    said = {"contract_id": "observations", "contract_version": version or load_contract(home.contracts_dir).version, "member_code": "KOR",
            "language": "en", "prefilled": {"E3": "20.75"}, "sha256": "0" * 64}  # fmt: skip
    text = "{not json" if version == "damaged" else json.dumps(said)
    stream = io.StringIO(newline="")
    rows = [[CSV_MARK, text, *[""] * 4], ["City", "Indicator", "Year", "Value", "Unit", "Source"], ["Seoul", PM25, "2020", "20.75", "ug/m3", "synthetic"]]
    csv.writer(stream).writerows(rows)
    [finding] = checked(home, stream.getvalue().encode(), name="t.csv").findings
    assert finding.rule_id == "template_is_current"
    assert word in finding.found


def listed_words(book: openpyxl.Workbook) -> dict[int, list[str]]:
    """The words that each column's drop-down offers, as an office suite finds them."""
    found = {}
    for validation in book["Data"].data_validations.dataValidation:
        [(sheet, cells)] = book.defined_names[validation.formula1.lstrip("=")].destinations
        [target] = validation.sqref.ranges
        found[target.min_col] = [str(row[0].value) for row in book[sheet][cells]]
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_that_a_template_offers_is_read_by_the_check(language: str, home: Home) -> None:
    for member in load_registry(home.contracts_dir)["members"]:
        code = member["member_code"]
        book = openpyxl.load_workbook(io.BytesIO(write_template(home.contracts_dir, code, indicator_codes=CODES, language=language)))
        page, words = book["Data"], listed_words(book)
        assert set(words) == {column(r) for r in ("city", "indicator", "unit", "boundary", "quality", "status")}
        page.delete_rows(6, page.max_row)
        good = {1: words[1][0], 2: words[2][0], 4: "2020", 5: 20.75, 6: "ug_per_m3", column("source"): "synthetic"}
        for number in range(max(map(len, words.values()))):
            said = {n: listed[number] for n, listed in words.items() if number < len(listed)}
            without_value = {column("value"): None} if said.get(column("status")) in words[column("status")][3:] else {}
            for at, text in (good | said | without_value).items():
                page.cell(6 + number, at).value = text
        stream = io.BytesIO()
        book.save(stream)
        result = checked_file(home, stream.getvalue(), code)
        known = ("city_is_known", "city_belongs_to_member", "indicator_is_known", "unit_is_known", "boundary_is_known", "quality_is_known",
                 "status_is_known", "value_is_readable", "headers_are_known", "table_is_recognised")  # fmt: skip
        assert [(f.rule_id, f.found) for f in result.report.findings if f.rule_id in known] == [], (code, language)
        assert {o.quality_code for o in result.observations} >= {"measured", "survey", "higher_level", "estimate", "personal_estimate", "unknown"}
        assert {o.status_code for o in result.observations} == {"observed", "estimated", "derived", "missing", "not_applicable", "suppressed"}
        assert {o.boundary_code for o in result.observations} >= {r["boundary_code"] for r in load_registry(home.contracts_dir)["boundaries"]}


def test_the_reasons_that_a_template_names_are_read_in_the_place_of_a_figure(home: Home) -> None:
    reasons = load_labels(home.contracts_dir)["template_how"]["en"].partition(": ")[2].partition(".")[0].split(", ")
    assert len(reasons) == 4
    for member in load_registry(home.contracts_dir)["members"]:
        city = next(c for c in load_registry(home.contracts_dir)["cities"] if c["member_code"] == member["member_code"])
        content = write_template(home.contracts_dir, member["member_code"], indicator_codes=(PM25,))

        def change(page: Worksheet, name: str = city["name_en"]) -> None:
            for number, reason in enumerate(reasons):
                for at, text in {1: name, 2: PM25, 4: str(2015 + number), 5: reason, 6: "ug_per_m3"}.items():
                    page.cell(6 + number, at).value = text

        result = checked_file(home, edited(content, change), member["member_code"])
        assert {o.status_code for o in result.observations} == {"missing", "not_applicable", "suppressed"}, member["member_code"]


def test_a_template_asks_for_the_core_set_and_what_was_reported_before(home: Home) -> None:
    core = [r["indicator_code"] for r in load_registry(home.contracts_dir)["indicator_set_items"]]
    reported = replace(LAST[0], indicator_code="iso37120:2018/5.4")
    assert list(default_indicators(home.contracts_dir)) == core
    assert list(default_indicators(home.contracts_dir, (reported,))) == [*core, "iso37120:2018/5.4"]


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
    english = headers(home.contracts_dir, "en")
    for language in LANGUAGES:
        assert set(load_messages(home.contracts_dir, language)) == rules
        assert [h for h in headers(home.contracts_dir, language) if fold(h) not in known] == []
        same = {h for h, e in zip(headers(home.contracts_dir, language), english, strict=True) if h == e}
        assert same <= {"Status", "Unit"} or language == "en", language


@pytest.mark.parametrize("ending", ["xlsx", "ods", "xls"])
def test_a_template_saved_again_by_an_office_suite_is_known(ending: str, home: Home, tmp_path: Path) -> None:
    def change(page: Worksheet) -> None:
        page.cell(row_of(page, "Seoul", "2020"), column("value")).value = 19.5

    (tmp_path / "untouched.xlsx").write_bytes(handed_out(home))
    (tmp_path / "touched.xlsx").write_bytes(edited(handed_out(home), change))
    save_again(tmp_path, ending, tmp_path / "untouched.xlsx", tmp_path / "touched.xlsx")
    untouched = checked_file(home, (tmp_path / "saved" / f"untouched.{ending}").read_bytes(), name=f"untouched.{ending}")
    touched = checked_file(home, (tmp_path / "saved" / f"touched.{ending}").read_bytes(), name=f"touched.{ending}")
    assert untouched.observations == []
    assert [f.rule_id for f in untouched.report.findings] == ["template_says_something_new"]
    assert [(o.city_code, o.reported_value, o.boundary_code, o.quality_code) for o in touched.observations] == [
        ("KOR-SEOUL", 19.5, "agglomeration", "estimate")
    ]
    assert not touched.report.has_blocker


def save_again(folder: Path, ending: str, *files: Path) -> None:
    profile = f"-env:UserInstallation=file://{folder}/office"
    command = ["soffice", "--headless", profile, "--convert-to", ending, "--outdir", str(folder / "saved"), *map(str, files)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)


def test_a_real_office_suite_opens_the_marked_workbook(home: Home, tmp_path: Path) -> None:
    from pipelines.submissions.annotating import annotate

    def change(page: Worksheet) -> None:
        page.cell(row_of(page, "Seoul", "2020"), column("unit")).value = "furlong"

    file = FileToRead("faulty.xlsx", edited(handed_out(home), change))
    report = check_file(CheckRequest(file, "KOR", "2026-11-22", "th"), home).report
    assert [(f.rule_id, f.cell) for f in report.findings] == [("unit_is_known", "F6")]
    (tmp_path / "marked.xlsx").write_bytes(annotate(file, report, home.contracts_dir, member_code="KOR", language="th"))
    save_again(tmp_path, "ods", tmp_path / "marked.xlsx")
    assert (tmp_path / "saved" / "marked.ods").exists()
