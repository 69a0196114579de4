"""Accounts, sessions, drafts, mappings; a submission is its file and the answers given with it."""

# ruff: noqa: E501
from alembic import op

from pipelines.state.migrations.versions.v0001_ledger_submissions_editions import GUARDED_COLUMNS, TABLES

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NEW_TABLES = {
    "account": """
        account_id text primary key, login text not null unique,
        role text not null check (role in ('member', 'coordinator', 'reviewer', 'editor', 'researcher', 'administrator')),
        member_code text not null, password_hash text not null, is_active integer not null check (is_active in (0, 1)),
        check ((role in ('member', 'coordinator')) = (member_code <> ''))""",
    "session": """
        token_sha256 text primary key, account_id text not null references account (account_id), kind text not null check (kind in ('session', 'token')),
        created_at text not null, expires_at text not null, revoked_at text not null""",
    "sign_in_attempt": "login_sha256 text not null, at text not null",
    "upload": "account_id text not null references account (account_id), at text not null, n_bytes integer not null check (n_bytes >= 0)",
    "draft": """
        draft_id text primary key, account_id text not null references account (account_id), member_code text not null, file_name text not null,
        content_sha256 text not null, answers_json text not null, updated_at text not null, unique (account_id, content_sha256, file_name)""",
    "mapping": """
        member_code text not null, fingerprint text not null, version integer not null check (version > 0), answers_json text not null,
        actor_id text not null, at text not null, primary key (member_code, fingerprint, version)""",
}
SUBMISSION = TABLES["submission"].replace("as_of_date text not null,", "as_of_date text not null, answers_json text not null default '', answers_sha256 text not null default '',").replace(
    "unique (member_code, contract_id, file_sha256)", "unique (member_code, contract_id, file_sha256, answers_sha256)"
)  # fmt: skip
KEPT = f"{GUARDED_COLUMNS}, state"


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    strict = " strict" if dialect == "sqlite" else ""
    for name, columns in NEW_TABLES.items():
        op.execute(f"create table {name} ({columns}){strict}")
    op.execute("create index sign_in_attempt_by_login on sign_in_attempt (login_sha256, at)")
    op.execute("create index upload_by_account on upload (account_id, at)")
    guarded = f"{GUARDED_COLUMNS}, answers_json, answers_sha256"
    if dialect == "sqlite":
        op.execute("drop trigger submission_no_delete")
        op.execute("drop trigger submission_no_rewrite")
        op.execute(f"create table submission_new ({SUBMISSION}){strict}")
        op.execute(f"insert into submission_new ({KEPT}) select {KEPT} from submission")
        op.execute("drop table submission")
        op.execute("alter table submission_new rename to submission")
        op.execute("create trigger submission_no_delete before delete on submission begin select raise(abort, 'submission is append-only'); end")
        op.execute(
            f"create trigger submission_no_rewrite before update of {guarded} on submission begin select raise(abort, 'only the state of a submission may change'); end"
        )
        for action in ("update", "delete"):
            op.execute(f"create trigger mapping_no_{action} before {action} on mapping begin select raise(abort, 'mapping is append-only'); end")
    else:
        op.execute("alter table submission add column answers_json text not null default '', add column answers_sha256 text not null default ''")
        op.execute("alter table submission drop constraint submission_member_code_contract_id_file_sha256_key")
        op.execute("alter table submission add unique (member_code, contract_id, file_sha256, answers_sha256)")
        op.execute("drop trigger submission_no_rewrite on submission")
        op.execute(f"create trigger submission_no_rewrite before update of {guarded} on submission for each row execute function refuse_change()")
        op.execute("create trigger mapping_frozen before update or delete on mapping for each row execute function refuse_change()")


def downgrade() -> None:
    raise NotImplementedError("Nothing accepted is ever lost: there is no way back.")
