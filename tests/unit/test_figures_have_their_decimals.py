"""A figure on screen, in the file and in the chart has the decimals of its indicator; marks that are past say so; an area's own level is drawn."""

import csv
import datetime
import io

import openpyxl
import pytest

from app.components.charts import figure_values
from app.components.maturity_charts import outcome_row
from app.components.words import value_label
from pipelines.exports.files import to_csv, to_xlsx
from pipelines.exports.maturity_tables import until_text
from pipelines.exports.tables import figure_text, figures_table
from pipelines.warehouse.querying_maturity import Outcome
from tests.factories import make_view
from tests.unit.test_series_stay_honest import figure


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (16.917, 1, "16.9"), (20.0, 1, "20.0"), (18.25, 1, "18.3"), (2.675, 2, "2.68"), (9726787.4, 0, "9,726,787"), (0.0, 1, "0.0"), (-0.04, 1, "-0.04"),
        (0.0031, 1, "0.003"), (-3.25, 1, "-3.3"), (None, 1, ".."), (float("nan"), 1, ".."), (float("inf"), 0, ".."),
        (0.5, 0, "1"), (1e30, 2, "1" + ",000" * 10 + ".00"),
    ],
)  # fmt: skip
def test_a_figure_is_rounded_to_its_decimals_and_never_to_nothing(value: float | None, decimals: int, text: str) -> None:
    assert figure_text(value, decimals) == text


def test_screen_file_and_chart_show_the_same_figure() -> None:
    figures = [figure(2019, 16.917, decimals=1), figure(2020, 20.0, decimals=1), figure(2021, 0.27314, decimals=2)]
    table = figures_table("t", figures, view=make_view())
    rows = list(csv.DictReader(io.StringIO(to_csv(table).decode("utf-8-sig"))))[:3]
    sheet = openpyxl.load_workbook(io.BytesIO(to_xlsx(table)))["Table"]
    [at] = [c.column for c in sheet[1] if c.value == "Value"]
    cells = [(sheet.cell(row, at).value, sheet.cell(row, at).number_format) for row in (2, 3, 4)]
    assert [row["Value"] for row in rows] == ["16.9", "20.0", "0.27"]
    assert cells == [(16.9, "#,##0.0"), (20, "#,##0.0"), (0.27, "#,##0.00")]
    assert [row["value"] for row in figure_values(figures)] == [16.9, 20.0, 0.27]
    assert [value_label(f).split()[0] for f in figures] == ["16.9", "20.0", "0.27"]


@pytest.mark.parametrize(
    ("until", "text"),
    [(None, "none"), ("2026-11-29", "lapsed on 2026-11-29"), ("2026-11-30", "until 2026-11-30"), ("2026-12-01", "until 2026-12-01")],
)
def test_a_mark_that_is_past_says_lapsed(until: str | None, text: str) -> None:
    assert until_text(until and datetime.date.fromisoformat(until), datetime.date(2026, 11, 30)) == text


def outcome(area_level: float | None) -> Outcome:
    return Outcome(
        "KOR-X", "Synthetic", "KOR", "A14", "Area", "x", "PM2.5", "lower_better", "unit", 1, "reason", area_level, 3.0, 1.5, 4.5, "2020", 19.96, "2021",
        "administrative", "single", None,
    )  # fmt: skip


def test_an_area_is_drawn_at_its_own_level_and_at_the_citys_only_where_none_was_published() -> None:
    own, whole = outcome_row(outcome(5.0)), outcome_row(outcome(None))
    assert (own["level"], own["is_area"], own["low"], own["value"]) == (5.0, True, None, 20.0)
    assert (whole["level"], whole["is_area"], whole["low"], whole["high"]) == (3.0, False, 1.5, 4.5)
    assert "level 5 of the area" in own["label"]
    assert "level 3 of the whole city" in whole["label"]
