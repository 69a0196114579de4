"""A cell is what a person sees: formats that scale, hide, cover or cut short are asked, and one answer settles them."""

import datetime
import io
import zipfile

import pytest

from pipelines.contracts.catalogues import member_habits
from pipelines.domain.answers import Answers, answers_from_json
from pipelines.domain.errors import UsageError
from pipelines.domain.findings import Verdict
from pipelines.intake.reporting import FileToRead
from pipelines.submissions.checking import CheckedFile, CheckRequest, Home, check_file
from tests.conftest import ROOT
from tests.factories import HEADER, failed_rules, good_row, make_workbook
from tests.fixtures.format_writing import DAY, Book, asked_books, number, people, shares

WALL = ROOT / "tests" / "fixtures" / "submissions"
READERS = ("xlsx", "ods", "xls")


def checked(home: Home, content: bytes, answers: Answers | None = None, *, member: str = "KOR", name: str = "test.xlsx") -> CheckedFile:
    return check_file(CheckRequest(FileToRead(name, content, answers or Answers()), member, "2026-11-22"), home)


def harmonised(found: CheckedFile) -> list[float]:
    return [f.value for f in sorted(found.figures, key=lambda f: f.source_row)]


def wall_file(name: str, ending: str) -> bytes:
    return (WALL / "should_fail" / f"{name}.{ending}").read_bytes()


def answered(home: Home, kind: str, ending: str, readings: dict[str, str]) -> CheckedFile:
    member = kind.partition("__")[0]
    return checked(home, wall_file(kind, ending), Answers(cell_readings=readings), member=member, name=f"test.{ending}")


@pytest.mark.parametrize("ending", READERS)
@pytest.mark.parametrize(("reading", "values"), [("shown", [9668465, 9729107]), ("stored", [9668465000, 9729107000])])
def test_a_format_that_divides_is_read_as_the_sender_says(home: Home, ending: str, reading: str, values: list[float]) -> None:
    found = answered(home, "KOR__cell_says_what_it_shows__thousands", ending, {"scale": reading})
    assert harmonised(found) == values
    assert "cell_says_what_it_shows" not in failed_rules(found.report)


@pytest.mark.parametrize("ending", READERS)
def test_no_figure_is_read_from_a_cell_that_is_still_asked(home: Home, ending: str) -> None:
    found = checked(home, wall_file("KOR__cell_says_what_it_shows__thousands", ending), name=f"test.{ending}")
    assert [o.reported_value for o in found.observations] == [None, None]
    assert [f.cell for f in found.report.findings if f.rule_id == "cell_says_what_it_shows"] == ["D2", "D3"]
    assert {s.target for f in found.report.findings for s in f.suggestions} == {"shown", "stored"}


@pytest.mark.parametrize("ending", READERS)
def test_a_zero_shown_as_the_mark_for_not_known_is_missing_or_zero_by_answer(home: Home, ending: str) -> None:
    kind = "KOR__cell_says_what_it_shows__mark_for_not_known"
    [shown], [stored] = (answered(home, kind, ending, {"mark": r}).observations for r in ("shown", "stored"))
    assert (shown.reported_value, shown.status_code) == (None, "missing")
    assert (stored.reported_value, stored.status_code) == (0, "observed")


@pytest.mark.parametrize("ending", READERS)
def test_a_figure_covered_by_a_mark_stays_covered_when_the_sender_says_so(home: Home, ending: str) -> None:
    found = answered(home, "KOR__cell_says_what_it_shows__small_figures_covered", ending, {"mark": "shown"})
    assert (found.observations[0].reported_value, found.observations[0].status_code) == (None, "suppressed")


@pytest.mark.parametrize("ending", READERS)
def test_a_year_number_in_a_date_cell_is_a_year_once_the_sender_says_so(home: Home, ending: str) -> None:
    found = answered(home, "KOR__cell_says_what_it_shows__year_in_a_date_cell", ending, {"year": "stored"})
    assert [o.period_year for o in found.observations] == [2015, 2019, 2018]
    assert found.report.receipt.verdict is Verdict.ACCEPTABLE


@pytest.mark.parametrize("ending", READERS)
@pytest.mark.parametrize("what", ["cell_by_its_format", "cell_by_its_colour", "row_without_height"])
def test_what_is_hidden_is_taken_or_left_out_by_answer(home: Home, ending: str, what: str) -> None:
    kind = f"KOR__nothing_is_hidden__{what}"
    shown, stored = (answered(home, kind, ending, {"hidden": r}) for r in ("shown", "stored"))
    assert [len([o for o in f.observations if o.reported_value is not None]) for f in (shown, stored)] == [2, 3]
    assert stored.report.receipt.verdict is Verdict.ACCEPTABLE
    assert any("by the sender's answer" in repair for f in (shown, stored) for repair in f.report.receipt.repairs)


@pytest.mark.parametrize("ending", READERS)
@pytest.mark.parametrize(("reading", "value"), [("like_neighbours", 45), ("stored", 0.45)])
def test_a_figure_that_lost_the_format_of_its_neighbours_is_read_by_answer(home: Home, ending: str, reading: str, value: float) -> None:
    found = answered(home, "KOR__format_is_like_its_neighbours", ending, {"lost_format": reading})
    assert [o.reported_value for o in found.observations] == [4.1, 3.8, value, 4]
    assert "format_is_like_its_neighbours" not in failed_rules(found.report)


def test_a_figure_beside_cells_that_show_thousands_is_asked_too(home: Home) -> None:
    book = Book(people("9668465", "9729107", "9776"), {(r, 3): number(x, "#,##0,") for r, x in ((1, 9668465), (2, 9729107))})
    found = checked(home, book.write())
    assert {f.cell: f.rule_id for f in found.report.findings if f.severity == "blocker"} == {
        "D2": "cell_says_what_it_shows", "D3": "cell_says_what_it_shows", "D4": "format_is_like_its_neighbours",
    }  # fmt: skip
    settled = checked(home, book.write(), Answers(cell_readings={"scale": "shown", "lost_format": "stored"}))
    assert harmonised(settled) == [9668465, 9729107, 9776000]
    alike = checked(home, book.write(), Answers(cell_readings={"scale": "shown", "lost_format": "like_neighbours"}))
    assert harmonised(alike) == [9668465, 9729107, 9776]


def test_shares_beside_bare_figures_of_the_same_size_are_no_question(home: Home) -> None:
    book = Book(shares("0.041", "0.038", "4.4"), {(r, 3): number(x, "0.0%") for r, x in ((1, 0.041), (2, 0.038))})
    assert failed_rules(checked(home, book.write()).report) == set()


@pytest.mark.parametrize(("stored", "code"), [(0, '_-* #,##0_-;-* #,##0_-;_-* "-"??_-;_-@_-'), (0, '#,##0;-#,##0;"–"'), (0, "General"), (12, "#,###")])
def test_a_dash_for_zero_in_an_accounting_format_is_a_zero(home: Home, stored: float, code: str) -> None:
    book = Book([good_row(indicator="Total population", value="0", unit="persons")], {(1, 3): number(stored, code)})
    found = checked(home, book.write())
    assert "cell_says_what_it_shows" not in failed_rules(found.report)
    assert found.observations[0].reported_value == stored


@pytest.mark.parametrize(("code", "value"), [("0.0;[Red]0.0", -3.5), ("0.0;(0.0)", -3.5), ('0.0;"△"0.0', -3.5), ("0.0", -3.5), ("[>=100]0;0.0", -3.5)])
def test_a_minus_that_people_see_as_sign_bracket_or_colour_is_no_question(home: Home, code: str, value: float) -> None:
    found = checked(home, Book([good_row()], {(1, 3): number(value, code)}).write())
    assert failed_rules(found.report) == {"value_is_within_limits"}
    assert found.observations[0].reported_value == value


@pytest.mark.parametrize("ending", READERS)
def test_a_percent_sign_in_quotes_multiplies_nothing(home: Home, ending: str) -> None:
    path = WALL / "should_pass" / f"KOR__accounting_formats_and_white_header.{ending}"
    assert [o.reported_value for o in checked(home, path.read_bytes(), name=path.name).observations] == [9668465, 19.5, 4.1, 3.8]


@pytest.mark.parametrize(
    ("code", "member", "day", "parts"),
    [
        ("yyyy", "KOR", DAY, ("gregorian", 2020, None, None)),
        ('yyyy"년" m"월"', "KOR", datetime.datetime(2020, 3, 15), ("gregorian", 2020, 3, None)),
        ("mmm yyyy", "KOR", datetime.datetime(2020, 1, 1), ("gregorian", 2020, 1, None)),
        ("mmm-yy", "KOR", datetime.datetime(2020, 3, 1), ("gregorian", 2020, 3, None)),
        ('yyyy"年度"', "JPN", datetime.datetime(2020, 4, 1), ("gregorian_fiscal", 2020, None, None)),
        ('[$-411]ggge"年"', "JPN", DAY, ("reiwa", 2, None, None)),
        ("[$-411]ge", "JPN", datetime.datetime(2019, 1, 1), ("heisei", 31, None, None)),
        ('[$-411]ggge"年"m"月"', "JPN", datetime.datetime(2020, 3, 1), ("reiwa", 2, 3, None)),
        ('[$-404]e"年"', "TWN", DAY, ("minguo", 109, None, None)),
        ("bbbb", "THA", DAY, ("buddhist", 2563, None, None)),
        ("[$-D07041E]mmmm yyyy", "THA", datetime.datetime(2020, 3, 1), ("buddhist", 2563, 3, None)),
        ("yyyy-mm-dd", "KOR", DAY, ("gregorian", 2020, 12, 31)),
        ('yyyy"年"m"月"d"日"', "JPN", datetime.datetime(2020, 10, 1), ("gregorian", 2020, 10, 1)),
    ],
)
def test_a_date_cell_names_what_it_shows(home: Home, code: str, member: str, day: datetime.datetime, parts: tuple[object, ...]) -> None:
    city = {"KOR": "Seoul", "JPN": "大阪市", "TWN": "臺北市", "THA": "กรุงเทพมหานคร"}[member]
    book = Book([good_row(city=city)], {(1, 2): (day, {"num_format": code})})
    [one] = checked(home, book.write(), member=member).observations
    assert one.period_parse_state == "read", one.period_written
    assert (one.period_calendar, one.period_year, one.period_month, one.period_day) == parts


@pytest.mark.parametrize(("code", "rule"), [("yyyy-mm-dd", "period_is_decidable"), ('m"월" d"일"', "period_is_readable"), ("[$-411]e", "period_is_readable")])
def test_a_date_cell_whose_format_does_not_decide_is_asked(home: Home, code: str, rule: str) -> None:
    book = Book([good_row()], {(1, 2): (datetime.datetime(2020, 1, 1), {"num_format": code})})
    assert failed_rules(checked(home, book.write()).report) == {rule}


def test_a_date_in_the_value_column_is_no_figure(home: Home) -> None:
    book = Book([good_row()], {(1, 3): (DAY, {"num_format": "yyyy"})})
    assert failed_rules(checked(home, book.write()).report) == {"value_is_readable"}


@pytest.mark.parametrize("ending", READERS)
@pytest.mark.parametrize(("reading", "year"), [("stored", 1963), ("own_calendar", 2020)])
def test_two_digits_of_a_year_are_of_the_calendar_that_the_sender_names(home: Home, ending: str, reading: str, year: int) -> None:
    found = answered(home, "THA__period_is_decidable__short_year_in_a_date_cell", ending, {"short_year": reading})
    assert [(o.period_year, o.period_month, o.period_day) for o in found.observations] == [(year, 12, 31)]


@pytest.mark.parametrize("written", ["31/12/63", "63-12-31", "31.12.20", "'20", "20년 3월", "Dec-20", "31 Dec 20"])
def test_a_written_year_of_two_digits_is_asked_in_every_country(home: Home, written: str) -> None:
    book = make_workbook([HEADER, good_row(year=written)])
    assert failed_rules(checked(home, book).report) == {"period_is_decidable"}


def test_a_correction_settles_an_odd_cell(home: Home) -> None:
    content = wall_file("KOR__cell_says_what_it_shows__thousands", "xlsx")
    found = checked(home, content, Answers(corrections={"Data!D2": "9668.465", "Data!D3": "9729.107"}))
    assert harmonised(found) == [9668465, 9729107]
    assert found.report.receipt.verdict is Verdict.ACCEPTABLE


def test_readings_of_cells_are_remembered_for_the_next_file_and_nothing_else_is_taken() -> None:
    answers = answers_from_json('{"cell_readings": {"scale": "shown"}}')
    assert answers.recipe().cell_readings == {"scale": "shown"}
    for wrong in ('{"cell_readings": {"scale": "both"}}', '{"cell_readings": {"weather": "shown"}}'):
        with pytest.raises(UsageError, match="cell_readings"):
            answers_from_json(wrong)


def test_a_column_left_out_asks_nothing(home: Home) -> None:
    rows = [(*HEADER, "Extra"), (*good_row()[:3], 20.75, *good_row()[4:], "")]
    content = make_workbook(rows)
    book = Book([(*good_row(), "")], {(0, 6): ("Extra", {}), (1, 6): number(5_000_000, "#,##0,")})
    assert "cell_says_what_it_shows" not in failed_rules(checked(home, book.write(), Answers(headers={"Extra": "ignore"})).report)
    assert checked(home, content).report.receipt.verdict is Verdict.ACCEPTABLE


def test_not_a_number_in_an_open_document_is_refused(home: Home) -> None:
    source = (WALL / "should_pass" / "KOR__accounting_formats_and_white_header.ods").read_bytes()
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(target, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            new.writestr(part, data.replace(b'office:value="19.5"', b'office:value="NaN"') if part.filename == "content.xml" else data)
    found = checked(home, target.getvalue(), name="test.ods")
    assert [(f.rule_id, f.cell) for f in found.report.findings if f.severity == "blocker"] == [("cells_are_sound", "D3")]
    assert [o.reported_value for o in found.observations] == [9668465, None, 4.1, 3.8]


def test_every_asked_kind_has_a_file_in_every_reader() -> None:
    missing = [f"{name}.{ending}" for name in asked_books() for ending in READERS if not (WALL / "should_fail" / f"{name}.{ending}").is_file()]
    assert missing == []


def test_countries_of_other_calendars_are_known(home: Home) -> None:
    calendars = {m: member_habits(home.contracts_dir, m).short_year_calendar for m in ("THA", "TWN", "JPN", "SAU", "KOR", "SGP")}
    assert calendars == {"THA": "buddhist", "TWN": "minguo", "JPN": "era", "SAU": "hijri", "KOR": "", "SGP": ""}
