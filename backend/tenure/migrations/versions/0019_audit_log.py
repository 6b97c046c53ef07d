"""The audit log replaces the table of changes that admins made.

It is not compatible: the previous program writes to `business_change`.
"""

import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None
backward_compatible = False

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
APPEND_ONLY = {
    "sqlite": [
        """CREATE TRIGGER audit_entry_not_changed BEFORE UPDATE ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'audit entries are append only'); END""",
        """CREATE TRIGGER audit_entry_not_deleted BEFORE DELETE ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'audit entries are append only'); END""",
    ],
    "postgresql": [
        """CREATE FUNCTION audit_entries_are_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'audit entries are append only'; END $$""",
        """CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry
        FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_are_append_only()""",
    ],
}
# The settings before the first change.
SETTINGS = {
    "time_zone": "UTC",
    "allow_active_service_with_inactive_account": False,
    "change_start_time_on_activation": True,
    "closed_login_prefix": None,
    "inactivate_after_days_past_due": 30,
    "payment_term_days": 30,
    "clock_set_to": None,
}


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor", sa.String(255), nullable=False),
        sa.Column("actor_key", sa.String(765), nullable=False),
        sa.Column("action", sa.String(24), nullable=False),
        sa.Column("summary", sa.String(1000), nullable=False),
        sa.Column("details", JSON, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entry"),
    )
    _copy_changes()
    op.create_index("ix_audit_entry_at_id", "audit_entry", ["at", "id"])
    op.create_index("ix_audit_entry_actor_key_at_id", "audit_entry", ["actor_key", "at", "id"])
    op.create_index("ix_audit_entry_action_at_id", "audit_entry", ["action", "at", "id"])
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)
    op.drop_table("business_change")


def downgrade() -> None:
    """The audit entries are lost."""
    op.create_table(
        "business_change",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor", sa.String(255), nullable=False),
        sa.Column("values", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_business_change"),
    )
    op.drop_table("audit_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entries_are_append_only")


def _copy_changes() -> None:
    changes = sa.table(
        "business_change",
        sa.column("id", IDENTIFIER),
        sa.column("at", INSTANT),
        sa.column("actor", sa.String),
        sa.column("values", JSON),
    )
    entries = sa.table(
        "audit_entry",
        sa.column("at", INSTANT),
        sa.column("actor", sa.String),
        sa.column("actor_key", sa.String),
        sa.column("action", sa.String),
        sa.column("summary", sa.String),
        sa.column("details", JSON),
    )
    connection = op.get_bind()
    settings: dict[str, Any] = dict(SETTINGS)
    found = connection.execute(sa.select(changes).order_by(changes.c.id)).all()
    for _, at, actor, values in found:
        action, summary, details = _entry(values, settings)
        row = {
            "at": at,
            "actor": actor,
            "actor_key": unicodedata.normalize("NFC", actor).casefold(),
            "action": action,
            "summary": summary[:1000],
        }
        # Without details the column is null, and not the null of JSON.
        connection.execute(
            entries.insert().values(row if details is None else row | {"details": details})
        )


def _entry(
    values: dict[str, Any], settings: dict[str, Any]
) -> tuple[str, str, dict[str, Any] | None]:
    """Action, summary and details of a change. `settings` are those before it, and are updated."""
    match values:
        case {"user_created": email, "role": role}:
            details = {"email": [None, email], "role": [None, role]}
            return "USER_CREATED", f"Created user {email} as {role}.", details
        case {"user_changed": email, **changed}:
            return "USER_CHANGED", f"Changed {', '.join(changed)} of {email}.", changed
        case {"password_of": email}:
            return "PASSWORD_CHANGED", f"Set a new password for {email}.", None
        case {"token_created": name, "role": role, **others}:
            expires = others.get("expires_at")
            details = {"name": [None, name], "role": [None, role], "expiresAt": [None, expires]}
            return "TOKEN_CREATED", f"Created token {name} as {role}.", details
        case {"token_revoked": name}:
            return "TOKEN_REVOKED", f"Revoked token {name}.", None
        case {"signed_in": email}:
            return "SIGNED_IN", f"{email} signed in.", None
        case {"signed_out": email}:
            return "SIGNED_OUT", f"{email} signed out.", None
        case {"clock_set_to": now}:
            details = {"clock": [settings["clock_set_to"], now]}
            settings["clock_set_to"] = now
            return "CLOCK_SET", f"Set the business clock to {now or 'real time'}.", details
    details = {_field_name(name): [settings.get(name), value] for name, value in values.items()}
    settings.update(values)
    names = ", ".join(name.replace("_", " ") for name in values)
    return "SETTINGS_CHANGED", f"Changed {names}.", details


def _field_name(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(part.capitalize() for part in others)
