"""A figure is of the sender's own city and of its own year, or it is asked; what an answer leaves out of the own country is named."""

from pathlib import Path

import pytest

from pipelines.domain.answers import NO_ANSWERS, Answers
from pipelines.intake.reporting import FileToRead
from pipelines.submissions.checking import CheckedFile, CheckRequest, Home, check_file
from tests.conftest import ROOT

WALL = ROOT / "tests" / "fixtures" / "submissions"
EVERYTHING = Answers(cities={"*": "ignore"})
TOWNS = "City,Country,Year,Total population (persons)\nGeorge Town,{own},2020,794313\nGeorge Town,{other},2020,7117\n"


def checked(content: bytes | str, home: Home, member: str, answers: Answers = NO_ANSWERS, *, name: str = "test.csv") -> CheckedFile:
    data = content.encode() if isinstance(content, str) else content
    return check_file(CheckRequest(FileToRead(name, data, answers), member, "2026-11-22"), home)


def of_wall(name: str, home: Home) -> CheckedFile:
    path: Path = WALL / "should_pass" / name
    return checked(path.read_bytes(), home, name[:3], name=name)


def figures(read: CheckedFile) -> list[tuple[str | None, int | None, float | None]]:
    return [(o.city_code, o.period_year, o.reported_value) for o in read.observations]


def asked(read: CheckedFile) -> list[tuple[str, str]]:
    return [(f.rule_id, f.found.partition(":\n")[0]) for f in read.report.findings if f.severity == "blocker"]


def said(read: CheckedFile) -> str:
    return "\n".join(read.report.receipt.repairs)


@pytest.mark.parametrize(
    ("own", "other"),
    [
        ("Malaysia", "Australia"),
        ("MY", "AU"),
        ("MYS", "AUS"),
        ("458", "36"),
        ("말레이시아", "호주"),
        ("马来西亚", "澳大利亚"),
        ("ماليزيا", "أستراليا"),
        ("มาเลเซีย", "ออสเตรเลีย"),
    ],
)
def test_a_town_of_the_same_name_in_another_country_never_becomes_ours(own: str, other: str, home: Home) -> None:
    read = checked(TOWNS.format(own=own, other=other), home, "MYS")
    assert figures(read) == [("MYS-GEORGE-TOWN", 2020, 794313)]
    assert f"'George Town' ({other})" in said(read)
    assert not read.report.has_blocker


@pytest.mark.parametrize("header", ["Country", "ISO3", "Negara", "국가", "国", "国家", "國家", "Quốc gia", "ประเทศ", "الدولة", "Bansa", "REF_AREA country"])
def test_a_country_column_is_known_in_every_language(header: str, home: Home) -> None:
    read = checked(TOWNS.replace("Country", header).format(own="MYS", other="AUS"), home, "MYS")
    assert figures(read) == [("MYS-GEORGE-TOWN", 2020, 794313)]


@pytest.mark.parametrize("answers", [Answers(headers={"Country": "ignore"}), Answers(headers={"*": "ignore"})])
def test_leaving_the_country_column_out_does_not_make_a_foreign_town_ours(answers: Answers, home: Home) -> None:
    assert figures(checked(TOWNS.format(own="Malaysia", other="Australia"), home, "MYS", answers)) == [("MYS-GEORGE-TOWN", 2020, 794313)]


def test_a_column_of_countries_under_an_unknown_header_is_not_left_out_with_the_others(home: Home) -> None:
    text = TOWNS.replace("Country", "Where").format(own="Malaysia", other="Australia")
    assert ("headers_are_known", "Where") in asked(checked(text, home, "MYS", Answers(headers={"*": "ignore"})))
    read = checked(text, home, "MYS", Answers(headers={"*": "ignore", "Where": "country"}))
    assert figures(read) == [("MYS-GEORGE-TOWN", 2020, 794313)]


@pytest.mark.parametrize("name", ["MYS__a_town_of_the_same_name_abroad.csv", "MYS__a_town_of_the_same_name_abroad.xlsx", "MYS__country_behind_the_city.csv"])
def test_a_file_with_a_foreign_namesake_gives_the_own_town_alone(name: str, home: Home) -> None:
    assert figures(of_wall(name, home)) == [("MYS-GEORGE-TOWN", 2020, 794313)]


def test_an_unknown_country_is_asked_and_the_answer_by_name_settles_it(home: Home) -> None:
    text = TOWNS.format(own="Malaysia", other="Atlantis")
    assert asked(checked(text, home, "MYS", EVERYTHING)) == [("city_is_known", "George Town (Atlantis)")]
    left_out = checked(text, home, "MYS", Answers(cities={"George Town (Atlantis)": "ignore"}))
    assert figures(left_out) == [("MYS-GEORGE-TOWN", 2020, 794313)]
    assert "'George Town (Atlantis)'" in said(left_out)


def test_a_line_above_the_table_can_say_the_country(home: Home) -> None:
    text = "Country: {},,\nCity,Year,Total population (persons)\nGeorge Town,2020,794313\n"
    assert figures(checked(text.format("Malaysia"), home, "MYS")) == [("MYS-GEORGE-TOWN", 2020, 794313)]
    assert figures(checked(text.format("Australia"), home, "MYS")) == []


def test_a_name_of_several_countries_is_asked_in_a_list_of_the_world(home: Home) -> None:
    text = "City,Year,Total population (persons)\nGeorge Town,2020,794313\nKuala Lumpur,2020,1982112\n"
    assert asked(checked(text, home, "MYS")) == []
    assert asked(checked(text + "Seoul,2020,9586195\n", home, "MYS", EVERYTHING)) == [("city_is_known", "George Town (or George Town, Tasmania)")]


@pytest.mark.parametrize(
    ("member", "text", "question"),
    [
        ("PHL", "Area name,Level,Year,Total population (persons)\nManila,City,2020,1846513\nManila,Barangay,2020,7200\n", "Manila (Barangay)"),
        ("PHL", "Area name,Year,Total population (persons)\nCebu,2020,964169\n", "Cebu (or Cebu Province)"),
        ("THA", "จังหวัด,ปี,จำนวนประชากร (คน)\nเชียงใหม่,2563,1789385\n", "เชียงใหม่ (จังหวัด)"),
        ("JPN", "都道府県,年,総人口 (人)\nOsaka,2020,8837685\n", "Osaka (都道府県)"),
    ],
)
def test_a_place_of_another_level_with_a_city_s_name_is_asked(member: str, text: str, question: str, home: Home) -> None:
    assert asked(checked(text, home, member)) == [("city_is_known", question)]
    answered = checked(text, home, member, Answers(cities={question: "ignore"}))
    assert question not in [o.city_written for o in answered.observations]


@pytest.mark.parametrize(
    ("member", "text"),
    [
        ("PHL", "City,Year,Total population (persons)\nCebu,2020,964169\n"), ("THA", "เมือง,ปี,จำนวนประชากร (คน)\nเชียงใหม่,2563,127240\n"),
        ("JPN", "都道府県,年,総人口 (人)\n大阪市,2020,2752412\n"), ("JPN", "都道府県,年,総人口 (人)\n東京都,2020,14047594\n"),
        ("KOR", "시도,연도,총인구 (명)\n서울,2020,9586195\n"), ("IDN", "Kabupaten/Kota,Tahun,Jumlah penduduk (jiwa)\nKota Bandung,2020,2444160\n"),
    ],
)  # fmt: skip
def test_an_ordinary_file_is_asked_nothing_about_levels(member: str, text: str, home: Home) -> None:
    read = checked(text, home, member)
    assert asked(read) == []
    assert [o.city_code is not None for o in read.observations] == [True]


def test_an_answer_for_all_others_keeps_what_looks_like_an_own_city_asked(home: Home) -> None:
    text = "City,Year,Total population (persons)\nOsaka City,2020,2752412\nTokyo,2020,14047594\nHirosima,2020,1200754\nKobe,2020,1525152\nSendai,2020,1096704\n"
    read = checked(text, home, "JPN", EVERYTHING)
    assert asked(read) == [("city_is_known", "Osaka City"), ("city_is_known", "Tokyo"), ("city_is_known", "Hirosima")]
    named = {"*": "ignore", "Osaka City": "JPN-OSAKA", "Tokyo": "ignore", "Hirosima": "JPN-HIROSHIMA"}
    read = checked(text, home, "JPN", Answers(cities=named))
    assert figures(read) == [("JPN-OSAKA", 2020, 2752412), ("JPN-HIROSHIMA", 2020, 1200754), ("JPN-SENDAI", 2020, 1096704)]
    assert "like its cities or known indicators: 'Tokyo'" in said(read)


def test_every_left_out_name_of_the_own_country_stands_in_the_receipt(home: Home) -> None:
    towns = [f"Machi{chr(65 + n)}" for n in range(20)]
    rows = [f"{town},Japan,2020,100000" for town in towns] + [f"Ville{n},France,2020,100000" for n in range(20)]
    text = "\n".join(["City,Country,Year,Total population (persons)", "Sendai,Japan,2020,1096704", *rows, "Osaka Prefecture,Japan,2020,8837685"]) + "\n"
    lines = said(checked(text, home, "JPN", EVERYTHING))
    assert [t for t in (*towns, "Osaka Prefecture") if f"'{t}'" not in lines] == []
    assert "20 figures of 20 places in other countries left out" in lines


def test_an_answer_for_all_other_columns_names_what_it_knows_of_them(home: Home) -> None:
    text = "City,Year,Total population,\n,,(persons),of something\nSeoul,2020,9586195,1\n"
    read = checked(text, home, "KOR", Answers(headers={"*": "ignore"}))
    assert "'Total population / of something' left out by the sender's answer, although it names 'Total population'" in said(read)


def test_an_answer_for_all_other_indicators_keeps_a_code_without_edition_asked(home: Home) -> None:
    text = "City,Indicator,Year,Value,Unit\nSeoul,8.1,2020,20.75,ug/m3\nSeoul,Total populations,2020,1,persons\nSeoul,Cats,2020,1,persons\n"
    read = checked(text, home, "KOR", Answers(indicators={"*": "ignore"}))
    assert asked(read) == [("indicator_code_has_edition", "8.1")]
    assert "known indicators: 'Total populations'" in said(read)


def test_a_figure_with_a_year_column_of_its_own_keeps_it(home: Home) -> None:
    read = of_wall("KOR__each_figure_with_its_own_year.csv", home)
    assert [(o.indicator_code, o.period_year, o.period_cell) for o in read.observations] == [
        ("iso37120:2018/8.1", 2020, "B2"), ("forum:2026/population_total", 2019, "E2")
    ]  # fmt: skip
    assert "takes its period from column E 'Population year'" in said(read)
    read = of_wall("KOR__own_years_in_korean.csv", home)
    assert [(o.indicator_code, o.period_year) for o in read.observations] == [("forum:2026/population_total", 2020), ("forum:2026/land_area", 2018)]


@pytest.mark.parametrize("header", ["populationYear", "population_year", "Year of population", "Population (year)", "Year (population)", "POPULATION YEAR"])
def test_a_year_column_is_known_by_its_value_column_s_name(header: str, home: Home) -> None:
    read = checked(f"City,Year,Population (persons),{header}\nSeoul,2021,9586195,2020\n", home, "KOR")
    assert figures(read) == [("KOR-SEOUL", 2020, 9586195)]
    assert not read.report.has_blocker


def test_a_recognised_column_takes_none_of_several_years_by_itself(home: Home) -> None:
    text = "City,Year,Accounting year,Land area (km2)\nSeoul,2018,2016,605.2\n"
    for answers in (NO_ANSWERS, Answers(headers={"*": "ignore"})):
        assert asked(checked(text, home, "KOR", answers)) == [("headers_are_known", "Accounting year")]
    for target, year in (("ignore", 2018), ("period | Land area (km2)", 2016)):
        read = checked(text, home, "KOR", Answers(headers={"Accounting year": target}))
        assert (asked(read), figures(read)) == ([], [("KOR-SEOUL", year, 605.2)])


def test_what_is_asked_about_years_offers_its_answers(home: Home) -> None:
    text = "City,Population (persons),Year,Land area (km2),Year\nSeoul,9586195,2020,605.2,2018\n"
    read = checked(text, home, "KOR")
    assert asked(read) == [("headers_are_known", "Year (column C)"), ("headers_are_known", "Year (column E)")]
    offered = [[s.target for s in f.suggestions if s.target.startswith("period")] for f in read.report.findings if f.rule_id == "headers_are_known"]
    assert offered == [["period | Population (persons)", "period | Land area (km2)"]] * 2
    read = checked(text, home, "KOR", Answers(headers={"Year (column C)": offered[0][0], "Year (column E)": offered[1][1]}))
    assert (asked(read), figures(read)) == ([], [("KOR-SEOUL", 2020, 9586195), ("KOR-SEOUL", 2018, 605.2)])


def test_a_column_without_a_year_beside_one_with_its_own_is_asked_and_can_be_answered(home: Home) -> None:
    text = "City,Population (persons),Population year,Land area (km2)\nSeoul,9586195,2020,605.2\n"
    assert asked(checked(text, home, "KOR")) == [("headers_are_known", "Land area (km2)"), ("headers_are_known", "Population year")]
    read = checked(text, home, "KOR", Answers(headers={"Population year": "period"}))
    assert (asked(read), figures(read)) == ([], [("KOR-SEOUL", 2020, 9586195), ("KOR-SEOUL", 2020, 605.2)])


def test_an_answer_that_gives_a_year_to_no_column_is_asked_again(home: Home) -> None:
    text = "City,Year,Census year,Land area (km2)\nSeoul,2018,2016,605.2\n"
    read = checked(text, home, "KOR", Answers(headers={"Census year": "period | Population"}))
    assert asked(read) == [("headers_are_known", "Census year")]
