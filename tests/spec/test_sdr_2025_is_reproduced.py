"""The SDG Index of 2025 comes out of a recipe of ours: scores, ranks, and goal colours outside the OECD.

The fixture holds the forum's countries, as the source's terms ask; where the whole table stands beside the project, all 167 countries are compared.
Source of what is compared: Sustainable Development Report 2025, see ``tests/fixtures/sdr2025/made_by.txt``.
"""

import csv
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
import yaml

from pipelines.contracts.recipes import contradictions, read_recipe
from pipelines.domain.recipes import Recipe
from pipelines.editions.index_cases import peers_of
from pipelines.editions.index_methods import colours_of, directions_of, method_of
from pipelines.methods.indexes import Cases, Index, build_index, rank
from tests.conftest import ROOT

FIXTURE, WHOLE = ROOT / "tests" / "fixtures" / "sdr2025", ROOT.parent / "shared" / "reference" / "sdr2025"
FOLDERS = [FIXTURE, *([WHOLE] if WHOLE.is_dir() else [])]
N_COUNTRIES, N_GOALS = 167, 17
# Colours that come out otherwise, and why. Members of the OECD are not compared: the report judges them on further indicators, which it keeps apart.
OTHER_COLOURS = {
    ("MKD", 16): ("red", "orange", "its second worst indicator lies on the red threshold; the score, kept to three decimals, is a hair below it"),
    ("SUR", 16): ("red", "orange", "its second worst indicator lies on the red threshold; the score, kept to three decimals, is a hair below it"),
}


@dataclass(frozen=True)
class Report:
    """What a folder holds: the recipe with its peers, scores of indicators, and what was published of which countries."""

    recipe: Recipe
    countries: tuple[str, ...]
    regions: dict[str, str]
    cases: Cases
    published: dict[str, dict[str, str]]


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8").splitlines()))


def read_report(folder: Path, trial: Path) -> Report:
    rows = rows_of(folder / "scores.csv")
    regions = {row["iso3"]: row["region"] for row in rows}
    document = yaml.safe_load((FIXTURE / "sdr_2025.yaml").read_text("utf-8"))
    document["peers"] = {region: [c for c, r in regions.items() if r == region] for region in set(regions.values())}
    path = trial / "sdr_2025.yaml"
    path.write_text(yaml.safe_dump(document), "utf-8")
    recipe = read_recipe(path, ROOT / "data_contracts")
    values = np.array([[float(row[i.indicator_code] or "nan") for i in recipe.indicators] for row in rows])
    cases = Cases(values, np.full(values.shape, np.nan), peers_of(recipe, list(regions)))
    return Report(recipe, tuple(regions), regions, cases, {row["iso3"]: row for row in rows_of(folder / "published.csv")})


def catalogue_of(recipe: Recipe) -> list[dict[str, str]]:
    return [{"indicator_code": i.indicator_code, "direction": "higher_better"} for i in recipe.indicators]


def directions(recipe: Recipe) -> np.ndarray:
    return directions_of(recipe, {row["indicator_code"]: row for row in catalogue_of(recipe)})


def index_of(report: Report, recipe: Recipe) -> Index:
    return build_index(report.cases, method_of(recipe, directions(recipe), report.cases))


def of_published(report: Report, index: Index) -> np.ndarray:
    """Our scores of the published countries, in their order."""
    return np.array([index.scores[report.countries.index(country)] for country in report.published])


@pytest.fixture(params=FOLDERS, ids=["the forum's countries", "all countries"][: len(FOLDERS)])
def report(request: pytest.FixtureRequest, tmp_path: Path) -> Report:
    return read_report(request.param, tmp_path)


def test_the_recipe_is_sound_and_has_seventeen_goals(report: Report) -> None:
    assert contradictions(report.recipe, catalogue_of(report.recipe)) == []
    assert (len(report.recipe.levels), len(report.recipe.groups), len(report.recipe.indicators)) == (1, N_GOALS, 102)
    assert len(report.published) in (12, N_COUNTRIES)


def test_every_published_score_comes_out(report: Report) -> None:
    published = [float(row["index"]) for row in report.published.values()]
    np.testing.assert_allclose(of_published(report, index_of(report, report.recipe)), published, rtol=0, atol=1e-9)


def test_every_published_rank_comes_out(report: Report) -> None:
    """The fixture's countries stand in the published order; all countries stand at their published places."""
    published = np.array([float(row["rank"]) for row in report.published.values()])
    ours = rank(of_published(report, index_of(report, report.recipe)))
    if len(published) == N_COUNTRIES:
        assert ours.tolist() == published.tolist()
    else:
        assert np.argsort(ours).tolist() == np.argsort(published).tolist()


def test_goal_colours_come_out_outside_the_oecd_but_for_two_of_rounding(report: Report) -> None:
    colours = colours_of(report.recipe, directions(report.recipe), report.cases)
    others, n_compared = {}, 0
    for country, row in report.published.items():
        if report.regions[country] == "OECD":
            continue
        for goal in range(1, N_GOALS + 1):
            ours, theirs = str(colours[report.countries.index(country), goal - 1]), row[f"goal_{goal}_colour"]
            n_compared += 1
            if ours != theirs:
                others[country, goal] = (ours, theirs)
    expected = {at: pair for at, (*pair, _) in OTHER_COLOURS.items() if at[0] in report.published}
    assert others == {at: tuple(pair) for at, pair in expected.items()}
    assert n_compared == N_GOALS * (129 if len(report.published) == N_COUNTRIES else 10)


def test_without_the_fill_the_countries_that_lack_a_goal_come_out_otherwise(report: Report) -> None:
    """Leaving a goal out is another method: of 167 countries 59 get another score."""
    plain = replace(report.recipe, means=tuple(replace(how, fill="none", group_min=0.0) for how in report.recipe.means))
    filled, bare = index_of(report, report.recipe), index_of(report, plain)
    lacks = np.array([filled.filled[0][report.countries.index(country)].any() for country in report.published])
    differs = np.abs(of_published(report, bare) - of_published(report, filled)) > 1e-9
    assert differs.tolist() == lacks.tolist()
    assert lacks.sum() == (59 if len(report.published) == N_COUNTRIES else 2)
