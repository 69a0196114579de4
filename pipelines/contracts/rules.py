"""A rule of a contract, and its SQL.

Belongs here: the forms a rule may take, and how each becomes SQL that returns every violating row.
Does not belong here: running SQL (warehouse), wording (messages), Great Expectations (expectations).

A rule takes one of these forms; anything else is refused when the contract is read:

- ``library`` with ``nullValues``, ``invalidValues``, ``duplicateValues`` or ``rowCount``;
- ``sql`` written ``select count(*) from ${object} where <condition>`` with ``mustBe: 0``;
- ``custom`` with ``engine: intake``: seen while reading, has no SQL.

Two custom properties say what a rule needs before it can say anything: ``appliesWhen``, a condition over a row (for a rule seen
while reading a ``FileFact``), and ``appliesTo``, the same in words. Without a row that fits, the rule is not run, never passed.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from open_data_contract_standard.model import DataQuality

from pipelines.domain.errors import ContractError
from pipelines.domain.findings import Severity
from pipelines.domain.observations import FileFact

SEVERITIES = {"error": Severity.BLOCKER, "warning": Severity.WARNING, "info": Severity.NOTE}
COUNT_QUERY = re.compile(r"\s*select\s+count\(\*\)\s+from\s+\$\{object\}\s+where\s+(?P<condition>.+?)\s*", re.I | re.S)
IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")


class RuleForm(StrEnum):
    """How a rule is written."""

    NOT_NULL = "not_null"
    IN_SET = "in_set"
    UNIQUE = "unique"
    NOT_EMPTY = "not_empty"
    CONDITION = "condition"
    INTAKE = "intake"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its form and, by form, its column, columns, allowed values or violating condition; and what it applies to."""

    rule_id: str
    form: RuleForm
    severity: Severity
    column: str
    columns: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    condition: str = ""
    applies_when: str = ""
    applies_to: str = ""

    @property
    def runs_in_sql(self) -> bool:
        """Whether the rule is compiled to SQL, or seen while reading."""
        return self.form is not RuleForm.INTAKE


def rule_from_quality(quality: DataQuality, *, column: str) -> Rule:
    """Turn one ODCS quality entry into a rule.

    Raises:
        ContractError: no id, no severity, or a form that cannot be compiled.
    """
    if not quality.id or quality.severity not in SEVERITIES:
        raise ContractError(f"A quality entry of '{column or 'the table'}' needs an id and a severity of {sorted(SEVERITIES)}.")
    arguments = quality.arguments or {}
    common = {"rule_id": quality.id, "severity": SEVERITIES[quality.severity], "column": column, **_application(quality)}
    if quality.type == "custom" and quality.engine == "intake":
        return Rule(form=RuleForm.INTAKE, **common)  # type: ignore[arg-type]
    if quality.type == "sql" and quality.mustBe == 0:
        match = COUNT_QUERY.fullmatch(quality.query or "")
        if match:
            return Rule(form=RuleForm.CONDITION, condition=match["condition"], **common)  # type: ignore[arg-type]
    if quality.type == "library":
        if quality.metric == "nullValues" and column:
            return Rule(form=RuleForm.NOT_NULL, **common)  # type: ignore[arg-type]
        if quality.metric == "invalidValues" and arguments.get("validValues"):
            return Rule(form=RuleForm.IN_SET, allowed=tuple(map(str, arguments["validValues"])), **common)  # type: ignore[arg-type]
        if quality.metric == "duplicateValues" and arguments.get("properties"):
            return Rule(form=RuleForm.UNIQUE, columns=_identifiers(arguments["properties"]), **common)  # type: ignore[arg-type]
        if quality.metric == "rowCount" and quality.mustBeGreaterThan == 0:
            return Rule(form=RuleForm.NOT_EMPTY, **common)  # type: ignore[arg-type]
    raise ContractError(f"Rule '{quality.id}' is written in a form that cannot be compiled; see pipelines/contracts/rules.py for the forms.")


def _application(quality: DataQuality) -> dict[str, str]:
    custom = {str(c.property): str(c.value) for c in quality.customProperties or []}
    when, to = custom.get("appliesWhen", ""), custom.get("appliesTo", "")
    if bool(when) != bool(to):
        raise ContractError(f"Rule '{quality.id}' says {'when' if when else 'to what'} it applies; it must say both, appliesWhen and appliesTo.")
    if when and quality.engine == "intake" and when not in tuple(FileFact):
        raise ContractError(f"Rule '{quality.id}' applies when '{when}'; a rule seen while reading names one of {', '.join(FileFact)}.")
    return {"applies_when": when, "applies_to": to}


def _identifiers(names: list[str]) -> tuple[str, ...]:
    for name in names:
        if not IDENTIFIER.fullmatch(name):
            raise ContractError(f"'{name}' is not a column name.")
    return tuple(names)


def violating_condition(rule: Rule) -> str:
    """Give the SQL condition that is true for each violating row.

    Returns:
        A condition over one relation; window functions are avoided so that it fits any ``where``.

    Raises:
        ContractError: the rule has no row condition (not-empty and intake rules).
    """
    match rule.form:
        case RuleForm.NOT_NULL:
            return f"{rule.column} is null"
        case RuleForm.IN_SET:
            listed = ", ".join("'" + value.replace("'", "''") + "'" for value in rule.allowed)
            return f"{rule.column} is not null and {rule.column} not in ({listed})"
        case RuleForm.CONDITION:
            return rule.condition
        case _:
            raise ContractError(f"Rule '{rule.rule_id}' has no row condition.")


def application_sql(rules: tuple[Rule, ...], *, relation: str) -> str:
    """Compile to one scan that says of every SQL rule whether any row gave it something to look at.

    Returns:
        SQL of one row with one boolean column for each SQL rule, named by its id.
    """
    columns = [f"{_has_rows(rule)} as {rule.rule_id}" for rule in rules if rule.runs_in_sql]
    return f"select {', '.join(columns)} from {relation}"


def _has_rows(rule: Rule) -> str:
    if rule.form is RuleForm.NOT_EMPTY:
        return "true"
    fits = [f"({rule.applies_when})"] if rule.applies_when else []
    if rule.form is RuleForm.UNIQUE:
        filled = " and ".join([f"{c} is not null" for c in rule.columns] + fits)
        return f"count(*) filter (where {filled}) > 1"
    return f"coalesce(bool_or({fits[0]}), false)" if fits else "count(*) > 0"


def violations_sql(rules: tuple[Rule, ...], *, relation: str, address_columns: tuple[str, ...]) -> str:
    """Compile all SQL rules to one statement that returns every violating row of every rule.

    Args:
        rules: rules of one contract; intake rules are left out.
        relation: what to check, already quoted or trusted.
        address_columns: columns handed through for each violation.

    Returns:
        SQL with columns ``violated_rule`` and ``address_columns``; a not-empty rule returns one row of nulls.
    """
    addresses = ", ".join(address_columns)
    parts, conditions = [], []
    for rule in rules:
        if rule.form is RuleForm.INTAKE:
            continue
        if rule.form is RuleForm.NOT_EMPTY:
            nulls = ", ".join(f"null as {c}" for c in address_columns)
            parts.append(f"select '{rule.rule_id}' as violated_rule, {nulls} where not exists (select 1 from {relation})")
        elif rule.form is RuleForm.UNIQUE:
            keys = ", ".join(rule.columns)
            filled = " and ".join(f"{c} is not null" for c in rule.columns)
            select = f"select '{rule.rule_id}' as violated_rule, {addresses} from {relation} where {filled}"
            parts.append(f"{select} qualify count(*) over (partition by {keys}) > 1")
        else:
            conditions.append(f"case when {violating_condition(rule)} then '{rule.rule_id}' end")
    if conditions:
        # One scan for all row conditions: forty scans of a wide table cost more to plan than to run.
        hits = f"list_filter([{', '.join(conditions)}], lambda hit: hit is not null)"
        parts.append(f"select unnest({hits}) as violated_rule, {addresses} from {relation}")
    return "\nunion all by name\n".join(parts)
