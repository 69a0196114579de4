"""A contract in a form that cannot be compiled is refused when it is read; words stand for one thing."""

from pathlib import Path

import pytest
import yaml

from app.components.words import plain
from pipelines.contracts.documents import read_contract
from pipelines.contracts.rules import RuleForm, violating_condition
from pipelines.domain.errors import ContractError
from pipelines.domain.texts import cell_address, fold, split_note_mark

RULE = {"id": "a_rule", "type": "sql", "query": "select count(*) from ${object} where a > 1", "mustBe": 0, "severity": "error"}


def write(tmp_path: Path, *rules: dict[str, object], synonyms: tuple[str, str] = ("City", "Place")) -> Path:
    columns = [
        {"name": name, "logicalType": "string", "description": f"column {name}", "synonyms": [{"synonym": word, "locale": "en"}], "customProperties": [role]}
        for name, word, role in zip("ab", synonyms, ({"property": "role", "value": r} for r in ("city", "period")), strict=True)
    ]
    columns[0]["quality"] = list(rules)  # type: ignore[assignment]
    document = {
        "apiVersion": "v3.2.0", "kind": "DataContract", "id": "c", "version": "1.0.0", "status": "active",
        "schema": [{"name": "c", "properties": columns}],
    }  # fmt: skip
    path = tmp_path / "c.odcs.yaml"
    path.write_text(yaml.safe_dump(document), "utf-8")
    return path


def test_a_sql_rule_becomes_a_condition(tmp_path: Path) -> None:
    [rule] = read_contract(write(tmp_path, RULE)).rules
    assert (rule.form, violating_condition(rule)) == (RuleForm.CONDITION, "a > 1")


@pytest.mark.parametrize(
    "change",
    [
        {"query": "drop table c"}, {"query": "select a from ${object} where a > 1"}, {"mustBe": 3}, {"severity": "fatal"}, {"id": None},
        {"type": "library", "metric": "freshness"}, {"type": "custom", "engine": "soda"}, {"type": "text"},
        {"type": "library", "metric": "duplicateValues", "arguments": {"properties": ["a; drop table c"]}},
    ],
)  # fmt: skip
def test_a_rule_in_another_form_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    with pytest.raises(ContractError):
        read_contract(write(tmp_path, {**RULE, **change}))


def test_a_rule_id_stands_once(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="uses a rule id twice"):
        read_contract(write(tmp_path, RULE, RULE))


def test_a_header_stands_for_one_column(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="must stand for one"):
        read_contract(write(tmp_path, synonyms=("City", "CITY")))


@pytest.mark.parametrize(("one", "other"), [("ＹＥＡＲ", "year"), ("Hà Nội", "Ha\u0300 No\u0323\u0302i"), ("\u200fالرياض\u200f", "الرياض"), (" a  b ", "A B")])
def test_words_are_compared_after_folding(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("text", "parts"), [("서울특별시1)", ("서울특별시", "1)")), ("人口①", ("人口", "①")), ("Pop*", ("Pop", "*")), ("PM2.5", ("PM2.5", "")), ("12", ("12", ""))]
)
def test_note_marks_are_split_off(text: str, parts: tuple[str, str]) -> None:
    assert split_note_mark(text) == parts


def test_addresses_are_spelled_like_a_spreadsheet() -> None:
    assert [cell_address(1, 1), cell_address(17, 28), cell_address(2, 702), cell_address(3, 703)] == ["A1", "AB17", "ZZ2", "AAA3"]


@pytest.mark.parametrize("text", ["![x](http://e.invalid/a.png)", "<img src=x>", "**b**", ":material/home:", "$x$", "`c`", "[l](javascript:x)", "# h", "| a |"])
def test_what_a_member_wrote_is_never_markdown(text: str) -> None:
    shown = plain(text)
    assert shown.replace("\\", "") == text
    for sign in "[]()<>*`:$#|!":
        assert shown.count(sign) == shown.count(f"\\{sign}")
