"""Tries at the sign-in by address and login, and the addresses an account has signed in from."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NEW_TABLES = {
    "sign_in_try": """
        try_id text primary key, address_sha256 text not null, login_sha256 text not null, account_id text not null, at text not null,
        is_in_ledger integer not null check (is_in_ledger in (0, 1))""",
    "sign_in_address": """
        account_id text not null references account (account_id), address_sha256 text not null, last_at text not null,
        primary key (account_id, address_sha256)""",
}
INDEXES = {
    "sign_in_try_by_address": "sign_in_try (address_sha256, login_sha256, at)",
    "sign_in_try_by_login": "sign_in_try (login_sha256, at)",
    "sign_in_try_by_ledger": "sign_in_try (is_in_ledger, at)",
}


def upgrade() -> None:
    strict = " strict" if op.get_bind().dialect.name == "sqlite" else ""
    for name, columns in NEW_TABLES.items():
        op.execute(f"create table {name} ({columns}){strict}")
    for name, columns in INDEXES.items():
        op.execute(f"create index {name} on {columns}")
    # Tries counted by login alone let anybody shut anybody out; they were kept for five minutes.
    op.execute("drop table sign_in_attempt")


def downgrade() -> None:
    raise NotImplementedError("Nothing accepted is ever lost: there is no way back.")
