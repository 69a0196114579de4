"""Every page through the real router, on the sample edition, without a browser."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from pipelines.editions.reading import current_edition
from pipelines.exports.tables import figure_number
from tests.conftest import ROOT
from tests.fixtures.edition_damages import forge_edition

PAGES = ("overview", "compare", "city", "indicator", "core_set", "goals", "index", "maturity", "cases", "about_data", "contribute")
PM25 = "iso37120:2018/8.1"


@pytest.fixture
def app(sample_data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("CITYBENCH_DATA_DIR", str(sample_data_dir))
    return AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=60)


def open_page(app: AppTest, name: str, **query: str) -> AppTest:
    app.run()
    app.query_params.clear()
    for key, value in query.items():
        app.query_params[key] = value
    if name != "overview":
        app.switch_page(f"views/{name}.py")
    app.run()
    assert not app.exception, [e.value for e in app.exception]
    return app


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_without_an_error(app: AppTest, name: str) -> None:
    open_page(app, name)
    assert app.title[0].value
    assert not app.error


@pytest.fixture
def broken_dir(sample_data_dir: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the data folder whose edition holds figures without end; what the app remembers of an edition is forgotten before and after."""
    broken = tmp_path / "data"
    shutil.copytree(sample_data_dir, broken)
    forge_edition(
        broken,
        "update marts.mart_observations set harmonised_value = case when hash(observation_id) % 2 = 0 then 'nan'::double else 'inf'::double end "
        f"where indicator_code = '{PM25}'",
    )
    forget_editions()
    yield broken
    forget_editions()


def forget_editions() -> None:
    st.cache_resource.clear()
    st.cache_data.clear()


@pytest.mark.parametrize("name", ["overview", "compare", "city", "indicator", "core_set", "goals", "about_data"])
def test_a_page_survives_an_edition_that_holds_figures_without_end(name: str, broken_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITYBENCH_DATA_DIR", str(broken_dir))
    app = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=60)
    open_page(app, name, **({"indicator": PM25} if name in ("compare", "indicator") else {}))
    assert not app.error


def test_a_cause_is_asked_once_and_its_answer_serves_the_file() -> None:
    def page() -> None:
        import streamlit as st

        from app.components.answering import ask_readings
        from pipelines.domain.answers import Answers
        from pipelines.submissions.checking import Home
        from tests import conftest
        from tests.factories import check

        path = conftest.ROOT / "tests" / "fixtures" / "submissions" / "should_fail" / "KOR__cell_says_what_it_shows__thousands.xlsx"
        report = check(Home(conftest.ROOT / "data_contracts", conftest.ROOT / "dbt_project"), path.read_bytes(), name=path.name)
        answers = ask_readings(report, Answers(), key="draft")
        st.text("" if answers is None else answers.to_json())

    asked = AppTest.from_function(page, default_timeout=60).run()
    assert [box.label.split(" (")[0] for box in asked.selectbox] == ["Cells that show thousands or millions of what they store"]
    asked.selectbox[0].select("shown")
    asked.button[0].click().run()
    assert asked.text[-1].value == '{"cell_readings":{"scale":"shown"}}'


def test_compare_shows_exactly_the_marts_values(app: AppTest, sample_data_dir: Path) -> None:
    open_page(app, "compare", indicator=PM25)
    shown = {(row["City"], row["Period"]): row["Value"] for row in app.dataframe[0].value.to_dict("records")}
    folder = current_edition(sample_data_dir / "editions").folder
    mart = duckdb.read_parquet(str(folder / "mart_observations.parquet")).filter(f"indicator_code = '{PM25}'")
    rows = mart.project("city_name, period_label, harmonised_value, decimals").fetchall()
    marts = {(city, period): float(figure_number(value, decimals)) for city, period, value, decimals in rows if value is not None}
    assert shown == {key: marts[key] for key in shown}
    assert len(shown) == len({city for city, _ in marts})


def test_year_unit_boundary_status_and_quality_stand_beside_each_value(app: AppTest) -> None:
    open_page(app, "compare", indicator=PM25)
    columns = set(app.dataframe[0].value.columns)
    assert {"Value", "Unit", "Period", "Status", "Boundary", "Quality", "Source", "Cell", "As written"} <= columns


def test_a_missing_value_is_shown_with_its_reason(app: AppTest) -> None:
    open_page(app, "indicator", indicator="iso37120:2018/11.4")
    rows = app.dataframe[-1].value.to_dict("records")
    assert any(r["Status"] == "missing: not reported" and r["Value"] != r["Value"] for r in rows)


def test_the_goal_set_is_chosen_and_named(app: AppTest) -> None:
    open_page(app, "compare", indicator=PM25, goals="who_aqg_2021")
    assert any("World Health Organization" in c.value for c in app.caption)


def test_the_definition_says_what_is_measured_and_which_period_it_needs(app: AppTest) -> None:
    shown = " ".join(m.value for m in open_page(app, "indicator", indicator="iso37120:2018/8.1").markdown)
    assert "**Measures** a mean over a time" in shown
    assert "**Period it needs** one whole year; a part of a year is never one" in shown


def test_goal_line_and_optimum_are_two_columns_and_achieved_has_nothing_left_to_go(app: AppTest) -> None:
    open_page(app, "goals", goals="sdr_2025", indicator="iso37120:2018/11.4")
    [hanoi] = [r for r in app.dataframe[0].value.to_dict("records") if r["City"] == "Hanoi"]
    assert (hanoi["Status"], hanoi["Goal line"], hanoi["Left to the goal line"]) == ("● achieved", 25, 0)
    assert (hanoi["Optimum"], hanoi["Left to the optimum"], hanoi["Reached in"]) == (2.6, 12.3, "reached")
    assert "Needed a year" not in hanoi, "every city has reached it"
    assert any("the optimum, where its score is 100, lies beyond it and is no goal" in c.value for c in app.caption)


def test_an_unknown_edition_is_said_plainly(app: AppTest) -> None:
    app.query_params["edition"] = "sample-ffffffffffff"
    app.run()
    assert "sample\\-ffffffffffff" in app.error[0].value
    assert not app.dataframe
    assert not app.metric


@pytest.mark.parametrize("name", ["compare", "goals"])
def test_no_countrys_goals_stand_there_unless_they_are_asked_for(app: AppTest, name: str, sample_data_dir: Path) -> None:
    folder = current_edition(sample_data_dir / "editions").folder
    goals = duckdb.read_parquet(str(folder / "mart_goals.parquet")).project("goal_set_code, goal_scope, indicator_code").fetchall()
    scopes = {code: scope for code, scope, _ in goals}
    for indicator in sorted({i for _, scope, i in goals if scope != "world"}) if name == "compare" else [""]:
        if indicator and f"'{indicator}'" not in str(duckdb.read_parquet(str(folder / "mart_coverage.parquet")).filter("n_values > 0").fetchall()):
            continue
        open_page(app, name, **({"indicator": indicator} if indicator else {}))
        word = "".join(app.query_params["goals"])
        assert word == "none" or scopes[word] == "world", indicator


def test_without_an_edition_the_page_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITYBENCH_DATA_DIR", str(tmp_path))
    app = AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=60).run()
    assert "make build" in app.text[0].value
