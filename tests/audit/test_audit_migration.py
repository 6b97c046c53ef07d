"""Migration 0019: the changes that admins made become audit entries."""

import asyncio
import json
from pathlib import Path

import pytest
from alembic import command

from tenure.kernel.db import migrations_config
from tests.databases import new_database
from tests.identity.test_migration import executed

CHANGES = [
    {"user_created": "ben@example.com", "role": "AGENT"},
    {"user_changed": "ben@example.com", "role": ["AGENT", "VIEWER"]},
    {"password_of": "ben@example.com"},
    {"token_created": "Shop", "role": "VIEWER", "expires_at": "2027-01-01T00:00:00+00:00"},
    {"token_revoked": "Shop"},
    {"signed_in": "ben@example.com"},
    {"signed_out": "ben@example.com"},
    {"payment_term_days": 14, "closed_login_prefix": "#"},
    {"payment_term_days": 10},
    {"clock_set_to": "2026-12-01T00:00:00+00:00"},
    {"clock_set_to": None},
]
MIDNIGHT = "2026-12-01T00:00:00+00:00"
ENTRIES = [
    (
        "USER_CREATED",
        "Created user ben@example.com as AGENT.",
        {"email": [None, "ben@example.com"], "role": [None, "AGENT"]},
    ),
    ("USER_CHANGED", "Changed role of ben@example.com.", {"role": ["AGENT", "VIEWER"]}),
    ("PASSWORD_CHANGED", "Set a new password for ben@example.com.", None),
    (
        "TOKEN_CREATED",
        "Created token Shop as VIEWER.",
        {
            "name": [None, "Shop"],
            "role": [None, "VIEWER"],
            "expiresAt": [None, "2027-01-01T00:00:00+00:00"],
        },
    ),
    ("TOKEN_REVOKED", "Revoked token Shop.", None),
    ("SIGNED_IN", "ben@example.com signed in.", None),
    ("SIGNED_OUT", "ben@example.com signed out.", None),
    (
        "SETTINGS_CHANGED",
        "Changed payment term days, closed login prefix.",
        {"paymentTermDays": [30, 14], "closedLoginPrefix": [None, "#"]},
    ),
    ("SETTINGS_CHANGED", "Changed payment term days.", {"paymentTermDays": [14, 10]}),
    ("CLOCK_SET", f"Set the business clock to {MIDNIGHT}.", {"clock": [None, MIDNIGHT]}),
    ("CLOCK_SET", "Set the business clock to real time.", {"clock": [MIDNIGHT, None]}),
]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_changes_are_kept(kind: str, tmp_path: Path) -> None:
    """In their order, with actor and time; values before a change are those of the one before."""
    with new_database(kind, tmp_path) as url:
        command.upgrade(migrations_config(url), "0018")
        asyncio.run(executed(url, *map(insertion, CHANGES)))
        command.upgrade(migrations_config(url), "0019")
        columns = "at, actor, actor_key, action, summary, CAST(details AS text)"
        found = asyncio.run(executed(url, f"SELECT {columns} FROM audit_entry ORDER BY id"))
        assert {(str(at)[:19], actor, key) for at, actor, key, *_ in found} == {
            ("2026-01-01 00:00:00", "Ana@example.com", "ana@example.com")
        }
        entries = [
            (action, summary, None if details is None else json.loads(str(details)))
            for *_, action, summary, details in found
        ]
        assert entries == ENTRIES


def insertion(values: dict[str, object]) -> str:
    return (
        'INSERT INTO business_change (at, actor, "values") VALUES'
        f" ('2026-01-01 00:00:00', 'Ana@example.com', '{json.dumps(values)}')"
    )
