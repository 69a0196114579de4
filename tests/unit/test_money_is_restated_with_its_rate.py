"""Money on another basis: the rate is a step, a missing rate is no value, and national currencies never stand side by side unmarked."""

import dataclasses

from pipelines.domain.comparability import Grade, compare
from pipelines.exports.change_tables import restated
from pipelines.warehouse.querying import Figure
from pipelines.warehouse.querying_changes import MoneyFigure
from pipelines.warehouse.querying_kinds import traits_of
from tests.unit.test_series_stay_honest import figure


def ringgit(**changes: object) -> Figure:
    given = {
        "observation_id": "a",
        "unit_code": "LCU_per_month",
        "member_code": "MYS",
        "city_code": "MYS-X",
        "definition_grade": "single",
        "quality_code": "official",
        "decimals": 0,
        **changes,
    }
    return dataclasses.replace(figure(2020, 3000.0), **given)


def amount(basis: str, value: float | None, rate: float | None) -> MoneyFigure:
    return MoneyFigure(
        "a", "MYS-X", "Synthetic", "MYS", "Forum", "x", "2020", 3000.0, 0, basis, value, "unit", None, rate, "made up" if rate else None, "v1" if rate else None
    )


def test_a_rate_is_a_further_step() -> None:
    [on_market] = restated([ringgit(conversion_steps="ribu -> x 1000")], [amount("market", 750.0, 4.0)], "market")
    assert on_market.harmonised_value == 750
    assert on_market.conversion_steps == "ribu -> x 1000; US dollars at the market rate: 3,000 / 4 (made up, v1)"
    [constant] = restated([ringgit()], [amount("constant", 2500.0, 120.0)], "constant")
    assert constant.conversion_steps == "constant prices: 3,000 x 100 / 120 (made up, v1)"


def test_without_a_rate_there_is_no_value_and_a_reason() -> None:
    [none] = restated([ringgit()], [amount("ppp", None, None)], "ppp")
    assert (none.harmonised_value, none.status_code, none.reason_code) == (None, "missing", "no_rate")


def test_national_currencies_are_not_comparable_and_dollars_are() -> None:
    here, there = ringgit(), ringgit(member_code="JPN", city_code="JPN-X", observation_id="b")
    verdict = compare(traits_of(here), traits_of(there))
    assert verdict.grade is Grade.NOT_COMPARABLE
    assert verdict.text == "no: in the currency of MYS, not of JPN"
    both = restated([here, there], [amount("market", 750.0, 4.0), dataclasses.replace(amount("market", 20.0, 150.0), observation_id="b")], "market")
    assert compare(traits_of(both[0]), traits_of(both[1])).grade is Grade.COMPARABLE


def test_two_figures_of_one_city_and_year_each_have_their_own_amount() -> None:
    """They differ in definition or boundary; the place and the year do not tell which amount is whose."""
    one, other = ringgit(), ringgit(observation_id="b", boundary_code="urban_extent")
    amounts = [amount("market", 750.0, 4.0), dataclasses.replace(amount("market", 900.0, 4.0), observation_id="b")]
    assert [f.harmonised_value for f in restated([one, other], amounts, "market")] == [750.0, 900.0]


def test_an_error_goes_with_its_figure_to_another_basis() -> None:
    said = ringgit(standard_error=150.0, relative_error=0.05, error_basis="kind_default")
    [on_market] = restated([said], [amount("market", 750.0, 4.0)], "market")
    assert (on_market.standard_error, on_market.relative_error) == (37.5, 0.05)
    [none] = restated([said], [amount("ppp", None, None)], "ppp")
    assert (none.standard_error, none.relative_error) == (None, None)
