"""What the last build took in, so that the next one takes in only what is new.

Belongs here: schema ``build`` and what a full build must empty first. Does not belong here: which models are incremental (dbt).
A build that did not come to its gate leaves its state open, and the next one is a full one.
"""

import json
from collections.abc import Sequence

import duckdb

from pipelines.domain.errors import StorageError

BUILT_SCHEMAS = ("intermediate", "core", "marts", "scored")


def plan_batch(connection: duckdb.DuckDBPyConnection, *, fingerprint: str, submission_ids: Sequence[str]) -> set[str]:
    """Say which submissions this build takes in, and open its state.

    Args:
        fingerprint: digest of everything but submissions that a build depends on.
        submission_ids: every accepted submission.

    Returns:
        New submissions when the last build ended, nothing else changed and none is gone; else all of them, with the built schemas emptied.
    """
    connection.begin()
    connection.execute("create schema if not exists build")
    connection.execute("create table if not exists build.state (fingerprint varchar, is_complete boolean, submission_ids varchar)")
    rows = connection.execute("select fingerprint, is_complete, submission_ids from build.state").fetchall()
    before = set(json.loads(rows[0][2])) if rows else set()
    continues = bool(rows) and rows[0][0] == fingerprint and bool(rows[0][1]) and before <= set(submission_ids)
    if not continues:
        for schema in BUILT_SCHEMAS:
            connection.execute(f"drop schema if exists {schema} cascade")
        connection.execute("drop table if exists build.failures")
        before = set()
    connection.execute("delete from build.state")
    connection.execute("insert into build.state values (?, false, ?)", [fingerprint, json.dumps(sorted(submission_ids))])
    connection.commit()
    return set(submission_ids) - before


def carry_failures(connection: duckdb.DuckDBPyConnection, relation: str, failed: set[str]) -> set[str]:
    """Add the rules that failed on rows taken in by earlier builds to those that failed on this build's, and keep both for the next.

    A gate over new rows alone would call a rule passed that an earlier submission fails; a full build would call it failed.
    """
    connection.execute("create table if not exists build.failures (relation varchar, rule_id varchar)")
    earlier = {str(rule) for (rule,) in connection.execute("select rule_id from build.failures where relation = ?", [relation]).fetchall()}
    for rule in sorted(failed - earlier):
        connection.execute("insert into build.failures values (?, ?)", [relation, rule])
    return failed | earlier


def close_build(connection: duckdb.DuckDBPyConnection) -> None:
    """Close the state when the figures of every submission, of this build and of those before, stand in what was built.

    Raises:
        StorageError: those of some do not; the state stays open, and the next build is a full one.
    """
    missing = connection.execute(
        "select submission_id from submissions.submissions where n_rows > 0 and submission_id not in ("
        "select submission_id from intermediate.int_observations__ranked union all select submission_id from submissions.assessments "
        "union all select submission_id from submissions.cases) order by submission_id"
    ).fetchall()
    if missing:
        raise StorageError(f"{len(missing)} accepted submissions are not in what was built, first {missing[0][0]}. Build again; it will be a full build.")
    connection.execute("update build.state set is_complete = true")


def forget_build(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the next build a full one."""
    connection.execute("drop schema if exists build cascade")
