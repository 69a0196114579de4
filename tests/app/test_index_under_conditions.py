"""A second edition under other contracts: a city that must not be ranked, a recipe whose unsure step does nothing, one that ranks nobody."""

import csv
import io
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from streamlit.testing.v1 import AppTest

from pipelines.domain.errors import UsageError
from pipelines.editions.comparing import explain_index
from pipelines.editions.opening import open_published
from pipelines.editions.reading import current_edition, list_editions, read_edition
from pipelines.exports.files import to_csv
from pipelines.exports.goal_tables import STANDING_COLUMNS
from pipelines.exports.index_profiles import profiles_table
from pipelines.exports.index_tables import changes_table, coverage_text, pair_sentence, ranks_table, scores_table, shown_parts
from pipelines.exports.set_tables import NEWEST_COLUMNS
from pipelines.exports.tables import FIGURE_COLUMNS
from pipelines.warehouse.connecting import Connection
from pipelines.warehouse.querying_indexes import (
    Pair,
    forbids_ranking,
    index_groups,
    index_inputs,
    index_pair,
    index_recipes,
    index_scores,
    use_conditions,
)
from tests.conftest import BIN, ROOT
from tests.factories import make_view

URBAN, HANOI = "urban_reach_and_green", "VNM-HANOI"
SIZES = ("forum:2026/population_total", "forum:2026/land_area", "forum:2026/physicians", "forum:2026/population_65plus")
SERVICES = ("iso37120:2018/5.1", "iso37120:2018/11.3", "iso37120:2018/6.4", "forum:2026/flush_toilet_share")
REASON = "Synthetic condition of a test: the source asks that the city is not ranked"


def many_indicators(sound: dict[str, Any]) -> dict[str, Any]:
    """Eight indicators of one country's cities, the least for ranks; mostly their size, so that some orders are sure. Nobody's index."""
    groups = [
        {"group_code": "size", "group_name": "Size", "weight": 9, "indicators": [{"indicator_code": code, "direction": 1} for code in SIZES]},
        {"group_code": "services", "group_name": "Services", "indicators": [{"indicator_code": code} for code in SERVICES]},
    ]
    means = [{"mean": "arithmetic", "group_min": 0.3}] * 2
    changes = {
        "recipe_code": "sizes",
        "members": ["JPN"],
        "year": 2024,
        "oldest_year": 2015,
        "score_min": 0.6,
        "rank_min": 0.7,
        "groups": groups,
        "means": means,
    }
    robustness = {"seed": 1, "n_runs": 1000, "n_base": 256, "weights": 0.1}
    return {k: v for k, v in sound.items() if k != "boundary"} | changes | {"weighting": "given", "robustness": robustness}


DEEP = """
recipe_code: deep
version: 1.0.0
name: Three levels
question: Synthetic recipe of a test, three levels deep?
author: test
status: working
adopter: ""
note: Ends and thresholds are made up for a test.
members: [JPN]
year: 2023
oldest_year: 2020
groups:
  - group_code: people
    group_name: People
    groups:
      - group_code: work
        group_name: Work
        indicators: [{indicator_code: "iso37120:2018/5.1", lower: 0, upper: 10, green: 2.5, red: 4}]
      - group_code: care
        group_name: Care
        indicators: [{indicator_code: "iso37120:2018/11.3", lower: 100, upper: 500}]
  - group_code: place
    group_name: Place
    groups:
      - group_code: schools
        group_name: Schools and sanitation
        fewest: 2
        indicators:
          - {indicator_code: "iso37120:2018/6.4", lower: 10, upper: 30}
          - {indicator_code: "forum:2026/flush_toilet_share", lower: 0, upper: 100}
weighting: nested
scale: {scale: goalposts, low: 1, high: 100}
means: [{mean: arithmetic, fill: peer_mean}, {mean: arithmetic}, {mean: geometric}]
score_min: 0.5
rank_min: 0.5
ranking: {is_on: true, grade: with_care, n_top: 3}
robustness: {seed: 7, n_runs: 1000, n_base: 256, weights: 0.25, means: [arithmetic, geometric]}
"""


@pytest.fixture(scope="module")
def under_conditions(sample_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A copy of the sample with a second edition, built by the command under a copy of the contracts with five changes."""
    folder = tmp_path_factory.mktemp("conditions")
    data, contracts = folder / "data", folder / "data_contracts"
    shutil.copytree(sample_data_dir, data)
    shutil.copytree(ROOT / "data_contracts", contracts)
    with (contracts / "registries" / "use_conditions.csv").open("a", encoding="utf-8") as stream:
        stream.write(f"hanoi,no_ranking,,{HANOI},,{REASON},test,2026-11-24\n")
    recipes = contracts / "registries" / "recipes"
    sound = yaml.safe_load((recipes / f"{URBAN}.yaml").read_text("utf-8"))
    idle = {**sound, "recipe_code": "idle", "robustness": {**sound["robustness"], "imputations": ["none", "peer_median"]}}
    quiet = {k: v for k, v in sound.items() if k != "ranking"} | {"recipe_code": "quiet", "version": "2.0.0"}
    for recipe in (idle, quiet, many_indicators(sound)):
        (recipes / f"{recipe['recipe_code']}.yaml").write_text(yaml.safe_dump(recipe), "utf-8")
    (recipes / "deep.yaml").write_text(DEEP, "utf-8")
    sound["groups"][0]["weight"], sound["weighting"], sound["version"] = 3, "given", "1.1.0"
    (recipes / f"{URBAN}.yaml").write_text(yaml.safe_dump(sound), "utf-8")
    environment = {**os.environ, "CITYBENCH_DATA_DIR": str(data), "CITYBENCH_CONTRACTS_DIR": str(contracts)}
    done = subprocess.run([str(BIN / "citybench"), "build"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return {"data": data, "contracts": contracts}


@pytest.fixture
def now(under_conditions: dict[str, Path]) -> Connection:
    return open_published(current_edition(under_conditions["data"] / "editions")).cursor()


@pytest.fixture
def before(under_conditions: dict[str, Path], sample_data_dir: Path) -> Connection:
    first = current_edition(sample_data_dir / "editions").edition_id
    return open_published(read_edition(under_conditions["data"] / "editions", first)).cursor()


@pytest.fixture
def app(under_conditions: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setenv("CITYBENCH_DATA_DIR", str(under_conditions["data"]))
    monkeypatch.setenv("CITYBENCH_CONTRACTS_DIR", str(under_conditions["contracts"]))
    return AppTest.from_file(str(ROOT / "app" / "main.py"), default_timeout=60)


def open_page(app: AppTest, name: str, **query: str) -> AppTest:
    app.run()
    app.query_params.clear()
    for key, value in query.items():
        app.query_params[key] = value
    app.switch_page(f"views/{name}.py")
    app.run()
    assert not app.exception, [e.value for e in app.exception]
    return app


def test_a_no_ranking_city_has_no_number_in_any_index_mart(now: Connection, before: Connection) -> None:
    [row] = [s for s in index_scores(now, URBAN) if s.city_code == HANOI]
    assert (row.rank_reason, row.rank_reason_text) == ("no_ranking", REASON)
    assert {row.score, row.score_low, row.rank_nominal, row.rank_low, row.tie_band, row.coverage, row.is_thin} == {None}
    for mart in ("groups", "inputs", "pairs", "effects", "removals"):
        columns = [c for (c,) in now.execute(f"select column_name from information_schema.columns where table_name = 'mart_index_{mart}'").fetchall()]
        for column in {"city_code", "other_city_code", "removed_code"} & set(columns):
            assert now.execute(f"select count(*) from marts.mart_index_{mart} where {column} = ?", [HANOI]).fetchone() == (0,), mart
    assert index_scores(before, URBAN)[0].city_code == HANOI, "without the condition it stands first"


def test_nor_in_an_export_or_an_answer(now: Connection) -> None:
    scores = index_scores(now, URBAN)
    ranks = list(csv.reader(io.StringIO(to_csv(ranks_table("t", scores, notes=(), view=make_view("index"))).decode("utf-8-sig"))))
    assert len(ranks) > 13
    assert not any("Hanoi" in cell for row in ranks for cell in row)
    every = list(csv.reader(io.StringIO(to_csv(scores_table("t", scores, notes=(), view=make_view("index"))).decode("utf-8-sig"))))
    [hanoi] = [row for row in every if row and row[0] == "Hanoi"]
    assert hanoi[2:5] == ["", "", ""], "named with its reason, without any number"
    assert hanoi[-1] == f"a source asks not to be ranked: {REASON}"
    assert index_pair(now, URBAN, HANOI, "VNM-HCMC") == []


def test_the_pages_offer_no_order_by_value_and_no_place(app: AppTest) -> None:
    open_page(app, "index", recipe=URBAN)
    assert not any("Hanoi" in option for box in app.selectbox for option in box.options)
    assert "Hanoi" not in set(app.dataframe[0].value["City"])
    open_page(app, "compare", indicator="iso37120:2018/21.1", order="value")
    [order] = [box for box in app.selectbox if box.label == "Order"]
    assert order.options == ["Country and city"]
    assert any("asks that its figures are not ranked" in c.value for c in app.caption)
    assert "".join(app.query_params["order"]) == "country"


@pytest.mark.parametrize("page", ["compare", "indicator", "goals", "core_set"])
def test_no_heading_orders_figures_that_must_not_be_ranked(app: AppTest, page: str) -> None:
    table, indicator = {"compare": ("table", "iso37120:2018/21.1"), "indicator": ("table", "iso37120:2018/21.1"), "core_set": ("newest", ""),
                        "goals": ("standings", "forum:2026/transit_access_sdg1121")}[page]  # fmt: skip
    words = {"indicator": indicator} if indicator else {}
    own = figures_shown(open_page(app, page, **words))
    for key in ("value", "-value", "written", "-needed"):
        if key.removeprefix("-") in {c.key for c in (STANDING_COLUMNS if page == "goals" else NEWEST_COLUMNS if page == "core_set" else FIGURE_COLUMNS)}:
            assert figures_shown(open_page(app, page, **words, **{f"{table}_by": key})) == own, key
            assert any("Ordered by names and periods only" in c.value for c in app.caption)
    assert figures_shown(open_page(app, page, **words, **{f"{table}_by": "-city"})) != own, "names order nobody by rank"


def figures_shown(app: AppTest) -> list[list[object]]:
    [table] = [d.value for d in app.dataframe if {"Value", "Latest"} & set(d.value.columns) and len(d.value) > 3][-1:]
    return [row[:3] for row in table.astype(str).to_numpy().tolist()]


def test_few_indicators_or_one_band_show_profiles_and_no_rank(now: Connection, app: AppTest) -> None:
    recipes = {r.recipe_code: r for r in index_recipes(now)}
    assert {code: r.profile_reason for code, r in recipes.items() if r.n_ranked} == {
        "japan_city_services": "few_indicators", URBAN: "few_indicators", "deep": "few_indicators", "sizes": None,
    }  # fmt: skip
    open_page(app, "index", recipe=URBAN, weigh="own")
    assert any("has a part “weigh” that this page does not know" in e.value for e in app.error), "there are no ranks that weights could move"
    open_page(app, "index", recipe=URBAN)
    assert any("Below 8, each one decides so much of the whole" in i.value for i in app.info)
    profile = app.dataframe[0].value
    assert list(profile.columns[:2]) == ["City", "Country"]
    inputs = [i for i in index_inputs(now, URBAN) if i.city_code == "VNM-HCMC"]
    [city] = profile[profile["City"] == "Ho Chi Minh City"].to_dict("records")
    assert [city[i.indicator_name] for i in inputs] == pytest.approx([float(f"{i.normalised_value:.3g}") for i in inputs])
    assert list(profile["Country"]) == sorted(profile["Country"]), "by country and name, never by value"
    words = [*(c for frame in app.dataframe for c in frame.value.columns), *(h.value for h in app.subheader)]
    assert not any("rank" in word.lower() for word in words if word not in ("Profiles in place of ranks", "Why no rank")), words
    [chosen] = [box for box in app.selectbox if box.label == "City"]
    member_of = {s.city_name: s.member_name for s in index_scores(now, URBAN)}
    assert chosen.options == sorted(chosen.options, key=lambda name: (member_of[name], name)), "not in the order of ranks"
    whole = profiles_table("t", index_scores(now, URBAN), index_inputs(now, URBAN), notes=(), view=make_view())
    assert b"rank" not in to_csv(whole).lower()
    assert any("Take any two of the 13 cities with enough indicators" in m.value for m in app.markdown)


def test_enough_indicators_and_bands_show_ranks_and_who_stands_surely_above(now: Connection, app: AppTest) -> None:
    [recipe] = [r for r in index_recipes(now) if r.recipe_code == "sizes"]
    assert (recipe.n_bands or 0) > 1
    scores = [s for s in index_scores(now, "sizes") if s.rank_nominal is not None]
    pairs = now.execute("select city_code, other_city_code from marts.mart_index_pairs where recipe_code = 'sizes' and share_above >= 0.95").fetchall()
    assert {s.city_code: (s.n_surely_above, s.n_surely_below) for s in scores} == {
        s.city_code: (sum(a == s.city_code for a, _ in pairs), sum(b == s.city_code for _, b in pairs)) for s in scores
    }
    assert recipe.sure_pairs_share == pytest.approx(len(pairs) / (len(scores) * (len(scores) - 1) / 2))
    assert recipe.mean_interval_width == pytest.approx(sum((s.rank_high or 0) - (s.rank_low or 0) for s in scores) / len(scores))
    assert all((a.city_code, b.city_code) in pairs for a in scores for b in scores if (a.tie_band or 0) < (b.tie_band or 0)), (
        "across a band's edge every pair is sure"
    )
    open_page(app, "index", recipe="sizes")
    ranked = app.dataframe[0].value
    assert {"Rank, 90 % of runs", "Surely above", "Surely below"} <= set(ranked.columns)
    assert len(ranked) == recipe.n_ranked
    assert any(h.value.startswith("What moves the rank of") for h in app.subheader)
    assert not any("Profiles" in h.value for h in app.subheader)


def test_a_condition_covers_what_it_names(now: Connection) -> None:
    [condition] = use_conditions(now)
    assert forbids_ranking([condition], member_code="VNM", city_code=HANOI, indicator_code="any")
    assert not forbids_ranking([condition], member_code="VNM", city_code="VNM-HCMC", indicator_code="any")


def test_a_recipe_with_an_idle_step_is_refused_with_its_reason_and_no_number(now: Connection, app: AppTest, under_conditions: dict[str, Path]) -> None:
    states = {r.recipe_code: r for r in index_recipes(now)}
    assert {code: r.recipe_state for code, r in states.items()} == {
        "japan_city_services": "computed",
        URBAN: "computed",
        "deep": "computed",
        "idle": "refused",
        "quiet": "computed",
        "sizes": "computed",
    }
    assert "missing: asked for as unsure, and changes no score" in (states["idle"].recipe_reason or "")
    folder = current_edition(under_conditions["data"] / "editions").folder
    for mart in ("groups", "inputs", "pairs", "effects", "removals", "audits"):
        assert duckdb.read_parquet(str(folder / f"mart_index_{mart}.parquet")).filter("recipe_code = 'idle'").fetchall() == []
    assert all(s.score is None for s in index_scores(now, "idle"))
    open_page(app, "index", recipe="idle")
    assert "missing: asked for as unsure" in app.warning[0].value.replace("\\", "")
    assert not app.dataframe


def test_three_levels_reach_marts_and_page_with_what_was_filled(now: Connection, app: AppTest) -> None:
    groups = index_groups(now, "deep")
    tree = {g.group_code: (g.group_level, g.parent_group_code, g.group_position, g.group_weight) for g in groups}
    assert tree == {
        "people": (2, None, 1, 0.5), "work": (1, "people", 2, 0.25), "care": (1, "people", 3, 0.25), "place": (2, None, 4, 0.5), "schools": (1, "place", 5, 0.5),
    }  # fmt: skip
    of = {(g.group_code, g.city_code): g for g in groups}
    filled = {at for at, g in of.items() if g.is_group_filled}
    assert filled
    assert {city for _, city in filled} == {"JPN-TOKYO-23"}, "it alone lacks figures"
    for code, city in filled:
        peers = [g.group_score for (c, other), g in of.items() if c == code and other != city and g.group_score is not None]
        assert of[code, city].group_score == pytest.approx(sum(peers) / len(peers))
    assert [coverage_text(s) for s in index_scores(now, "deep") if s.city_code == "JPN-TOKYO-23"] == [
        f"2 of 4, {len(filled)} group{'s' * (len(filled) > 1)} filled in"
    ]
    scores = {s.city_code: s.score for s in index_scores(now, "deep")}
    for city, score in scores.items():
        people, place = of["people", city].group_score, of["place", city].group_score
        assert people == pytest.approx((of["work", city].group_score + of["care", city].group_score) / 2)  # type: ignore[operator]
        assert score == pytest.approx((people * place) ** 0.5)  # type: ignore[operator]
    rates = {i.city_code: i.input_value for i in index_inputs(now, "deep") if i.indicator_code == "iso37120:2018/5.1"}
    for city, rate in rates.items():
        colour = "grey" if rate is None else "green" if rate <= 2.5 else "yellow" if rate <= 3.25 else "orange" if rate <= 4 else "red"
        assert of["work", city].group_colour == colour, (city, rate)
    open_page(app, "index", recipe="deep")
    assert any("4 indicators make 3 groups, these make 2, and these make the index." in m.value.replace("\\", "") for m in app.markdown)
    [shown] = [d.value for d in app.dataframe if "Part of" in d.value.columns]
    assert len(shown) == 5 * len(scores)
    assert set(shown["State"]) == {"its own", "filled in from its peers, not its own"}
    assert {"Colour", "Weighs in the index"} <= set(shown.columns)


def test_a_recipe_that_says_nothing_of_ranking_ranks_nobody(now: Connection, app: AppTest) -> None:
    quiet = index_scores(now, "quiet")
    assert {s.rank_reason for s in quiet} == {"ranking_off", "no_score", "no_ranking"}
    assert all(s.rank_nominal is None for s in quiet)
    open_page(app, "index", recipe="quiet")
    assert any("ranking is off unless a recipe turns it on" in i.value for i in app.info)


def test_changes_since_the_first_edition_add_up_in_the_figures_shown(now: Connection, before: Connection, app: AppTest, sample_data_dir: Path) -> None:
    changes = explain_index(before, now, URBAN)
    assert HANOI not in {c.code for c in changes}
    assert any(c.after != c.before for c in changes)
    assert all(sum(c.parts.values()) == c.after - c.before == sum(shown_parts(c).values()) / 100 for c in changes)
    assert any(c.parts["method"] for c in changes), "the weight of a group changed"
    assert all(c.parts["own_data"] == 0 for c in changes), "no figure of any ranked city changed"
    shown = changes_table("t", changes, index_scores(now, URBAN), notes=(), view=make_view("index"))
    for row in shown.rows:
        assert sum(float(str(cell)) for cell in row[5:]) == pytest.approx(float(str(row[4])), abs=1e-9)
    with pytest.raises(UsageError, match="no result of the recipe 'quiet'"):
        explain_index(before, now, "quiet")
    first = current_edition(sample_data_dir / "editions").edition_id
    open_page(app, "index", recipe="sizes", since=first)
    assert any("no result of the recipe 'sizes'" in i.value.replace("\\", "") for i in app.info)


def test_editions_are_listed_and_the_first_is_as_it_was(under_conditions: dict[str, Path], sample_data_dir: Path) -> None:
    first = current_edition(sample_data_dir / "editions").edition_id
    listed = list_editions(under_conditions["data"] / "editions")
    assert len(listed) == 2
    assert listed[-1] == first


def test_other_weights_are_tried_in_the_page_and_stand_in_the_address(now: Connection, app: AppTest) -> None:
    own = "0-0-0-0-10-0-0-0"
    open_page(app, "index", recipe="sizes", weigh="own", own=own)
    tried = app.dataframe[-1].value
    assert list(tried.columns) == ["City", "Country", "Rank with these weights, 90 % of runs", "Rank by the recipe, 90 % of runs"]
    ranked = {s.city_code: s.city_name for s in index_scores(now, "sizes") if s.rank_nominal is not None}
    jobless = {i.city_code: i.input_value or 0.0 for i in index_inputs(now, "sizes") if i.indicator_code == SERVICES[0] and i.city_code in ranked}
    assert tried["City"].iloc[0] == ranked[min(jobless, key=lambda c: jobless[c])], "it has the least unemployment of these"
    assert app.query_params["own"] == own
    [slider] = [s for s in app.slider if s.value]
    slider.set_value(0).run()
    assert any("at least one indicator" in i.value for i in app.info)
    open_page(app, "index", recipe="sizes", weigh="board", board="50-25-25-0-0-0-0-0~100-0-0-0-0-0-0-0")
    assert "Among delegates" in app.dataframe[-1].value.columns
    assert any("spread" in c.value for c in app.caption)


def test_a_difference_is_called_from_ninety_five_in_a_hundred_on() -> None:
    assert "a clear difference" in pair_sentence("A", "B", Pair("A", "B", 0.95, 0.0, False), 1000)
    assert pair_sentence("A", "B", Pair("A", "B", 0.02, 0.02, False), 1000).startswith("B stands above A in 96 %")
    unclear = pair_sentence("A", "B", Pair("A", "B", 0.94, 0.01, False), 1000)
    assert unclear.startswith("No clear difference")
    assert "cause" not in unclear
