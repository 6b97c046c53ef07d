"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
EVENT_SEQUENCE = sa.Sequence("event_id_seq")
STATUS_OF_HOLDS = (
    "CASE WHEN closed_holds <> 0 THEN 'CLOSED' "
    "WHEN inactive_holds <> 0 THEN 'INACTIVE' ELSE 'ACTIVE' END"
)

# Events are never changed or deleted (rules 2.14). The database rejects it.
APPEND_ONLY = {
    "sqlite": [
        """CREATE TRIGGER event_not_changed BEFORE UPDATE ON event
        BEGIN SELECT RAISE(ABORT, 'events are append only'); END""",
        """CREATE TRIGGER event_not_deleted BEFORE DELETE ON event
        BEGIN SELECT RAISE(ABORT, 'events are append only'); END""",
    ],
    "postgresql": [
        """CREATE FUNCTION events_are_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'events are append only'; END $$""",
        """CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON event
        FOR EACH STATEMENT EXECUTE FUNCTION events_are_append_only()""",
    ],
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE SEQUENCE event_id_seq")
    op.create_table(
        "account",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column(
            "name_key",
            sa.String(1024, collation="C").with_variant(sa.String(1024), "sqlite"),
            nullable=False,
        ),
        sa.Column("rank", sa.String(24), nullable=True),
        sa.Column("email", sa.String(length=255), nullable=True),
        sa.Column("phone", sa.String(length=64), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("credit_limit", sa.BigInteger(), nullable=True),
        sa.Column("parent_id", IDENTIFIER, nullable=True),
        sa.Column("inactive_holds", sa.SmallInteger(), nullable=False),
        sa.Column("closed_holds", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", IDENTIFIER, nullable=False),
        sa.Column(
            "status", sa.String(24), sa.Computed(STATUS_OF_HOLDS, persisted=True), nullable=False
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["account.id"], name="fk_account_parent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("number", name="uq_account_number"),
    )
    op.create_index("ix_account_created_at_id", "account", ["created_at", "id"], unique=False)
    op.create_index("ix_account_name_key_id", "account", ["name_key", "id"], unique=False)
    op.create_index("ix_account_parent_id", "account", ["parent_id"], unique=False)
    op.create_index("ix_account_status", "account", ["status"], unique=False)
    op.create_table(
        "business",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("allow_active_service_with_inactive_account", sa.Boolean(), nullable=False),
        sa.Column("change_start_time_on_activation", sa.Boolean(), nullable=False),
        sa.Column("closed_login_prefix", sa.String(length=64), nullable=True),
        sa.Column("inactivate_after_days_past_due", IDENTIFIER, nullable=False),
        sa.Column("payment_term_days", IDENTIFIER, nullable=False),
        sa.Column("clock_set_to", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_business"),
    )
    op.create_table(
        "business_change",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=255), nullable=False),
        sa.Column(
            "values", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name="pk_business_change"),
    )
    op.create_table(
        "event",
        sa.Column("id", IDENTIFIER, EVENT_SEQUENCE, nullable=False),
        sa.Column("change_id", IDENTIFIER, nullable=True),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("account_id", IDENTIFIER, nullable=False),
        sa.Column("service_id", IDENTIFIER, nullable=True),
        sa.Column("offer_id", IDENTIFIER, nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=True),
        sa.Column("unit", sa.String(length=32), nullable=True),
        sa.Column("rate", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("followed_id", IDENTIFIER, nullable=True),
        sa.Column("from_status", sa.String(24), nullable=True),
        sa.Column("to_status", sa.String(24), nullable=True),
        sa.Column("inactive_holds", sa.SmallInteger(), nullable=True),
        sa.Column("closed_holds", sa.SmallInteger(), nullable=True),
        sa.Column("cause", sa.SmallInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("actor", sa.String(length=255), nullable=False),
        sa.Column(
            "details", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True
        ),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
    )
    op.create_index(
        "ix_event_account_id_occurred_at_id",
        "event",
        ["account_id", "occurred_at", "id"],
        unique=False,
    )
    op.create_table(
        "job_run",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("business_date", sa.Date(), nullable=False),
        sa.Column("step", sa.String(length=64), nullable=True),
        sa.Column("total", IDENTIFIER, nullable=False),
        sa.Column("done", IDENTIFIER, nullable=False),
        sa.Column("failed", IDENTIFIER, nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("requested_by", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_job_run"),
    )
    op.create_index("ix_job_run_created_at_id", "job_run", ["created_at", "id"], unique=False)
    op.create_index(
        "uq_job_run_live",
        "job_run",
        ["kind", "business_date"],
        unique=True,
        postgresql_where=sa.text("status IN ('QUEUED', 'RUNNING')"),
        sqlite_where=sa.text("status IN ('QUEUED', 'RUNNING')"),
    )
    op.create_table(
        "keyed_request",
        sa.Column("caller", sa.String(length=255), nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("carried_out", sa.Boolean(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("media_type", sa.String(length=255), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("caller", "key", name="pk_keyed_request"),
    )
    op.create_table(
        "offer",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("service_kind", sa.String(length=64), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("purchase_fee", sa.BigInteger(), nullable=True),
        sa.Column("monthly_fee", sa.BigInteger(), nullable=True),
        sa.Column("cancel_fee", sa.BigInteger(), nullable=True),
        sa.Column("usage_rate", sa.BigInteger(), nullable=True),
        sa.Column("usage_unit", sa.String(length=32), nullable=True),
        sa.Column("monthly_percent_off", sa.BigInteger(), nullable=True),
        sa.Column("usage_percent_off", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_offer"),
        sa.UniqueConstraint("code", name="uq_offer_code"),
    )
    op.create_table(
        "token",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("role", sa.String(24), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_token"),
        sa.UniqueConstraint("digest", name="uq_token_digest"),
        sa.UniqueConstraint("name", name="uq_token_name"),
    )
    op.create_table(
        "user_account",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("email", sa.String(length=255), nullable=False),
        sa.Column("role", sa.String(24), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_user_account"),
        sa.UniqueConstraint("email", name="uq_user_account_email"),
    )
    op.create_table(
        "bill_unit",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("account_id", IDENTIFIER, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("billing_day_of_month", sa.SmallInteger(), nullable=False),
        sa.Column("next_bill_on", sa.Date(), nullable=False),
        sa.Column("paying_parent_id", IDENTIFIER, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_bill_unit_account_id"),
        sa.ForeignKeyConstraint(
            ["paying_parent_id"], ["bill_unit.id"], name="fk_bill_unit_paying_parent_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_bill_unit"),
    )
    op.create_index("ix_bill_unit_account_id", "bill_unit", ["account_id"], unique=False)
    op.create_index(
        "ix_bill_unit_paying_parent_id", "bill_unit", ["paying_parent_id"], unique=False
    )
    op.create_table(
        "payment_method",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("account_id", IDENTIFIER, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("token", sa.String(length=255), nullable=True),
        sa.Column("brand", sa.String(length=32), nullable=True),
        sa.Column("last_four", sa.String(length=4), nullable=True),
        sa.Column("expiration_month", sa.SmallInteger(), nullable=True),
        sa.Column("expiration_year", sa.SmallInteger(), nullable=True),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_payment_method_account_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_payment_method"),
    )
    op.create_index("ix_payment_method_account_id", "payment_method", ["account_id"], unique=False)
    op.create_table(
        "search_term",
        sa.Column(
            "term",
            sa.String(1024, collation="C").with_variant(sa.String(1024), "sqlite"),
            nullable=False,
        ),
        sa.Column("account_id", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_search_term_account_id"),
        sa.PrimaryKeyConstraint("term", "account_id", name="pk_search_term"),
    )
    op.create_index("ix_search_term_account_id", "search_term", ["account_id"], unique=False)
    op.create_table(
        "service",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("account_id", IDENTIFIER, nullable=False),
        sa.Column("bill_unit_id", IDENTIFIER, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("login", sa.String(length=512), nullable=True),
        sa.Column("login_key", sa.String(length=2048), nullable=True),
        sa.Column("former_login", sa.String(length=255), nullable=True),
        sa.Column("former_login_key", sa.String(length=1024), nullable=True),
        sa.Column("inactive_holds", sa.SmallInteger(), nullable=False),
        sa.Column("closed_holds", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", IDENTIFIER, nullable=False),
        sa.Column(
            "status", sa.String(24), sa.Computed(STATUS_OF_HOLDS, persisted=True), nullable=False
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_service_account_id"),
        sa.ForeignKeyConstraint(["bill_unit_id"], ["bill_unit.id"], name="fk_service_bill_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_service"),
    )
    op.create_index("ix_service_account_id_id", "service", ["account_id", "id"], unique=False)
    op.create_index("ix_service_bill_unit_id", "service", ["bill_unit_id"], unique=False)
    op.create_index("uq_service_kind_login_key", "service", ["kind", "login_key"], unique=True)
    op.create_table(
        "purchased_offer",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("account_id", IDENTIFIER, nullable=False),
        sa.Column("service_id", IDENTIFIER, nullable=True),
        sa.Column("bill_unit_id", IDENTIFIER, nullable=False),
        sa.Column("offer_id", IDENTIFIER, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("monthly_fee", sa.BigInteger(), nullable=True),
        sa.Column("purchase_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("usage_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cycle_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("inactive_holds", sa.SmallInteger(), nullable=False),
        sa.Column("closed_holds", sa.SmallInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", IDENTIFIER, nullable=False),
        sa.Column(
            "status", sa.String(24), sa.Computed(STATUS_OF_HOLDS, persisted=True), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_purchased_offer_account_id"
        ),
        sa.ForeignKeyConstraint(
            ["bill_unit_id"], ["bill_unit.id"], name="fk_purchased_offer_bill_unit_id"
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name="fk_purchased_offer_offer_id"),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name="fk_purchased_offer_service_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_purchased_offer"),
    )
    op.create_index(
        "ix_purchased_offer_account_id_service_id",
        "purchased_offer",
        ["account_id", "service_id"],
        unique=False,
    )
    op.create_index(
        "ix_purchased_offer_bill_unit_id", "purchased_offer", ["bill_unit_id"], unique=False
    )
    op.create_index("ix_purchased_offer_offer_id", "purchased_offer", ["offer_id"], unique=False)
    op.create_index(
        "ix_purchased_offer_service_id", "purchased_offer", ["service_id"], unique=False
    )
    op.create_table(
        "deferred_action",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("status", sa.String(24), nullable=False),
        sa.Column("account_id", IDENTIFIER, nullable=False),
        sa.Column("service_id", IDENTIFIER, nullable=True),
        sa.Column("offer_id", IDENTIFIER, nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("to_status", sa.String(24), nullable=True),
        sa.Column("login", sa.String(length=255), nullable=True),
        sa.Column("new_parent_id", IDENTIFIER, nullable=True),
        sa.Column("parent_pays", sa.Boolean(), nullable=False),
        sa.Column("children_stay", sa.Boolean(), nullable=False),
        sa.Column("scheduled_for", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_by", sa.String(length=255), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("executed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("job_run_id", IDENTIFIER, nullable=True),
        sa.Column("attempts", IDENTIFIER, nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("cancelled_by", sa.String(length=255), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", IDENTIFIER, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name="fk_deferred_action_account_id"
        ),
        sa.ForeignKeyConstraint(
            ["job_run_id"], ["job_run.id"], name="fk_deferred_action_job_run_id"
        ),
        sa.ForeignKeyConstraint(
            ["new_parent_id"], ["account.id"], name="fk_deferred_action_new_parent_id"
        ),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["purchased_offer.id"], name="fk_deferred_action_offer_id"
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["service.id"], name="fk_deferred_action_service_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_deferred_action"),
    )
    op.create_index(
        "ix_deferred_action_account_id_scheduled_for_id",
        "deferred_action",
        ["account_id", "scheduled_for", "id"],
        unique=False,
    )
    op.create_index(
        "ix_deferred_action_due", "deferred_action", ["status", "scheduled_for", "id"], unique=False
    )
    op.create_index(
        "ix_deferred_action_job_run_id", "deferred_action", ["job_run_id"], unique=False
    )
    op.create_index(
        "ix_deferred_action_scheduled_for_id",
        "deferred_action",
        ["scheduled_for", "id"],
        unique=False,
    )
    _keep_events()
    op.execute("INSERT INTO business VALUES (1, 'UTC', false, true, NULL, 30, 30, NULL)")


def _keep_events() -> None:
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for table in (
        "deferred_action",
        "purchased_offer",
        "service",
        "search_term",
        "payment_method",
        "bill_unit",
        "user_account",
        "token",
        "offer",
        "keyed_request",
        "job_run",
        "event",
        "business_change",
        "business",
        "account",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION events_are_append_only")
        op.execute("DROP SEQUENCE event_id_seq")
