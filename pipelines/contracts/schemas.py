"""Validate every file of the contracts folder against its JSON Schema, and against each other.

Belongs here: shape and references of contract files. Does not belong here: members' data.
"""

import json
from pathlib import Path
from string import Formatter
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from pipelines.contracts.catalogues import CATALOGUE_TABLES, INDICATOR_FILES, REGISTRY_TABLES, Row, load_contract, load_vocabulary, read_registry, read_rows
from pipelines.contracts.columns import read_published
from pipelines.contracts.documents import INBOUND, OBSERVATIONS
from pipelines.contracts.labels import LANGUAGES, load_labels
from pipelines.contracts.messages import contract_messages, load_messages
from pipelines.contracts.recipes import recipe_faults
from pipelines.domain.errors import ContractError
from pipelines.domain.findings import Severity

UNKNOWN_KIND = "unknown"
ERRORS = ("error_particles", "error_gases", "error_else")
ERROR_TABLES = (("method_kinds", "method_code"), ("quality_codes", "quality_code"))
REFERENCES = (
    ("cities", "member_code", "members", "member_code"),
    ("cities", "boundary_code", "boundaries", "boundary_code"),
    ("city_names", "city_code", "cities", "city_code"),
    ("indicator_aliases", "indicator_code", "indicators", "indicator_code"),
    ("boundary_aliases", "boundary_code", "boundaries", "boundary_code"),
    ("quality_aliases", "quality_code", "quality_codes", "quality_code"),
    ("status_aliases", "status_code", "status_codes", "status_code"),
    ("unit_aliases", "unit_code", "units", "unit_code"),
    ("indicators", "unit_code", "units", "unit_code"),
    ("definitions", "indicator_code", "indicators", "indicator_code"),
    ("goal_sets", "member_code", "members", "member_code"),
    ("goal_sets", "city_code", "cities", "city_code"),
    ("goals", "goal_set_code", "goal_sets", "goal_set_code"),
    ("goals", "indicator_code", "indicators", "indicator_code"),
    ("goals", "unit_code", "units", "unit_code"),
    ("value_marks", "status_code", "status_codes", "status_code"),
    ("note_marks", "status_code", "status_codes", "status_code"),
    ("status_aliases", "status_code", "status_codes", "status_code"),
    ("method_aliases", "method_code", "method_kinds", "method_code"),
    ("source_kinds", "method_code", "method_kinds", "method_code"),
    ("source_kinds", "indicator_code", "indicators", "indicator_code"),
    ("breaks", "indicator_code", "indicators", "indicator_code"),
    ("breaks", "member_code", "members", "member_code"),
    ("breaks", "city_code", "cities", "city_code"),
    ("maturity_outcomes", "indicator_code", "indicators", "indicator_code"),
    ("maturity_outcomes", "scheme_code", "maturity_schemes", "scheme_code"),
    ("maturity_outcomes", "item_code", "maturity_items", "id"),
    ("indicator_set_items", "set_code", "indicator_sets", "set_code"),
    ("indicator_set_items", "indicator_code", "indicators", "indicator_code"),
    ("cards", "indicator_code", "indicators", "indicator_code"),
    ("case_requests", "member_code", "members", "member_code"),
    ("corrections", "city_code", "cities", "city_code"),
    ("corrections", "indicator_code", "indicators", "indicator_code"),
    ("corrections", "boundary_code", "boundaries", "boundary_code"),
    ("rates", "member_code", "members", "member_code"),
    ("case_requests", "city_code", "cities", "city_code"),
    ("case_requests", "indicator_code", "indicators", "indicator_code"),
    ("use_conditions", "member_code", "members", "member_code"),
    ("use_conditions", "city_code", "cities", "city_code"),
    ("use_conditions", "indicator_code", "indicators", "indicator_code"),
    ("place_twins", "city_code", "cities", "city_code"),
    ("place_twins", "country_code", "country_names", "country_code"),
    ("members", "member_code", "country_names", "country_code"),
    ("waivers", "city_code", "cities", "city_code"),
    ("waivers", "indicator_code", "indicators", "indicator_code"),
)


def validate_contracts(contracts_dir: Path) -> list[str]:
    """Validate everything.

    Returns:
        One line per fault: file, line, what is wrong; empty when all is well.
    """
    schemas = json.loads((contracts_dir / "schemas" / "tables.schema.json").read_text("utf-8"))
    faults: list[str] = []
    for name in REGISTRY_TABLES:
        faults += _validate_rows(contracts_dir / "registries" / f"{name}.csv", schemas[name], schemas["$defs"])
    for name in (*INDICATOR_FILES, *CATALOGUE_TABLES, "crosswalk", *maturity_files(contracts_dir)):
        schema = schemas["indicators"] if name in INDICATOR_FILES else schemas["maturity_iso37106" if name in maturity_files(contracts_dir) else name]
        faults += _validate_rows(contracts_dir / "indicators" / f"{name}.csv", schema, schemas["$defs"])
    contract_schema = json.loads((contracts_dir / "schemas" / "contract.schema.json").read_text("utf-8"))
    for path in [*sorted((contracts_dir / "submissions").glob("*.yaml")), *sorted((contracts_dir / "published").glob("*.yaml"))]:
        document = yaml.safe_load(path.read_text("utf-8"))
        faults += [f"{path.name}: {e.json_path}: {e.message}" for e in Draft202012Validator(contract_schema).iter_errors(document)]
    try:
        faults += _validate_references(read_registry(contracts_dir))
        faults += validate_waivers(contracts_dir)
        faults += _validate_messages(contracts_dir)
        read_published(contracts_dir)
        load_vocabulary(contracts_dir)
        faults += recipe_faults(contracts_dir)
    except ContractError as error:
        faults.append(str(error))
    return faults


def maturity_files(contracts_dir: Path) -> list[str]:
    """Names of the files that hold maturity schemes; all have one shape."""
    return [row["file"] for row in read_rows(contracts_dir / "indicators" / "maturity_schemes.csv")]


def _validate_rows(path: Path, schema: dict[str, Any], definitions: dict[str, Any]) -> list[str]:
    try:
        rows = read_rows(path)
    except ContractError as error:
        return [str(error)]
    validator = Draft202012Validator({**schema, "$defs": definitions})
    faults = [
        f"{path.name}, line {number}: {'.'.join(map(str, error.path)) or 'row'}: {error.message}"
        for number, row in enumerate(rows, 2)
        for error in validator.iter_errors(row)
    ]
    key = schema.get("x-key", [])
    seen: set[tuple[str, ...]] = set()
    for number, row in enumerate(rows, 2):
        at = tuple(row.get(k, "") for k in key)
        if key and at in seen:
            faults.append(f"{path.name}, line {number}: {' '.join(at)} stands twice.")
        seen.add(at)
    if not rows and not schema.get("x-may-be-empty"):
        faults.append(f"{path.name}: no rows.")
    return faults


def _validate_references(registry: dict[str, list[Row]]) -> list[str]:
    faults = []
    for table, column, target, key in REFERENCES:
        known = {row[key] for row in registry[target]}
        faults += [f"{table}.csv: {column} '{row[column]}' is not in {target}.csv." for row in registry[table] if row[column] and row[column] not in known]
    faults += _validate_definitions(registry["definitions"], registry["definition_aliases"])
    return faults + _validate_cards(registry) + validate_errors(registry)


def _validate_cards(registry: dict[str, list[Row]]) -> list[str]:
    """Every indicator of a named set has a definition card in each language that any card is written in."""
    cards = {(r["indicator_code"], r["language"]) for r in registry["cards"]}
    languages = sorted({language for _, language in cards})
    wanted = [(r["indicator_code"], language) for r in registry["indicator_set_items"] for language in languages]
    return [f"cards.csv: {code} has no card in '{language}'." for code, language in wanted if (code, language) not in cards]


def _validate_definitions(definitions: list[Row], aliases: list[Row]) -> list[str]:
    """Each indicator with several definitions has one reference; a bridge has both its numbers; an alias names a definition."""
    faults = []
    for code in dict.fromkeys(r["indicator_code"] for r in definitions):
        rows = [r for r in definitions if r["indicator_code"] == code]
        if sum(r["grade"] == "reference" for r in rows) != 1 or len(rows) < 2:
            faults.append(f"definitions.csv: {code} needs two definitions or more, one of them the reference.")
        if len({r["is_asked"] for r in rows}) != 1:
            faults.append(f"definitions.csv: {code} says in one row that the definition is asked for, in another that it is not.")
    for row in definitions:
        if (row["grade"] == "bridged") != bool(row["bridge_factor"] and row["bridge_offset"]):
            faults.append(f"definitions.csv: {row['indicator_code']} {row['definition_code']}: a bridge, and only a bridge, has a factor and an offset.")
    known = {(r["indicator_code"], r["definition_code"]) for r in definitions}
    faults += [f"definition_aliases.csv: '{r['alias']}' names no definition." for r in aliases if (r["indicator_code"], r["definition_code"]) not in known]
    return faults


def validate_errors(registry: dict[str, list[Row]]) -> list[str]:
    """An unknown kind has the largest error, a quality states all its errors or none, and the register of sources names kinds that say how."""
    kinds = {row["method_code"]: row for row in registry["method_kinds"]}
    faults = [f"method_kinds.csv: there is no kind '{UNKNOWN_KIND}', which every figure without a kind counts as."] if UNKNOWN_KIND not in kinds else []
    for table, key in ERROR_TABLES if not faults else ():
        for row, column in ((row, e) for row in registry[table] for e in ERRORS if row[e]):
            if float(row[column]) > float(most := kinds[UNKNOWN_KIND][column]):
                faults.append(f"{table}.csv: {row[key]}: {column} {row[column]} is more than the {most} of an unknown kind.")
    for row in registry["quality_codes"]:
        if len({bool(row[e]) for e in ERRORS}) != 1:
            faults.append(f"quality_codes.csv: {row['quality_code']} states an error for some figures and not for others; state all three or none.")
    for row in registry["source_kinds"]:
        if row["method_code"] in kinds and kinds[row["method_code"]]["says_how_measured"] != "true":
            faults.append(f"source_kinds.csv: '{row['source_title']}' is called {row['method_code']}, which does not say how its figures were measured.")
    return faults


def _validate_messages(contracts_dir: Path) -> list[str]:
    rules = {r.rule_id for r in load_contract(contracts_dir).rules}
    load_labels(contracts_dir)
    english = load_messages(contracts_dir)
    faults = []
    for language in LANGUAGES:
        for contract_id in (c for c in INBOUND if c != OBSERVATIONS):
            of_contract = {r.rule_id for r in load_contract(contracts_dir, contract_id).rules}
            without = of_contract - set(contract_messages(contracts_dir, contract_id, language))
            faults += [f"messages/{contract_id}.yaml: rule '{name}' has no message in {language}." for name in sorted(without)]
        messages = load_messages(contracts_dir, language)
        faults += [f"messages/{language}.yaml: rule '{name}' of the contract has no message." for name in sorted(rules - set(messages))]
        faults += [f"messages/{language}.yaml: '{name}' is no rule of the contract." for name in sorted(set(messages) - rules)]
        for name in sorted(rules & set(messages) & set(english)):
            if strange := placeholders(messages[name].expected) - placeholders(english[name].expected):
                faults.append(f"messages/{language}.yaml: '{name}' names {sorted(strange)}, which the English message does not.")
    return faults


def validate_waivers(contracts_dir: Path) -> list[str]:
    """A waiver sets aside one rule that needs an explanation, never one that blocks, and ends after it began."""
    weights = {r.rule_id: r.severity for r in load_contract(contracts_dir).rules}
    faults = []
    for number, row in enumerate(read_rows(contracts_dir / "registries" / "waivers.csv"), 2):
        if weights.get(row["rule_id"]) is not Severity.WARNING:
            faults.append(f"waivers.csv, line {number}: '{row['rule_id']}' is no rule that needs an explanation; only such rules can be waived.")
        if row["expires_on"] <= row["granted_on"]:
            faults.append(f"waivers.csv, line {number}: it ends on {row['expires_on']}, not after {row['granted_on']}.")
    return faults


def placeholders(text: str) -> set[str]:
    """Names in braces that a message asks to be filled."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}
