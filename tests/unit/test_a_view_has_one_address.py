"""One view value makes address, title, name of file and hash; a table's order is part of it, and ranks nobody whom a source forbids to rank."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from pipelines.exports.files import about_lines, to_csv
from pipelines.exports.tables import CellKind, TableColumn, TableSpec, may_order_by
from pipelines.exports.views import Control, View
from tests.factories import make_view

ODD = {"indicator": "iso37120:2018/8.1", "countries": "KOR~JPN", "own": "10-0-0", "word": "a b&c=d?#%+é한"}
TABLE = TableSpec(
    "t",
    (TableColumn("city", "City"), TableColumn("value", "Value", CellKind.NUMBER), TableColumn("note", "Note")),
    (("b", 2.0, ""), ("A", None, "x"), ("c", 10.0, "y"), ("a", 2.0, "z")),
    (),
    make_view(),
)


def test_the_address_gives_every_word_back() -> None:
    view = make_view(**ODD)
    parts = urlsplit(view.address)
    assert parts.path == "/compare"
    assert dict(parse_qsl(parts.query, strict_parsing=True)) == {"edition": view.edition_id, **ODD}


@pytest.mark.parametrize(
    "other",
    [
        make_view("city", year="2019"), make_view(year="2020"), make_view(), make_view(years="2019"), make_view(year="2019", order="value"),
        replace(make_view(year="2019"), edition_id="sample-111111111111"),
    ],
)  # fmt: skip
def test_another_page_edition_or_word_is_another_address_file_and_hash(other: View) -> None:
    view = make_view(year="2019")
    for one, two in ((view.address, other.address), (view.file_stem("t"), other.file_stem("t"))):
        assert one != two
    assert replace(TABLE, view=view).view_hash != replace(TABLE, view=other).view_hash
    assert replace(TABLE, view=view).view_hash == replace(TABLE, view=make_view(year="2019")).view_hash


def test_title_and_file_say_what_is_shown() -> None:
    view = View("compare", "Compare", "e", (Control("year", "latest", "Year", "Latest of each city"), Control("order", "value", "Order", "Value")))
    assert view.title == "Compare; Year: Latest of each city; Order: Value"
    lines = dict(about_lines(replace(TABLE, view=view)))
    assert (lines["View"], lines["Shown"], lines["Edition"]) == (view.address, view.title, "e")
    assert view.file_stem("PM2.5 – 초미세먼지!") == f"compare-pm2-5-e-{view.view_hash}"


def test_a_view_without_edition_and_words_is_its_page() -> None:
    assert View("contribute", "Contribute", "").address == "/contribute"
    assert View("", "Overview", "e").address == "/?edition=e"


@pytest.mark.parametrize(
    ("word", "cities"),
    [("", "bAca"), ("city", "Aabc"), ("-city", "cbAa"), ("value", "bacA"), ("-value", "cbaA"), ("note", "Acab"), ("nothing", "bAca")],
)
def test_a_table_is_ordered_by_a_column_with_no_value_last(word: str, cities: str) -> None:
    ordered = TABLE.taken(TABLE.order_by(word))
    assert "".join(str(row[0]) for row in ordered.rows) == cities
    assert [line.split(",")[0] for line in to_csv(ordered).decode("utf-8-sig").splitlines()[1:5]] == list(cities)


@pytest.mark.parametrize("key", ["value", "written", "comparable", "status", "score", "interval", "needed", "projected", "level"])
def test_where_ranking_is_forbidden_only_names_and_periods_order_rows(key: str) -> None:
    assert may_order_by(key, is_held=False)
    assert not may_order_by(key, is_held=True)
    assert may_order_by("city", is_held=True)
