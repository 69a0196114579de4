"""The sample's indices, recomputed from the mart's figures without our methods, and what must stand beside each number."""

import json
from pathlib import Path

import duckdb
import pytest
import yaml

from pipelines.editions.opening import open_published
from pipelines.editions.reading import current_edition
from tests.conftest import ROOT

RECIPES = {path.stem: path for path in (ROOT / "data_contracts" / "registries" / "recipes").glob("*.yaml")}


@pytest.fixture(scope="module")
def marts(sample_data_dir: Path) -> duckdb.DuckDBPyConnection:
    return open_published(current_edition(sample_data_dir / "editions"))


def rows(marts: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, object]]:
    return marts.sql(sql).to_arrow_table().to_pylist()


def newest(marts: duckdb.DuckDBPyConnection, recipe: dict[str, object], indicator: str) -> dict[str, float]:
    """The newest figure of each city between the recipe's years, of its members and boundary, read from the mart."""
    found = rows(
        marts,
        f"""select city_code, member_code, harmonised_value from (
                select o.*, c.member_code as country from marts.mart_observations as o inner join marts.mart_cities as c using (city_code)
            ) where indicator_code = '{indicator}' and harmonised_value is not null and period_year between {recipe["oldest_year"]} and {recipe["year"]}
                and '{recipe.get("boundary", "")}' in ('', boundary_code) order by period_end""",
    )
    return {str(r["city_code"]): float(r["harmonised_value"]) for r in found if not recipe.get("members") or r["member_code"] in recipe["members"]}


def test_the_japanese_scores_by_hand(marts: duckdb.DuckDBPyConnection) -> None:
    """Fixed goalposts 1 to 100, the mean inside groups, the geometric mean of the two groups."""
    recipe = yaml.safe_load(RECIPES["japan_city_services"].read_text("utf-8"))
    less = {"iso37120:2018/5.1", "iso37120:2018/6.4"}
    cities: dict[str, dict[str, list[float]]] = {}
    for group in recipe["groups"]:
        for item in group["indicators"]:
            low, high = item["lower"], item["upper"]
            for city, value in newest(marts, recipe, item["indicator_code"]).items():
                way = (high - value if item["indicator_code"] in less else value - low) / (high - low)
                cities.setdefault(city, {}).setdefault(group["group_code"], []).append(1 + 99 * min(1, max(0, way)))
    by_hand = {c: ((parts["work"][0]) * (sum(parts["services"]) / 3)) ** 0.5 for c, parts in cities.items() if len(parts.get("services", [])) == 3}
    shown = rows(marts, "select * from marts.mart_index_scores where recipe_code = 'japan_city_services'")
    assert {r["city_code"]: r["score"] for r in shown if r["score"] is not None} == pytest.approx(by_hand)
    assert len(by_hand) == 8
    order = sorted(by_hand, key=lambda c: -by_hand[c])
    assert [r["city_code"] for r in sorted(shown, key=lambda r: r["rank_nominal"] or 99)][:8] == order
    [tokyo] = [r for r in shown if r["score"] is None]
    assert (tokyo["city_code"], tokyo["coverage"], tokyo["rank_reason"]) == ("JPN-TOKYO-23", 0.5, "no_score")


def test_the_urban_scores_by_hand_with_worst_and_best_case(marts: duckdb.DuckDBPyConnection) -> None:
    recipe = yaml.safe_load(RECIPES["urban_reach_and_green"].read_text("utf-8"))
    codes = [i["indicator_code"] for g in recipe["groups"] for i in g["indicators"]]
    figures = [newest(marts, recipe, code) for code in codes]
    within = {c for f in figures for c in f if sum(c in g for g in figures) >= 2}
    scaled = []
    for f in figures:
        used = [v for c, v in f.items() if c in within]
        scaled.append({c: 1 + 99 * (v - min(used)) / (max(used) - min(used)) for c, v in f.items() if c in within})
    shown = {r["city_code"]: r for r in rows(marts, "select * from marts.mart_index_scores where recipe_code = 'urban_reach_and_green'")}
    assert {c for c, r in shown.items() if r["score"] is not None} == within
    for city in within:
        green = (scaled[1][city] + scaled[2][city]) / 2
        row = shown[city]
        if city in scaled[0]:
            assert row["score"] == row["score_low"] == row["score_high"] == pytest.approx((scaled[0][city] + green) / 2)
            assert row["rank_reason"] is None
        else:
            assert row["score"] == pytest.approx(green)
            assert (row["score_low"], row["score_high"]) == pytest.approx(((1 + green) / 2, (100 + green) / 2))
            assert (row["rank_nominal"], row["rank_reason"], row["is_thin"]) == (None, "coverage", True)


def test_nothing_of_an_index_stands_alone(marts: duckdb.DuckDBPyConnection) -> None:
    scored = rows(marts, "select * from marts.mart_index_scores where score is not null")
    assert len(scored) > 25
    assert all(r["coverage"] and r["oldest_year"] and r["weakest_quality_code"] for r in scored)
    ranked = [r for r in scored if r["rank_nominal"] is not None]
    assert len(ranked) == 22
    assert all(r["rank_low"] <= r["rank_median"] <= r["rank_high"] and r["tie_band"] >= 1 for r in ranked)
    assert any(r["rank_low"] < r["rank_high"] for r in ranked)
    pairs = rows(marts, "select p.*, q.share_above as share_below from marts.mart_index_pairs p join marts.mart_index_pairs q "
                 "on p.recipe_code = q.recipe_code and p.city_code = q.other_city_code and p.other_city_code = q.city_code")  # fmt: skip
    assert all(p["share_above"] + p["share_below"] + p["share_tied"] == pytest.approx(1) for p in pairs)
    assert all(p["share_above"] > p["share_below"] for p in pairs if p["is_dominant"])


def test_every_used_input_leads_to_the_figure_it_came_from(marts: duckdb.DuckDBPyConnection) -> None:
    used = rows(
        marts,
        """select i.*, o.harmonised_value, o.city_code as of_city, o.indicator_code as of_indicator, o.source_address, o.source_file_sha256
           from marts.mart_index_inputs i join marts.mart_observations o using (observation_id) where input_state = 'used'""",
    )
    assert len(used) == rows(marts, "select count(*) as n from marts.mart_index_inputs where input_state = 'used'")[0]["n"] > 90
    for row in used:
        assert row["input_value"] == pytest.approx(row["harmonised_value"])
        assert (row["city_code"], row["indicator_code"]) == (row["of_city"], row["of_indicator"])
        assert row["source_address"]
        assert row["source_file_sha256"]


def test_the_manifest_names_recipe_seed_and_versions(sample_data_dir: Path) -> None:
    manifest = json.loads((current_edition(sample_data_dir / "editions").folder / "manifest.json").read_text("utf-8"))
    assert [(r["recipe_code"], r["recipe_state"], r["seed"], r["n_runs"]) for r in manifest["recipes"]] == [
        ("japan_city_services", "computed", 20261124, 10000), ("urban_reach_and_green", "computed", 20261124, 10000),
    ]  # fmt: skip
    assert all(len(r["recipe_sha256"]) == 64 for r in manifest["recipes"])
    assert {r["recipe_code"]: r["recipe_version"] for r in manifest["recipes"]} == {
        code: yaml.safe_load(path.read_text("utf-8"))["version"] for code, path in RECIPES.items()
    }
    assert {"numpy", "scipy"} <= set(manifest["inputs"]["libraries"])
