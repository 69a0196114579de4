"""The definition mismatches of `domain.md` section 4: two members send two readings of one indicator.

Each pair is bridged by a stated factor, marked as not comparable, or asked about; none stands side by side unmarked.
"""

import csv
from dataclasses import dataclass

import pytest

from pipelines.contracts.catalogues import load_registry
from pipelines.domain.comparability import Comparability, Grade, Traits, compare
from pipelines.intake.reporting import FileToRead
from pipelines.submissions.checking import CheckRequest, Home, check_file
from pipelines.warehouse.compiling import compiled_models
from pipelines.warehouse.rule_running import SubmissionHead, submission_in_memory
from tests.conftest import ROOT
from tests.factories import HEADER, good_row, make_csv

CODE = {"20": "iso37120:2018", "22": "iso37122:2019", "23": "iso37123:2019", "f": "forum:2026"}
NO, BRIDGED = Grade.NOT_COMPARABLE, Grade.BRIDGED


@dataclass(frozen=True)
class Sent:
    """What became of one figure: its value, its traits, the rules it failed, its steps."""

    value: float | None
    traits: Traits
    failed: frozenset[str]
    steps: str


def send(home: Home, member: str, city: str, indicator: str, value: str, unit: str, reading: str = "", *, boundary: str = "", year: str = "2020") -> Sent:
    """Check a file of one figure, and harmonise it by the same compiled SQL."""
    row = (*good_row(city=city, indicator=indicator, value=value, unit=unit, year=year), reading, boundary)
    content = make_csv(row, header=(*HEADER, "Definition", "Boundary"))
    checked = check_file(CheckRequest(FileToRead("one.csv", content), member, "2026-11-22"), home)
    head = SubmissionHead("one", member, "one.csv", "0", "1.2.0", "2026-11-22")
    with submission_in_memory(head, checked.observations, registry=load_registry(home.contracts_dir), models=compiled_models(home.dbt_dir)) as connection:
        found = connection.execute(
            "select b.harmonised_value, b.harmonised_definition_code, b.definition_grade, d.period_start, d.period_end, coalesce(b.conversion_step, ''), "
            "coalesce(c.boundary_code, 'administrative') from intermediate.int_observations__bridged as b inner join intermediate.int_observations__dated as d "
            "on b.observation_id = d.observation_id inner join intermediate.int_observations__checkable as c on b.observation_id = c.observation_id"
        ).fetchone()
    assert found is not None
    traits = Traits(found[1], found[2], found[6], None, found[3], found[4], "not_declared")
    return Sent(found[0], traits, frozenset(f.rule_id for f in checked.report.findings), found[5])


def pair(home: Home, indicator: str, readings: tuple[str, str], values: tuple[str, str]) -> tuple[Sent, Sent, Comparability]:
    framework, _, clause = indicator.partition(" ")
    code = f"{CODE[framework]}/{clause}"
    unit = next(r["unit_code"] for r in load_registry(home.contracts_dir)["indicators"] if r["indicator_code"] == code)
    one = send(home, "KOR", "Seoul", code, values[0], unit, readings[0])
    other = send(home, "JPN", "Osaka", code, values[1], unit, readings[1])
    assert not (one.failed | other.failed) & {"definition_is_known", "definition_is_declared", "unit_fits_indicator", "value_is_readable"}
    return one, other, compare(one.traits, other.traits)


MISMATCHES = [
    (1, "f population_total", ("상주인구", "住民基本台帳人口"), ("9700000", "2750000"), NO),
    (3, "f population_total", ("residents, wherever registered", "昼間人口"), ("9700000", "3500000"), NO),
    (4, "20 5.1", ("labour-force survey, all residents", "registered unemployment"), ("4.1", "3.2"), NO),
    (5, "20 5.4", ("ages 15 to 24", "ages 15 to 29"), ("8.1", "6.9"), NO),
    (6, "22 11.1", ("people whose one record any provider can open", "hospitals with an electronic record"), ("12", "95"), NO),
    (7, "22 12.1", ("households that have one", "meters that are smart"), ("88", "100"), NO),
    (8, "22 12.2", ("households with live reading", "drive_by_reading"), ("20", "70"), NO),
    (9, "22 19.11", ("temporary test permits", "level 4 operation permits"), ("0.01", "0.001"), NO),
    (10, "22 19.3", ("하이브리드 제외", "ハイブリッド車を含む"), ("3.1", "24"), NO),
    (11, "20 7.5", ("최종에너지", "一次エネルギー"), ("0.9", "2.1"), NO),
    (12, "22 8.1", ("entry level of the national scheme", "upper levels of the national scheme"), ("40", "9"), NO),
    (13, "22 15.1", ("share of the city's area", "cameras times radius, overlaps counted"), ("40", "90"), NO),
    (14, "22 7.6", ("street lights under remote management", "street lights that are LED"), ("35", "92"), NO),
    (15, "20 23.7", ("누수율", "有収率"), ("5", "95"), BRIDGED),
    (15, "20 23.7", ("누수율", "有効率"), ("5", "97"), NO),
    (16, "20 16.3", ("material recycled, of municipal waste", "heat recovery counted as recycling"), ("55", "90"), NO),
    (17, "20 8.1", ("mean of the stations", "dust days left out"), ("20.75", "30"), NO),
    (18, "20 8.3", ("all gases, GPC BASIC", "carbon dioxide only"), ("4.6", "5.1"), NO),
    (19, "20 13.1", ("2.15 USD PPP a day", "1.90 USD PPP a day"), ("1", "0.8"), NO),
    (20, "20 13.3", ("of income", "of spending"), ("0.38", "0.33"), NO),
    (21, "20 11.3", ("practising physicians", "with doctors of traditional medicine"), ("330", "380"), NO),
    (21, "20 11.2", ("in-patient beds, public and private", "with long-stay beds"), ("300", "1300"), NO),
    (22, "20 15.1", ("full-time paid firefighters", "with volunteers"), ("120", "700"), NO),
    (23, "20 15.4", ("sworn civil police", "with auxiliary or conscript police"), ("230", "300"), NO),
    (24, "20 19.5", ("30일 이내 사망", "24時間以内死者"), ("3.1", "2.0"), BRIDGED),
    (25, "20 15.5", ("completed homicides", "attempts included"), ("0.6", "1.4"), NO),
    (26, "20 12.3", ("in the open and in shelters", "in the open only"), ("30", "8"), NO),
    (27, "20 10.4", ("of registered voters", "of eligible voters"), ("60", "55"), NO),
    (28, "20 6.5", ("net enrolment", "gross enrolment"), ("97", "99"), NO),
    (29, "20 21.1", ("all vegetated land, public and private", "都市公園"), ("400", "90"), NO),
    (30, "20 19.1", ("length of the network", "sum of the routes"), ("30", "300"), NO),
    (31, "20 19.3", ("commuters in no private vehicle", "commuters not in a car, motorcycles included"), ("20", "90"), NO),
    (32, "20 18.1", ("fixed and mobile connections", "fixed connections"), ("150000", "40000"), NO),
    (33, "23 8.5", ("by the national limit over 72 hours", "days above 35 degrees"), ("3", "20"), NO),
    (34, "23 11.3", ("of all people", "of infants"), ("70", "98"), NO),
    (35, "20 9.5.1", ("US dollars at market rate", "US dollars at purchasing power"), ("2000", "3000"), NO),
    (37, "20 12.2", ("at most 30 % of income", "by price to income"), ("60", "20"), NO),
    (38, "20 15.7", ("mean, from the call", "mean, from dispatch"), ("7", "5"), NO),
    (39, "20 9.2", ("all accounts of the city", "general account only"), ("20", "12"), NO),
]


@pytest.mark.parametrize(("number", "indicator", "readings", "values", "grade"), MISMATCHES, ids=[f"{m[0]}-{m[1]}" for m in MISMATCHES])
def test_two_readings_of_one_indicator(home: Home, number: int, indicator: str, readings: tuple[str, str], values: tuple[str, str], grade: Grade) -> None:
    one, other, held = pair(home, indicator, readings, values)
    assert held.grade is grade
    assert held.reasons
    assert one.value == pytest.approx(float(values[0])), "a reference, or a reading without a factor, keeps its number"
    if grade is BRIDGED:
        assert "definition" in other.steps
        assert other.value == pytest.approx({"95": 5.0, "2.0": 2.6}[values[1]])


def test_at_least_twenty_five_mismatches_are_covered() -> None:
    assert len({m[0] for m in MISMATCHES}) >= 25


def test_two_that_say_the_same_compare_and_two_that_say_nothing_do_so_with_care(home: Home) -> None:
    same = [send(home, m, c, "iso37120:2018/8.1", "20", "ug/m3", "mean of the stations").traits for m, c in (("KOR", "Seoul"), ("JPN", "Osaka"))]
    assert compare(*same) == Comparability(Grade.COMPARABLE, ())
    silent = [send(home, m, c, "iso37120:2018/8.1", "20", "ug/m3").traits for m, c in (("KOR", "Seoul"), ("JPN", "Osaka"))]
    assert compare(*silent) == Comparability(Grade.WITH_CARE, ("the definition is not declared",))


def asked_indicators() -> list[tuple[str, str, str]]:
    with (ROOT / "data_contracts" / "indicators" / "definitions.csv").open(encoding="utf-8") as stream:
        return sorted({(r["indicator_code"], "", "") for r in csv.DictReader(stream) if r["is_asked"] == "true"})


def test_where_a_reading_moves_the_number_most_the_sender_is_asked(home: Home) -> None:
    units = {r["indicator_code"]: r["unit_code"] for r in load_registry(home.contracts_dir)["indicators"]}
    asked = asked_indicators()
    assert len(asked) >= 20
    for code, _, _ in asked:
        sent = send(home, "KOR", "Seoul", code, "50", units[code])
        assert "definition_is_declared" in sent.failed, code
        assert sent.traits.definition is None


def test_city_edges_are_never_mixed_unmarked(home: Home) -> None:
    """Mismatch 2."""
    one = send(home, "KOR", "Seoul", "iso37120:2018/8.1", "20", "ug/m3", "mean of the stations", boundary="administrative")
    other = send(home, "JPN", "Osaka", "iso37120:2018/8.1", "20", "ug/m3", "mean of the stations", boundary="urban extent")
    assert compare(one.traits, other.traits) == Comparability(Grade.NOT_COMPARABLE, ("covers the administrative, not the urban extent",))


def test_one_gini_in_three_writings_is_one_value(home: Home) -> None:
    """Mismatch 20, the unit's side: 0.38, 38 and 38 % are one value, and a bare 38 as a ratio is stopped."""
    assert send(home, "KOR", "Seoul", "iso37120:2018/13.3", "0.38", "ratio_0_1", "of income").value == pytest.approx(0.38)
    assert send(home, "KOR", "Seoul", "iso37120:2018/13.3", "38", "index_0_100", "of income").value == pytest.approx(0.38)
    assert "value_is_within_limits" in send(home, "KOR", "Seoul", "iso37120:2018/13.3", "38", "ratio_0_1", "of income").failed


@pytest.mark.parametrize(
    ("indicator", "value", "unit"), [("iso37122:2019/15.1", "60", "per 1000"), ("iso37120:2018/7.6", "92", "%"), ("iso37120:2018/5.1", "0.95", "")]
)
def test_another_kind_of_number_or_no_unit_is_stopped(home: Home, indicator: str, value: str, unit: str) -> None:
    """Mismatches 13, 14 and 40: cameras per 1 000 people for an area, LED share for kWh per km, a number without a unit."""
    assert send(home, "KOR", "Seoul", indicator, value, unit).failed & {"unit_fits_indicator", "unit_is_known", "unit_is_stated"}


def test_what_better_reporting_makes_look_worse_has_no_better_side(home: Home) -> None:
    """Mismatches 33 and 36: hazard and reporting effects are shown, never scored."""
    directions = {r["indicator_code"]: r["direction"] for r in load_registry(home.contracts_dir)["indicators"]}
    assert {directions[f"iso37123:2019/8.{n}"] for n in (4, 5, 6)} == {"neutral_context"}


def test_a_fiscal_year_and_a_calendar_year_say_what_they_have_in_common(home: Home) -> None:
    calendar = send(home, "KOR", "Seoul", "iso37120:2018/8.1", "20", "ug/m3", "mean of the stations", year="2023")
    fiscal = send(home, "JPN", "Osaka", "iso37120:2018/8.1", "20", "ug/m3", "mean of the stations", year="令和5年度")
    assert compare(calendar.traits, fiscal.traits) == Comparability(Grade.WITH_CARE, ("9 months in common of 12",))
    earlier = send(home, "JPN", "Osaka", "iso37120:2018/8.1", "20", "ug/m3", "mean of the stations", year="2019")
    assert compare(calendar.traits, earlier.traits).reasons == ("4 years apart",)
