"""A suggestion saves typing; it never offers another quantity, year, unit or place, nor another figure for a plausible one."""

import pytest

from pipelines.contracts.catalogues import load_vocabulary, member_habits
from pipelines.domain.answers import NO_ANSWERS
from pipelines.intake.likeness import may_stand_for
from pipelines.intake.matching import Matcher
from pipelines.submissions.checking import Home
from tests.factories import check, good_row, make_csv

NEVER = [
    ("units", "per 10 000", "per 100 000"), ("units", "per_10000_population", "per_100000_population"), ("units", "kg/person", "g/person"),
    ("units", "milligrams", "micrograms"), ("units", "kilowatt hours", "megawatt hours"), ("units", "μg/nm3", "μg/m3"), ("units", "thousand persons", "persons"),
    ("units", "백만 명", "만 명"), ("units", "kwh/person/month", "kwh/person/year"), ("indicators", "pm10 yearly mean", "pm2.5 yearly mean"),
    ("indicators", "iso 37120:2014 8.1", "iso 37120:2018 8.1"), ("indicators", "iso 37120:2018 81.1", "iso 37120:2018 8.11"),
    ("indicators", "employment rate", "unemployment rate"), ("indicators", "birth rate", "death rate"), ("indicators", "미세먼지 연평균", "초미세먼지 연평균"),
    ("headers", "total population 2019", "total population 2020"), ("headers", "total population female", "total population"),
    ("headers", "total population of children", "total population"), ("cities", "jakarta utara", "jakarta timur"), ("cities", "kota bandung", "kabupaten bandung"),
    ("cities", "부산광역시", "울산광역시"), ("cities", "대구광역시", "대전광역시"), ("cities", "광주시", "광주광역시"), ("cities", "광주시", "광주"), ("cities", "new delhi", "delhi"),
    ("cities", "กรุงเทพเหนือ", "กรุงเทพใต้"), ("cities", "zone 1", "zone 2"),
]  # fmt: skip
STILL = [
    ("cities", "seoull", "seoul"), ("cities", "georgetown", "george town"), ("cities", "東京", "東京都"), ("cities", "부산 광역시", "부산광역시"),
    ("units", "percnt", "percent"), ("units", "ug m3", "ug/m3"), ("units", "per 100 000 populaton", "per 100 000 population"),
    ("indicators", "pm2.5 yearly maen", "pm2.5 yearly mean"), ("headers", "indicater", "indicator"), ("headers", "기준년도", "기준연도"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "written", "candidate"), NEVER)
def test_words_of_another_meaning_are_never_alike(kind: str, written: str, candidate: str) -> None:
    assert not may_stand_for(kind, written, candidate)


@pytest.mark.parametrize(("kind", "written", "candidate"), STILL)
def test_slips_of_writing_are_still_offered(kind: str, written: str, candidate: str) -> None:
    assert may_stand_for(kind, written, candidate)


@pytest.mark.parametrize("kind", ["units", "cities", "indicators"])
def test_no_known_word_is_offered_for_one_that_means_something_else(home: Home, kind: str) -> None:
    vocabulary = load_vocabulary(home.contracts_dir)
    matcher = Matcher(vocabulary, member_habits(home.contracts_dir, "KOR"), NO_ANSWERS)
    for word, code in getattr(matcher, kind).items():
        assert {s.target for s in matcher.suggest(kind, word)} <= {code}, word


def test_a_plausible_figure_is_offered_no_other(home: Home) -> None:
    rows = [good_row(year=y, value=v) for y, v in (("2017", "60.1"), ("2018", "61.3"), ("2019", "6.2"), ("2020", "59.75"))]
    findings = check(home, make_csv(*rows)).findings
    assert {f.rule_id for f in findings} == {"magnitude_is_consistent"}
    assert [f.suggestions for f in findings] == [()]


def test_an_implausible_figure_is_offered_the_plausible_one_of_its_series(home: Home) -> None:
    rows = [good_row(year=y, value=v) for y, v in (("2017", "25.1"), ("2018", "23.3"), ("2019", "0.249"), ("2020", "20.75"))]
    offered = {f.rule_id: [s.target for s in f.suggestions] for f in check(home, make_csv(*rows)).findings}
    assert offered["magnitude_is_consistent"] == ["24.9"]
