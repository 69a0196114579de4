"""Bind the rows of a state that was written before rows were bound, once.

Belongs here: the one event that takes up what stands, and the head files begun with it. Does not belong here: proof that what stands is right
(proving holds it against the older events, too).
"""

from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from pipelines.state.binding import BOUND, bind_row, read_bound
from pipelines.state.heads import KEPT, LedgerHead, append_lines
from pipelines.state.ledger import NewEvent, append_event
from pipelines.state.tables import EVENT

ADOPTED = "rows_adopted"


def adopt_rows(connection: Connection, head_files: Sequence[Path]) -> None:
    """Bind every row of an older state by one event; a state whose rows are bound, or that has none, is left as it is.

    Head files that are not there yet begin with the events so far.
    """
    if connection.execute(select(EVENT.c.seq).where(EVENT.c.body.contains('"rows":{')).limit(1)).first() is not None:
        return
    last = connection.execute(select(EVENT).order_by(EVENT.c.seq.desc()).limit(1)).first()
    rows = [(table, row) for table in BOUND for row in read_bound(connection, table)]
    if last is not None:
        begin_head_files(connection, [path for path in head_files if not path.exists()])
    if not rows:
        return
    for table, values in rows:
        bind_row(connection, table, values)
    append_event(connection, NewEvent(last.at if last else "", "upgrade", ADOPTED, "", "state", {}))


def begin_head_files(connection: Connection, paths: Sequence[Path]) -> None:
    """Write a head file anew, with every event so far as kept."""
    events = [LedgerHead(row.seq, row.hash) for row in connection.execute(select(EVENT.c.seq, EVENT.c.hash).order_by(EVENT.c.seq))]
    for path in paths:
        path.unlink(missing_ok=True)
        append_lines(path, KEPT, events, create=True)


def begin_missing(engine: Engine, head_files: Sequence[Path]) -> list[Path]:
    """Begin the head files that are not there, with every event so far.

    Returns:
        Those begun.
    """
    missing = [path for path in head_files if not path.exists()]
    with engine.connect() as connection, connection.begin():
        begin_head_files(connection, missing)
    return missing
