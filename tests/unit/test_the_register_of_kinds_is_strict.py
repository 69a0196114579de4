"""The registers of kinds of source, qualities and sources are refused when they contradict what figures rest on."""

import copy
import shutil

import pytest

from pipelines.contracts.catalogues import Row, read_registry
from pipelines.contracts.schemas import validate_contracts, validate_errors
from pipelines.exports.error_cells import KIND_COLUMNS, error_text, kind_rows
from tests.conftest import ROOT
from tests.unit.test_series_stay_honest import figure

CONTRACTS = ROOT / "data_contracts"


@pytest.fixture
def registry() -> dict[str, list[Row]]:
    return copy.deepcopy(read_registry(CONTRACTS))


def row(registry: dict[str, list[Row]], table: str, code: str) -> Row:
    return next(r for r in registry[table] if code in r.values())


def test_the_registers_as_they_stand_hold_together(registry: dict[str, list[Row]]) -> None:
    assert validate_errors(registry) == []


# As the issue states them: particles, gases, everything else.
STATED = {
    "census": (None, None, "0.01"), "register": (None, None, "0.01"), "survey": (None, None, "0.05"), "monitor": ("0.125", "0.075", None),
    "satellite": ("0.1", "0.1", "0.1"), "modelled": ("0.25", "0.1", "0.1"), "unknown": ("0.5", "0.2", "0.2"),
}  # fmt: skip


@pytest.mark.parametrize("code", STATED)
def test_a_kind_has_the_default_that_the_issue_states_with_source_and_reasoning(code: str, registry: dict[str, list[Row]]) -> None:
    kind = row(registry, "method_kinds", code)
    for column, stated in zip(("error_particles", "error_gases", "error_else"), STATED[code], strict=True):
        assert stated in (None, kind[column])
    assert kind["error_source"]
    assert kind["error_reasoning"]


@pytest.mark.parametrize(
    ("table", "code", "change", "fault"),
    [
        ("method_kinds", "survey", {"error_else": "0.3"}, "more than the 0.2 of an unknown kind"),
        ("method_kinds", "unknown", {"method_code": "unheard"}, "there is no kind 'unknown'"),
        ("quality_codes", "survey", {"error_gases": ""}, "state all three or none"),
        ("quality_codes", "personal_estimate", {"error_particles": "0.6"}, "more than the 0.5 of an unknown kind"),
        ("source_kinds", "UN-Habitat", {"method_code": "press"}, "does not say how its figures were measured"),
    ],
)
def test_a_register_that_contradicts_itself_is_refused(table: str, code: str, change: Row, fault: str, registry: dict[str, list[Row]]) -> None:
    row(registry, table, code).update(change)
    assert any(fault in found for found in validate_errors(registry))


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("registries/method_kinds.csv", ",true,0.125,0.075,0.05,", ",true,12.5,0.075,0.05,", "does not match"),
        ("registries/method_kinds.csv", ",true,0.125,0.075,0.05,", ",true,0,0.075,0.05,", "does not match"),
        ("registries/source_kinds.csv", ",satellite,", ",balloon,", "method_code 'balloon' is not in method_kinds.csv"),
        ("registries/source_kinds.csv", "iso37120:2018/11.4", "iso37120:2018/99.9", "is not in indicators.csv"),
        ("indicators/iso37120_2018.csv", ",particles\n", ",dust\n", "'dust' is not one of"),
    ],
)  # fmt: skip
def test_a_cell_of_another_form_is_named(name: str, old: str, new: str, fault: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("contracts") / "data_contracts"
    shutil.copytree(CONTRACTS, folder, ignore=shutil.ignore_patterns("samples"))
    path = folder / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    assert any(fault in found for found in validate_contracts(folder))


def test_an_error_is_said_in_the_words_of_a_researcher() -> None:
    known = {"source_kind": "survey", "source_kind_name": "official survey", "quality_code": "higher_level", "unit_code": "count"}
    default = figure(2020, 200.0, relative_error=0.05, standard_error=10.0, error_basis="kind_default", **known)
    assert error_text(default) == "±5 % (official survey)"
    assert error_text(figure(2020, 200.0, relative_error=0.1, standard_error=20.0, error_basis="declared", **known)) == "±10 % (declared: higher level)"
    share = {**known, "unit_code": "percent"}
    assert error_text(figure(2020, 98.0, relative_error=0.05, standard_error=0.1, error_basis="kind_default", **share)) == "±0.1 points (official survey)"
    assert error_text(figure(2020, None, **known)) == ""


def test_the_page_lists_every_kind_with_what_it_rests_on(registry: dict[str, list[Row]]) -> None:
    shown = [dict(zip(KIND_COLUMNS, kind, strict=True)) for kind in kind_rows(registry["method_kinds"])]
    assert len(shown) == len(registry["method_kinds"])
    monitor = next(kind for kind in shown if kind["Kind of source"] == "monitor")
    assert (monitor["Particles"], monitor["Gases"]) == ("±12.5 %", "±7.5 %")
    assert all(kind["Rests on"] and kind["Reasoning"] for kind in shown)
