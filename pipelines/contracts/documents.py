"""Read Open Data Contract Standard files into the few facts the house uses.

Belongs here: ODCS to domain. Does not belong here: SQL (rules), wording (messages).
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from open_data_contract_standard.model import (
    DataQuality,
    OpenDataContractStandard,
    SchemaObject,
    SchemaProperty,
)

from pipelines.contracts.rules import Rule, rule_from_quality
from pipelines.domain.errors import ContractError
from pipelines.domain.texts import fold

OBSERVATIONS, MATURITY, CASES = "observations", "maturity", "cases"
INBOUND = (OBSERVATIONS, MATURITY, CASES)
NOUNS = {OBSERVATIONS: "figures", MATURITY: "assessed items", CASES: "cases"}
SUBMISSIONS = "submissions"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a contract."""

    name: str
    logical_type: str
    description: str
    is_required: bool
    is_primary_key: bool
    role: str
    label: str


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract: identity, columns, header synonyms, rules and limits."""

    contract_id: str
    version: str
    table: str
    description: str
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...]
    headers: dict[str, str]
    header_calendars: dict[str, str]
    limits: dict[str, Any]

    def rule(self, rule_id: str) -> Rule:
        """Find a rule by its id.

        Raises:
            ContractError: no such rule.
        """
        for rule in self.rules:
            if rule.rule_id == rule_id:
                return rule
        raise ContractError(f"Contract {self.contract_id} has no rule '{rule_id}'.")


def read_contract(path: Path) -> Contract:
    """Read one contract file with exactly one schema object.

    Raises:
        ContractError: the file is no ODCS document, or a rule is written in a form we cannot compile.
    """
    try:
        document = OpenDataContractStandard(**yaml.safe_load(path.read_text("utf-8")))
    except (OSError, TypeError, ValueError, yaml.YAMLError) as error:
        raise ContractError(f"{path.name}: not a readable ODCS document ({error}).") from error
    if document.id is None or document.version is None or not document.schema_ or len(document.schema_) != 1:
        raise ContractError(f"{path.name}: expected id, version and exactly one schema object.")
    table = document.schema_[0]
    properties = table.properties or []
    headers, calendars = _headers(properties)
    return Contract(
        contract_id=document.id,
        version=document.version,
        table=str(table.physicalName or table.name),
        description=str(table.description or table.dataGranularityDescription or ""),
        columns=tuple(_column(p) for p in properties),
        rules=tuple(_rules(table, properties)),
        headers=headers,
        header_calendars=calendars,
        limits={str(c.property): c.value for c in document.customProperties or []},
    )


def record_noun(contract_id: str) -> str:
    """What one row of a contract is, in the plural."""
    return NOUNS.get(contract_id, "rows")


def contract_path(contracts_dir: Path, contract_id: str) -> Path:
    """Where an inbound contract lies."""
    return contracts_dir / SUBMISSIONS / f"{contract_id}.odcs.yaml"


def read_synonyms(contracts_dir: Path, contract_id: str = OBSERVATIONS) -> list[tuple[str, str, str]]:
    """Give every header synonym of an inbound contract: word, locale, role, in the contract's order."""
    document = OpenDataContractStandard(**yaml.safe_load(contract_path(contracts_dir, contract_id).read_text("utf-8")))
    properties = (document.schema_ or [])[0].properties or []
    return [(str(s.synonym), str(s.locale), _column(p).role) for p in properties for s in p.synonyms or []]


def _column(item: SchemaProperty) -> Column:
    custom = {str(c.property): c.value for c in item.customProperties or []}
    return Column(
        name=str(item.name),
        logical_type=str(item.logicalType),
        description=str(item.description or ""),
        is_required=bool(item.required),
        is_primary_key=bool(item.primaryKey),
        role=str(custom.get("role", "")),
        label=str(item.businessName or item.name),
    )


def _headers(properties: list[SchemaProperty]) -> tuple[dict[str, str], dict[str, str]]:
    headers: dict[str, str] = {}
    calendars: dict[str, str] = {}
    for item in properties:
        role = _column(item).role
        for synonym in item.synonyms or []:
            key = fold(str(synonym.synonym))
            if headers.setdefault(key, role) != role:
                raise ContractError(f"Header '{synonym.synonym}' stands for both {headers[key]} and {role}; it must stand for one.")
            for custom in synonym.customProperties or []:
                if custom.property == "calendar":
                    calendars[key] = str(custom.value)
    return headers, calendars


def _rules(table: SchemaObject, properties: list[SchemaProperty]) -> list[Rule]:
    found: list[Rule] = []
    for item in properties:
        found += [rule_from_quality(q, column=str(item.name)) for q in item.quality or []]
    found += [rule_from_quality(q, column="") for q in _table_quality(table)]
    ids = [r.rule_id for r in found]
    if len(ids) != len(set(ids)):
        raise ContractError(f"Contract table {table.name} uses a rule id twice: {sorted(i for i in ids if ids.count(i) > 1)}.")
    return found


def _table_quality(table: SchemaObject) -> list[DataQuality]:
    return list(table.quality or [])
