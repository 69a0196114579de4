"""The house: folders, sizes, documents that name real things, light starts."""

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from pipelines.contracts.catalogues import load_contract, load_registry
from pipelines.contracts.columns import write_column_blocks
from pipelines.contracts.messages import load_messages
from pipelines.contracts.schemas import validate_contracts
from pipelines.settings import Settings
from tests.conftest import BIN, ROOT

TOP_FOLDERS = {"pipelines", "dbt_project", "app", "data_contracts", "tests", "docs"}
CODE = [p for folder in ("pipelines", "app", "tests") for p in sorted((ROOT / folder).rglob("*.py"))]
BANNED_NAMES = {"utils", "common", "misc", "base", "helpers"}


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [Path(line) for line in listed.stdout.splitlines()]


def test_no_other_top_level_folder() -> None:
    assert {p.parts[0] for p in tracked() if len(p.parts) > 1 and not p.parts[0].startswith(".")} <= TOP_FOLDERS


def test_every_code_folder_has_a_code_free_init() -> None:
    for folder in {p.parent for p in CODE if ROOT / "tests" not in p.parents}:
        init = folder / "__init__.py"
        assert init.exists(), folder
        assert all(isinstance(node, ast.Expr) for node in ast.parse(init.read_text()).body), init


def test_modules_and_functions_keep_their_size() -> None:
    for path in CODE:
        text = path.read_text("utf-8")
        assert text.count("\n") <= 400, path
        if ROOT / "tests" not in path.parents:
            assert ast.get_docstring(ast.parse(text)), f"{path} has no docstring"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno < 60, f"{path}: {node.name}"


def test_every_function_is_called_by_something_that_is_no_test() -> None:
    """What nothing but tests call leaves, or gets its page; what a library calls is decorated or overrides."""
    product = {p: p.read_text("utf-8") for p in CODE if ROOT / "tests" not in p.parents}
    named_in_data = [p.read_text("utf-8") for p in (ROOT / "pipelines").rglob("*.yaml")]
    said = Counter(word for text in (*product.values(), *named_in_data) for word in re.findall(r"\w+", text))
    for path, text in product.items():
        tree = ast.parse(text)
        members = [n for c in tree.body if isinstance(c, ast.ClassDef) and not c.bases for n in c.body]
        for node in (*tree.body, *members):
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.decorator_list and not node.name.startswith("__"):
                assert said[node.name] > 1, f"{path}: {node.name} is used by no code but tests"


def test_no_module_has_a_catch_all_name() -> None:
    assert not [p for p in CODE if p.stem in BANNED_NAMES]


def test_sql_models_keep_their_size() -> None:
    assert not [p for p in (ROOT / "dbt_project" / "models").rglob("*.sql") if p.read_text().count("\n") > 160]


def test_contracts_registries_and_generated_files_agree() -> None:
    assert validate_contracts(ROOT / "data_contracts") == []
    assert write_column_blocks(ROOT / "data_contracts", ROOT / "dbt_project", check_only=True) == []


def test_every_rule_has_a_message_and_every_message_a_rule() -> None:
    contract = load_contract(ROOT / "data_contracts")
    assert {r.rule_id for r in contract.rules} == set(load_messages(ROOT / "data_contracts"))
    assert sum(r.runs_in_sql for r in contract.rules) >= 15


def test_the_catalogue_is_whole() -> None:
    registry = load_registry(ROOT / "data_contracts")
    counts = {f: sum(r["framework_code"] == f for r in registry["indicators"]) for f in ("iso37120", "iso37122", "iso37123", "u4ssc")}
    assert counts == {"iso37120": 128, "iso37122": 80, "iso37123": 68, "u4ssc": 91}
    assert sum(r["from_code"].startswith("iso37120:2014/") for r in registry["crosswalk"]) == 100
    areas = [r for r in registry["maturity_items"] if r["row_type"] == "area" and r["scheme_code"] == "iso37106"]
    assert (len(areas), sum(r["row_type"] == "principle" for r in registry["maturity_items"])) == (22, 4)
    assert {r["goal_set_code"] for r in registry["goals"]} == {r["goal_set_code"] for r in registry["goal_sets"]} >= {"who_aqg_2021", "sdg_2030", "sdr_2025"}
    assert {r["scope"] for r in registry["goal_sets"]} >= {"world", "national"}
    assert len(registry["members"]) == 14


def test_the_settings_file_names_each_setting() -> None:
    named = set(re.findall(r"^#?\s*(CITYBENCH_[A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))
    assert named == {f"CITYBENCH_{name.upper()}" for name in Settings.model_fields}


def test_commands_in_documents_exist() -> None:
    verbs = set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.M))
    shown = subprocess.run([str(BIN / "citybench"), "--help"], capture_output=True, text=True, check=True).stdout
    for name in ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "BENCHMARKS.md"):
        text = (ROOT / name).read_text("utf-8")
        assert set(re.findall(r"`make ([a-z]+)", text)) <= verbs, name
        for command in re.findall(r"`citybench ([a-z]+)", text):
            assert re.search(rf"\b{command}\b", shown), f"{name} names citybench {command}"


@pytest.mark.parametrize("heavy", ["dagster", "great_expectations", "dbt"])
def test_the_app_starts_without_heavy_libraries(heavy: str) -> None:
    code = f"import sys, app.readers, app.components.tables, app.components.charts, pipelines.submissions.checking; sys.exit('{heavy}' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_the_lock_files_name_no_host_and_pin_by_hash() -> None:
    for name in ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        assert text.count("==") <= text.count("--hash=sha256:")
    assert re.search(r"^dbt-core==1\.11\.", (ROOT / "requirements.lock").read_text(), re.M)


def test_every_imported_library_is_declared() -> None:
    """A library that only comes along with another one can go with it; then a fresh machine lacks it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    declared = {re.split(r"[<>=]", d)[0] for d in project["project"]["dependencies"]}
    for_tests = declared | {re.split(r"[<>=]", d)[0] for d in project["dependency-groups"]["dev"]}
    names = packages_distributions()
    for path in CODE:
        tree = ast.parse(path.read_text("utf-8"))
        imported = {a.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
        imported |= {(n.module or "").split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
        for module in imported - set(sys.stdlib_module_names) - {"pipelines", "app", "tests"}:
            known = for_tests if ROOT / "tests" in path.parents else declared
            assert {n.lower().replace("_", "-") for n in names.get(module, [module])} & known, f"{path} imports {module}, which pyproject.toml does not declare"
