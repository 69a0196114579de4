"""Source fields stand beside a number on the panel and as columns of its files; what nobody stated is called so."""

import csv
import io

from app.components.sources import source_lines
from pipelines.exports.files import to_csv
from pipelines.exports.tables import figures_table, status_text
from tests.factories import make_view
from tests.unit.test_series_stay_honest import figure

STATED = {
    "source_publisher": "An office", "source_title": "A table", "source_locator": "column 2020", "source_link": "https://example.org/t",
    "source_licence": "CC BY 4.0", "source_accessed": "2024-02-20", "method_code": "census", "computation_note": "1 / 2", "status_code": "derived",
    "value_written": "0.5",
}  # fmt: skip


def test_the_panel_names_every_field_and_says_what_is_not_stated() -> None:
    assert source_lines(figure(2020, 0.5, **STATED)) == [
        ("Publisher", "An office"), ("Source title", "A table"), ("Place in the source", "column 2020"), ("Link", "https://example.org/t"),
        ("Licence", "CC BY 4.0"), ("Accessed", "2024-02-20"), ("Method kind", "census"), ("Computation", "1 / 2"),
    ]  # fmt: skip
    bare = dict(source_lines(figure(2020, 0.5)))
    assert bare["Licence"] == "not stated"
    assert "Computation" not in bare


def test_a_file_holds_the_fields_as_columns() -> None:
    table = figures_table("t", [figure(2020, 0.5, **STATED)], view=make_view())
    header, row = list(csv.reader(io.StringIO(to_csv(table).decode("utf-8-sig"))))[:2]
    said = dict(zip(header, row, strict=True))
    assert (said["Publisher"], said["Place in the source"], said["Licence"], said["Computation"]) == ("An office", "column 2020", "CC BY 4.0", "1 / 2")


def test_a_derived_figure_says_who_computed_it() -> None:
    assert status_text(figure(2020, 0.5, **STATED)) == "derived: computed by the sender"
    assert status_text(figure(2020, 0.5, **{**STATED, "value_written": None})) == "derived: computed here"
