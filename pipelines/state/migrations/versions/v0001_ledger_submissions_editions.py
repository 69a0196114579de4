"""Ledger, submissions and editions; nothing in them can be updated or deleted but a submission's state."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = {
    "event": """
        seq integer primary key, at text not null, actor text not null, action text not null, member_code text not null,
        object_id text not null, body text not null, prev text not null unique, hash text not null unique""",
    "submission": """
        submission_id text primary key, member_code text not null, contract_id text not null, contract_version text not null,
        file_name text not null, file_sha256 text not null, rows_sha256 text not null, receipt text not null,
        accepted_seq integer not null unique references event (seq), as_of_date text not null,
        state text not null check (state in ('accepted', 'superseded')),
        unique (member_code, contract_id, file_sha256)""",
    "edition": """
        edition_id text primary key, edition_code text not null, manifest_sha256 text not null,
        inputs_digest text not null, published_seq integer not null unique references event (seq)""",
}
FROZEN = ("event", "edition")
GUARDED_COLUMNS = "submission_id, member_code, contract_id, contract_version, file_name, file_sha256, rows_sha256, receipt, accepted_seq, as_of_date"


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    strict = " strict" if dialect == "sqlite" else ""
    for name, columns in TABLES.items():
        op.execute(f"create table {name} ({columns}){strict}")
    if dialect == "sqlite":
        for table in FROZEN:
            for action in ("update", "delete"):
                op.execute(f"create trigger {table}_no_{action} before {action} on {table} begin select raise(abort, '{table} is append-only'); end")
        op.execute("create trigger submission_no_delete before delete on submission begin select raise(abort, 'submission is append-only'); end")
        op.execute(
            f"create trigger submission_no_rewrite before update of {GUARDED_COLUMNS} on submission "
            "begin select raise(abort, 'only the state of a submission may change'); end"
        )
    else:
        op.execute("create function refuse_change() returns trigger language plpgsql as $$ begin raise exception '% is append-only', tg_table_name; end $$")
        for table in FROZEN:
            op.execute(f"create trigger {table}_frozen before update or delete on {table} for each row execute function refuse_change()")
        op.execute("create trigger submission_no_delete before delete on submission for each row execute function refuse_change()")
        op.execute(f"create trigger submission_no_rewrite before update of {GUARDED_COLUMNS} on submission for each row execute function refuse_change()")


def downgrade() -> None:
    raise NotImplementedError("Nothing accepted is ever lost: there is no way back from the first schema.")
