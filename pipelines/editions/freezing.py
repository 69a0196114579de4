"""Freeze an edition: a new folder, a manifest, a pointer; nothing is ever overwritten.

Belongs here: what an edition is made of and its identity. Does not belong here: how marts are built.
"""

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pipelines.domain.errors import GateError, StorageError
from pipelines.domain.findings import CheckState, Severity
from pipelines.editions.reading import MANIFEST, POINTER, Edition, digest_of, edition_id_of, read_edition, require_proven
from pipelines.state.engines import Engine
from pipelines.state.ledger import NewEvent
from pipelines.state.records import PUBLISHED, EditionRecord, SubmissionRecord, insert_edition, ledger_head, list_submissions
from pipelines.submissions.landing import flush_folder
from pipelines.warehouse.compiling import models_fingerprint
from pipelines.warehouse.publishing import EDITION_CACHE, GateRow, build_cache, export_marts, read_gate, read_recipe_runs

LIBRARIES = ("duckdb", "dbt-core", "dbt-duckdb", "great-expectations", "pyarrow", "dagster", "numpy", "scipy")
BUILDING = ".building-"


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything an edition is made from, beside what was submitted."""

    contracts_dir: Path
    dbt_dir: Path
    code_dir: Path


@dataclass(frozen=True, slots=True)
class Publication:
    """What to publish, where, who does it and when."""

    edition_code: str
    warehouse: Path
    editions_dir: Path
    actor: str
    now: str


def folder_digest(folder: Path, *, suffixes: tuple[str, ...]) -> str:
    """Digest the text files of a folder by name and content."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix in suffixes and "samples" not in p.parts):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def file_digest(path: Path) -> str:
    """Digest one file, by parts: the working warehouse may be large."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def describe_inputs(engine: Engine, sources: Sources) -> dict[str, Any]:
    """Describe everything a build depends on; two builds of equal descriptions give equal bytes."""
    return {
        "submissions": [_submission(s) for s in list_submissions(engine)],
        "contracts_sha256": folder_digest(sources.contracts_dir, suffixes=(".yaml", ".csv", ".json")),
        "models_sha256": models_fingerprint(sources.dbt_dir),
        "code_sha256": folder_digest(sources.code_dir, suffixes=(".py", ".yaml")),
        "code_version": version("citybench"),
        "libraries": {name: version(name) for name in LIBRARIES},
    }


def _submission(record: SubmissionRecord) -> dict[str, Any]:
    kept = asdict(record)
    return {k: kept[k] for k in ("submission_id", "member_code", "contract_version", "file_sha256", "rows_sha256", "accepted_seq")}


def require_gate(results: list[GateRow], expected: dict[str, set[str]]) -> None:
    """Refuse to publish unless every expected rule ran and no blocker failed.

    Args:
        expected: relation to the ids of the rules its contract states.

    Raises:
        GateError: names the first rules that stand in the way.
    """
    ran = {(r.relation, r.rule_id): r for r in results}
    faults = [f"{relation}: {rule} not run" for relation, rules in expected.items() for rule in sorted(rules) if (relation, rule) not in ran]
    faults += [
        f"{r.relation}: {r.rule_id} {r.check_state}"
        for r in results
        if r.check_state in (CheckState.NOT_RUN, CheckState.ERRORED) or (r.check_state == CheckState.FAILED and r.severity == Severity.BLOCKER)
    ]
    if faults:
        raise GateError(f"The edition was not published. {len(faults)} rules stand in the way, first: {'; '.join(faults[:5])}.")


def publish(engine: Engine, sources: Sources, publication: Publication, *, expected_rules: dict[str, set[str]]) -> EditionRecord:
    """Freeze the marts as an edition and point to it.

    Returns:
        The edition; the same inputs give the same edition, which is then left as it is.

    Raises:
        GateError: a rule did not run, or a blocker failed.
        StorageError: the folder could not be written whole.
    """
    gate = read_gate(publication.warehouse)
    require_gate(gate, expected_rules)
    inputs = describe_inputs(engine, sources)
    publication.editions_dir.mkdir(parents=True, exist_ok=True)
    sweep(publication.editions_dir)
    building = publication.editions_dir / f"{BUILDING}{os.getpid()}"
    building.mkdir()
    try:
        rows = export_marts(publication.warehouse, building)
        manifest = _manifest(engine, publication, inputs, gate, building, rows)
        edition_id = str(manifest["edition_id"])
        final = publication.editions_dir / edition_id
        if final.exists():
            require_proven(read_edition(publication.editions_dir, edition_id))
        else:
            _write_edition(building, final, manifest)
    except OSError as error:
        raise StorageError(f"The edition could not be written ({error.strerror}). Free space and publish again; the last edition stands.") from error
    finally:
        shutil.rmtree(building, ignore_errors=True)
    manifest_sha256 = hashlib.sha256((final / MANIFEST).read_bytes()).hexdigest()
    record = EditionRecord(edition_id, publication.edition_code, manifest_sha256, digest_of(inputs), 0)
    body: dict[str, str | int | list[str]] = {"manifest_sha256": manifest_sha256, "warehouse_sha256": file_digest(publication.warehouse)}
    event = NewEvent(publication.now, publication.actor, PUBLISHED, "", edition_id, body)
    stored = insert_edition(engine, record, event)
    point_to(publication.editions_dir, edition_id)
    return stored


def _manifest(engine: Engine, publication: Publication, inputs: dict[str, Any], gate: list[GateRow], folder: Path, rows: dict[str, int]) -> dict[str, Any]:
    files = [{"name": name, "rows": n, "sha256": hashlib.sha256((folder / name).read_bytes()).hexdigest()} for name, n in sorted(rows.items())]
    head = ledger_head(engine)
    content = {
        "edition_code": publication.edition_code,
        "inputs": inputs,
        "inputs_digest": digest_of(inputs),
        "files": files,
        "gate": [asdict(g) for g in gate],
        "recipes": [asdict(r) for r in read_recipe_runs(publication.warehouse)],
    }
    return {"edition_id": edition_id_of(content), **content, "ledger_head": {"seq": head.seq, "hash": head.hash}}


def _write_edition(building: Path, final: Path, manifest: dict[str, Any]) -> None:
    build_cache(building)
    (building / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    for path in sorted(building.iterdir()):
        path.chmod(0o444)
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    flush_folder(building)
    os.rename(building, final)
    flush_folder(final.parent)


def point_to(editions_dir: Path, edition_id: str) -> None:
    """Replace the pointer to the current edition in one step."""
    temporary = editions_dir / f".{POINTER}.{os.getpid()}"
    with temporary.open("w", encoding="utf-8") as stream:
        json.dump({"edition_id": edition_id}, stream)
        stream.flush()
        os.fsync(stream.fileno())
    os.replace(temporary, editions_dir / POINTER)
    flush_folder(editions_dir)


def sweep(editions_dir: Path) -> None:
    """Remove what a killed publication left unnamed; named editions are never touched. Call it under the build lock."""
    for path in editions_dir.glob(f"{BUILDING}*"):
        shutil.rmtree(path, ignore_errors=True)


def restore_cache(edition: Edition) -> None:
    """Build an edition's DuckDB file again from its proven Parquet files, when it is missing.

    Raises:
        StorageError: a Parquet file is not as published.
    """
    if not (edition.folder / EDITION_CACHE).exists():
        require_proven(edition)
        build_cache(edition.folder)
