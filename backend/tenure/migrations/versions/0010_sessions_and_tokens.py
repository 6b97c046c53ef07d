"""Sessions as rows, the status of users and tokens, and counters of failed sign-ins."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
USER_COLUMNS = ("name", "status", "last_sign_in_at", "version")
TOKEN_COLUMNS = ("prefix", "created_by", "last_used_at", "revoked_at")


def upgrade() -> None:
    with op.batch_alter_table("user_account") as table:
        table.add_column(sa.Column("name", sa.String(255), nullable=True))
        table.add_column(
            sa.Column("status", sa.String(24), nullable=False, server_default="ACTIVE")
        )
        table.add_column(sa.Column("last_sign_in_at", INSTANT, nullable=True))
        table.add_column(sa.Column("version", IDENTIFIER, nullable=False, server_default="1"))
    with op.batch_alter_table("token") as table:
        # Only the digests of existing tokens are stored; every secret starts with this prefix.
        table.add_column(
            sa.Column("prefix", sa.String(16), nullable=False, server_default="tenure_")
        )
        table.add_column(
            sa.Column("created_by", sa.String(255), nullable=False, server_default="tenure")
        )
        table.add_column(sa.Column("last_used_at", INSTANT, nullable=True))
        table.add_column(sa.Column("revoked_at", INSTANT, nullable=True))
    _drop_defaults()
    _copy_creators()
    op.create_table(
        "user_session",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("user_id", IDENTIFIER, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("last_used_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_user_session_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_user_session"),
        sa.UniqueConstraint("digest", name="uq_user_session_digest"),
    )
    op.create_index("ix_user_session_user_id", "user_session", ["user_id"])
    op.create_table(
        "sign_in_limit",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("failures", IDENTIFIER, nullable=False),
        sa.Column("ends_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_sign_in_limit"),
    )
    op.create_index("ix_sign_in_limit_ends_at", "sign_in_limit", ["ends_at"])


def downgrade() -> None:
    op.drop_table("sign_in_limit")
    op.drop_table("user_session")
    # The previous version has neither revoked tokens nor disabled users. Neither may get access.
    op.execute("UPDATE token SET expires_at = revoked_at WHERE revoked_at IS NOT NULL")
    op.execute("UPDATE user_account SET password_hash = '' WHERE status = 'DISABLED'")
    for table, columns in (("token", TOKEN_COLUMNS), ("user_account", USER_COLUMNS)):
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.drop_column(column)


def _drop_defaults() -> None:
    """Drop the defaults, which were needed for existing rows only."""
    for table, columns in (
        ("user_account", ("status", "version")),
        ("token", ("prefix", "created_by")),
    ):
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.alter_column(column, server_default=None)


def _copy_creators() -> None:
    """Copy the creators of tokens from the change log."""
    changes = sa.table("business_change", sa.column("actor"), sa.column("values", sa.JSON))
    tokens = sa.table("token", sa.column("name"), sa.column("created_by"))
    connection = op.get_bind()
    for actor, values in connection.execute(sa.select(changes.c.actor, changes.c["values"])).all():
        if isinstance(values, dict) and "token_created" in values:
            connection.execute(
                tokens.update()
                .where(tokens.c.name == values["token_created"])
                .values(created_by=actor)
            )
