"""A template filled in from the edition goes through submit and build: what nobody touched changes nothing, what was touched keeps everything else."""

import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from pipelines.contracts.catalogues import load_registry
from pipelines.contracts.template_rows import COLUMNS
from pipelines.editions.handing_out import last_figures
from pipelines.editions.opening import open_published
from pipelines.editions.reading import current_edition
from pipelines.intake.reporting import FileToRead
from pipelines.submissions.checking import CheckRequest, Home, check_file
from pipelines.submissions.previewing import Published, preview, removed
from pipelines.warehouse.querying import published_of
from tests.conftest import ROOT, run_citybench

MEMBERS = [row["member_code"] for row in load_registry(ROOT / "data_contracts")["members"]]
FIGURE = "city_code, indicator_code, period_start, period_end, boundary_code, figure_definition_code"
SAID = (
    "harmonised_value, status_code, quality_code, definition_code, source_note, comment_written, numerator_value, denominator_value, "
    "definition_grade, submission_id"
)
Figures = dict[tuple[object, ...], tuple[object, ...]]


@pytest.fixture(scope="module")
def data_dir(sample_data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("templates") / "data"
    shutil.copytree(sample_data_dir, folder)
    return folder


def figures_of(data_dir: Path) -> Figures:
    """Every figure of the present edition, by its key."""
    table = current_edition(data_dir / "editions").folder / "mart_observations.parquet"
    with duckdb.connect() as connection:
        rows = connection.execute(f"select {FIGURE}, {SAID} from read_parquet('{table}')").fetchall()
    assert len({row[:6] for row in rows}) == len(rows)
    return {row[:6]: row[6:] for row in rows}


def template_of(data_dir: Path, member: str, to: Path) -> Path:
    done = run_citybench("template", "--member", member, "--to", str(to), data_dir=data_dir)
    assert done.returncode == 0, done.stderr
    return to


def edit(path: Path, change: Callable[[Worksheet], None]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    change(book["Data"])
    book.save(path)


def column(role: str) -> int:
    return COLUMNS.index(role) + 1


def filled_rows(page: Worksheet) -> list[int]:
    return [r for r in range(6, page.max_row + 1) if page.cell(r, column("period")).value]


def published(data_dir: Path, member: str) -> list[Published]:
    edition = current_edition(data_dir / "editions")
    return [Published(*row) for row in published_of(open_published(edition).cursor(), member)]


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_templates_that_nobody_touched_change_nothing_in_the_edition(ending: str, data_dir: Path, tmp_path: Path) -> None:
    before, edition = figures_of(data_dir), current_edition(data_dir / "editions").edition_id
    n_handed_out = 0
    for member in MEMBERS:
        file = template_of(data_dir, member, tmp_path / f"{member}.{ending}")
        done = run_citybench("submit", str(file), "--member", member, "--json", data_dir=data_dir)
        report = json.loads(done.stdout)
        assert (done.returncode, [f["rule_id"] for f in report["findings"]]) == (1, ["template_says_something_new"]), (member, report["findings"][:3])
        n_handed_out += len(last_figures(data_dir / "editions", member))
    assert n_handed_out >= 360
    assert run_citybench("build", data_dir=data_dir).returncode == 0
    assert current_edition(data_dir / "editions").edition_id == edition
    assert figures_of(data_dir) == before


@pytest.mark.parametrize("member", MEMBERS)
def test_a_touched_row_keeps_everything_that_was_not_touched(member: str, data_dir: Path, home: Home, tmp_path: Path) -> None:
    """Every figure of a member gets another note: the preview finds each figure again, and no attribute but the note differs."""

    def change(page: Worksheet) -> None:
        for row in filled_rows(page):
            page.cell(row, column("comment")).value = "touched"

    file = template_of(data_dir, member, tmp_path / "template.xlsx")
    n_handed_out = len(last_figures(data_dir / "editions", member))
    edit(file, change)
    result = check_file(CheckRequest(FileToRead(file.name, file.read_bytes()), member, "2026-11-25"), home)
    assert [(f.rule_id, f.found) for f in result.report.findings if f.severity == "blocker"] == []
    standing = published(data_dir, member)
    changes = preview(result.figures, standing, [])
    assert len(changes) == n_handed_out
    assert {(c.kind, tuple(a.name for a in c.attributes)) for c in changes} <= {("amended", ("note",))}
    assert removed(result.withheld, standing) == []


@pytest.fixture(scope="module")
def touched(data_dir: Path, home: Home, tmp_path_factory: pytest.TempPathFactory) -> tuple[Figures, Figures, dict[str, object]]:
    """Figures before and after one template: sorted, a column put in, one value, one quality and one boundary changed, one emptied, one row deleted."""
    file = template_of(data_dir, "KOR", tmp_path_factory.mktemp("touched") / "kor.xlsx")

    def change(page: Worksheet) -> None:
        rows = filled_rows(page)
        first = page.cell(rows[0], column("value"))
        first.value = first.value * 1.01
        page.cell(rows[1], column("quality")).value = "추정"
        page.cell(rows[2], column("boundary")).value = "도시집적지"
        page.cell(rows[3], column("value")).value = None
        page.delete_rows(rows[4])
        body = [[cell.value for cell in row] for row in page.iter_rows(min_row=6)]
        for number, line in enumerate(reversed(body), 6):
            for position, text in enumerate(line, 1):
                page.cell(number, position).value = text
        page.insert_cols(4)

    edit(file, change)
    before = figures_of(data_dir)
    done = run_citybench("submit", str(file), "--member", "KOR", "--json", data_dir=data_dir)
    report = json.loads(done.stdout)
    assert done.returncode == 0, [f for f in report["findings"] if f["severity"] == "blocker"]
    assert run_citybench("build", data_dir=data_dir).returncode == 0
    return before, figures_of(data_dir), report


def test_exactly_the_touched_figures_are_sent(touched: tuple[Figures, Figures, dict[str, object]], data_dir: Path) -> None:
    before, after, report = touched
    receipt = report["receipt"]
    assert isinstance(receipt, dict)
    assert receipt["n_observations"] == 3
    sent = {key: said for key, said in after.items() if said[-1] == receipt["submission_id"]}
    derived = {key for key, said in after.items() if said[8] == "derived"}
    assert len(sent.keys() - derived) == 3
    untouched = {key for key in before if key not in sent and key not in derived}
    assert {key: after[key] for key in untouched} == {key: before[key] for key in untouched}
    assert before.keys() <= after.keys()


def test_a_changed_value_and_a_changed_attribute_leave_all_else_as_it_was(touched: tuple[Figures, Figures, dict[str, object]]) -> None:
    before, after, _ = touched
    changed = {key: (before[key], after[key]) for key in before if before[key] != after[key] and after[key][8] != "derived"}
    differing = sorted(tuple(i for i in range(8) if a[i] != b[i]) for a, b in changed.values())
    assert differing == [(0,), (2,)]
    [beside] = [key for key in after.keys() - before.keys() if after[key][8] != "derived"]
    assert beside[4] == "agglomeration"
    assert {after[key][2] for key in changed} == {"not_declared", "estimate"}


def test_what_was_emptied_or_deleted_stays_and_is_named(touched: tuple[Figures, Figures, dict[str, object]]) -> None:
    _, _, report = touched
    receipt, findings = report["receipt"], report["findings"]
    assert isinstance(receipt, dict)
    assert isinstance(findings, list)
    assert [f["rule_id"] for f in findings if f["rule_id"] == "emptied_figure_stays"] == ["emptied_figure_stays"]
    assert any("1 of" in r and "not in the file; they stay as they were accepted" in r for r in receipt["repairs"])


def test_a_template_can_be_asked_for_empty(data_dir: Path, tmp_path: Path) -> None:
    file = tmp_path / "empty.xlsx"
    done = run_citybench("template", "--member", "KOR", "--empty", "--to", str(file), data_dir=data_dir)
    assert done.returncode == 0
    assert "0 figures" in done.stderr
    assert filled_rows(openpyxl.load_workbook(file)["Data"]) == []
