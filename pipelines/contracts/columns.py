"""dbt property files of the marts, written from the published contracts.

Belongs here: outbound contract to dbt YAML. Does not belong here: SQL of the marts.
"""

from pathlib import Path

from pipelines.contracts.documents import Contract, read_contract

DBT_TYPES = {"string": "string", "integer": "int", "number": "double", "boolean": "boolean", "date": "date"}
PUBLISHED = "published"


def read_published(contracts_dir: Path) -> list[Contract]:
    """Read every outbound contract, by name."""
    return [read_contract(path) for path in sorted((contracts_dir / PUBLISHED).glob("*.odcs.yaml"))]


def column_block(contract: Contract) -> str:
    """Write one mart's dbt property file.

    Returns:
        YAML text; required columns carry a constraint that the engine enforces; keys are the gate's.
    """
    lines = [
        "# Written by `make contracts` from data_contracts/published; edit there.",
        "version: 2",
        "models:",
        f"  - name: {contract.table}",
        f"    description: {contract.description}",
        "    columns:",
    ]
    for column in contract.columns:
        ending = ", constraints: [{type: not_null}]" if column.is_required or column.is_primary_key else ""
        kind = DBT_TYPES[column.logical_type]
        lines.append(f"      - {{name: {column.name}, data_type: {kind}, description: \"{{{{ doc('{column.name}') }}}}\"{ending}}}")
    return "\n".join(lines) + "\n"


def write_column_blocks(contracts_dir: Path, dbt_dir: Path, *, check_only: bool = False) -> list[str]:
    """Write, or only compare, the property files of all marts.

    Returns:
        Names of files that differ from what the contracts say.
    """
    stale = []
    for contract in read_published(contracts_dir):
        path = dbt_dir / "models" / "marts" / f"{contract.table}.yml"
        text = column_block(contract)
        if not path.exists() or path.read_text("utf-8") != text:
            stale.append(path.name)
            if not check_only:
                path.write_text(text, "utf-8")
    return stale
