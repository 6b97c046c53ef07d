"""Positions of events in the order of their commits (PostgreSQL; SQLite uses the ids)."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

PENDING = "position IS NULL"

# A statement trigger, so that no action can omit it.
ON_POSTGRESQL = (
    "ALTER TABLE event ALTER transaction_id SET DEFAULT pg_current_xact_id()::text::bigint",
    """CREATE FUNCTION note_event_commit() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN
        INSERT INTO event_commit (transaction_id, first_event_id, last_event_id)
        SELECT transaction_id, min(id), max(id) FROM added
        WHERE transaction_id IS NOT NULL GROUP BY transaction_id
        ON CONFLICT (transaction_id) WHERE position IS NULL DO UPDATE SET
            first_event_id = least(event_commit.first_event_id, excluded.first_event_id),
            last_event_id = greatest(event_commit.last_event_id, excluded.last_event_id),
            written = excluded.written;
        RETURN NULL;
    END$$""",
    """CREATE TRIGGER event_commit_noted AFTER INSERT ON event
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION note_event_commit()""",
    # VOLATILE: each statement of the function sees what was committed before it, so also what the
    # previous holder of the lock has written. The lock is held only during the call.
    """CREATE FUNCTION assign_event_positions() RETURNS bigint LANGUAGE plpgsql VOLATILE AS
    $$DECLARE
        newest bigint;
    BEGIN
        IF EXISTS (SELECT FROM event_commit WHERE position IS NULL) THEN
            PERFORM pg_advisory_xact_lock(hashtext('tenure event positions'));
            SELECT coalesce(max(position), 0) INTO newest FROM event_commit;
            UPDATE event_commit SET position = newest + pending.place
            FROM (
                SELECT id, row_number() OVER (ORDER BY written) AS place
                FROM event_commit WHERE position IS NULL
            ) AS pending
            WHERE event_commit.id = pending.id;
        END IF;
        SELECT coalesce(max(position), 0) INTO newest FROM event_commit;
        RETURN newest;
    END$$""",
)


def upgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    identifier = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    # Existing events have none, because a column without a default rewrites no row.
    op.add_column("event", sa.Column("transaction_id", identifier, nullable=True))
    written = None
    if is_postgresql:
        op.execute("CREATE SEQUENCE event_commit_written_seq")
        written = sa.text("nextval('event_commit_written_seq')")
    op.create_table(
        "event_commit",
        sa.Column("id", identifier, nullable=False),
        sa.Column("transaction_id", identifier, nullable=False),
        sa.Column("first_event_id", identifier, nullable=False),
        sa.Column("last_event_id", identifier, nullable=False),
        sa.Column("written", identifier, nullable=False, server_default=written),
        sa.Column("position", identifier, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_commit")),
    )
    op.create_index("ix_event_commit_position", "event_commit", ["position"], unique=True)
    op.create_index("ix_event_commit_transaction_id", "event_commit", ["transaction_id"])
    op.create_index(
        "ix_event_commit_pending",
        "event_commit",
        ["transaction_id"],
        unique=True,
        postgresql_where=sa.text(PENDING),
        sqlite_where=sa.text(PENDING),
    )
    if is_postgresql:
        for statement in ON_POSTGRESQL:
            op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER event_commit_noted ON event")
        op.execute("DROP FUNCTION note_event_commit()")
        op.execute("DROP FUNCTION assign_event_positions()")
    op.drop_table("event_commit")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP SEQUENCE event_commit_written_seq")
    op.drop_column("event", "transaction_id")
