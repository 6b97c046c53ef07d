"""Reject inexact sums of money; fold kinds, logins and search terms by rules 3.1.

If the new folding makes logins equal, a service whose key was already folded keeps the key, or else
the oldest service gets it. The others get a key of the exact spelling (`assets.rules.exact_key`)
and are listed in the log.

A downgrade removes the triggers and constraints. Folded values remain, because the former spelling
is lost.
"""

import logging
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from tenure.assets.rules import exact_key
from tenure.kernel.text import kind_key, login_key, search_key

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

log = logging.getLogger("tenure.migrations")

ROWS = 5000
LONGEST_TERM = 255
# In millionths. A sum of two values within the limit never leaves the range of 64 bits.
LARGEST_BALANCE = 4_000_000_000_000_000_000
# The sum of the amounts of a bill or item must be less, so that no order of addition overflows.
LARGEST_TOGETHER = "9.0e18"
OF_BILL = (
    *("current_charges", "subordinate_charges", "adjusted", "paid", "held"),
    *("previous_balance", "payments", "adjustments", "disputed"),
)
OF_ITEM = ("total", "adjusted", "held", "passed")
BALANCE = f"typeof(NEW.balance) <> 'integer' OR abs(NEW.balance) > {LARGEST_BALANCE}"

SERVICE = sa.table(
    "service",
    *map(sa.column, ("id", "kind", "login", "login_key", "former_login", "former_login_key")),
)
OFFER = sa.table("offer", sa.column("id"), sa.column("service_kind"))
TERM = sa.table("search_term", sa.column("term"), sa.column("account_id"))


def upgrade() -> None:
    op.add_column(
        "job_total", sa.Column("millions", sa.BigInteger(), nullable=False, server_default="0")
    )
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        for statement in _triggers():
            op.execute(statement)
    else:
        within = f"balance BETWEEN -{LARGEST_BALANCE} AND {LARGEST_BALANCE}"
        op.execute(
            f"ALTER TABLE bill_unit ADD CONSTRAINT ck_bill_unit_balance CHECK ({within}) NOT VALID"
        )
        # A larger balance remains readable; its next change must bring it within the limit.
        validate = "ALTER TABLE bill_unit VALIDATE CONSTRAINT ck_bill_unit_balance"
        op.execute(f"DO $$ BEGIN {validate}; EXCEPTION WHEN check_violation THEN NULL; END $$")
    _fold_offers(connection)
    _fold_services(connection)
    _fold_search_terms(connection)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in (
            "bill_unit_exact",
            "bill_exact_new",
            "bill_exact",
            "bill_item_exact_new",
            "bill_item_exact",
        ):
            op.execute(f"DROP TRIGGER IF EXISTS {name}")
        op.execute("DROP TRIGGER IF EXISTS event_exact")
    else:
        op.execute("ALTER TABLE bill_unit DROP CONSTRAINT ck_bill_unit_balance")
    op.execute("ALTER TABLE job_total DROP COLUMN millions")


def _triggers() -> Iterator[str]:
    """Triggers for SQLite, which converts an integer that is too large to an inexact float."""
    refuse = "BEGIN SELECT RAISE(ABORT, 'amount out of range'); END"
    yield (
        "CREATE TRIGGER bill_unit_exact AFTER UPDATE OF balance ON bill_unit "
        f"WHEN {BALANCE} {refuse}"
    )
    yield (
        "CREATE TRIGGER event_exact AFTER INSERT ON event "
        f"WHEN typeof(NEW.amount) = 'real' {refuse}"
    )
    for table, columns in (("bill", OF_BILL), ("bill_item", OF_ITEM)):
        together = " + ".join(f"abs(NEW.{column} + 0.0)" for column in columns)
        when = f"WHEN {together} > {LARGEST_TOGETHER}"
        yield f"CREATE TRIGGER {table}_exact_new AFTER INSERT ON {table} {when} {refuse}"
        updated = ", ".join(columns)
        yield f"CREATE TRIGGER {table}_exact AFTER UPDATE OF {updated} ON {table} {when} {refuse}"


def _fold_offers(connection: sa.Connection) -> None:
    for offer_id, kind in connection.execute(
        sa.select(OFFER).where(OFFER.c.service_kind.is_not(None))
    ).all():
        if kind_key(kind) != kind:
            change = (
                OFFER.update()
                .where(OFFER.c.id == offer_id)
                .values(service_kind=kind_key(kind)[:64])
            )
            connection.execute(change)


def _fold_services(connection: sa.Connection) -> None:
    """Fold logins by id, so that the oldest of equal ones gets the folded key."""
    changed: list[dict[str, Any]] = []
    for row in _in_order(connection, sa.select(SERVICE), SERVICE.c.id):
        folded = {
            "kind": kind_key(row.kind)[:64],
            "login_key": _key(row.login, row.login_key),
            "former_login_key": _key(row.former_login, row.former_login_key),
        }
        if folded != {name: getattr(row, name) for name in folded}:
            changed.append({"of": row.id, "spelled": row, **folded})
    # Temporary keys, so that the new keys do not conflict with former ones.
    for row in changed:
        temporary_key = f"\x1e{row['of']}" if row["login_key"] else None
        connection.execute(
            SERVICE.update().where(SERVICE.c.id == row["of"]).values(login_key=temporary_key)
        )
    for row in changed:
        same = (
            SERVICE.c.kind == row["kind"],
            SERVICE.c.login_key == row["login_key"],
            SERVICE.c.id != row["of"],
        )
        key = row["login_key"]
        if key and connection.execute(sa.select(SERVICE.c.id).where(*same)).first() is not None:
            key = exact_key(row["spelled"].kind, row["spelled"].login)
            spelled = row["spelled"]
            log.warning(
                "Service %d: its login %r now belongs to another service. "
                "It is found by kind %r and this exact spelling.",
                row["of"],
                spelled.login,
                spelled.kind,
            )
        values = {
            "kind": row["kind"],
            "login_key": key,
            "former_login_key": row["former_login_key"],
        }
        connection.execute(SERVICE.update().where(SERVICE.c.id == row["of"]).values(values))


def _key(login: str | None, key: str | None) -> str | None:
    """The folded key. Logins without a visible character, and exact keys, remain unchanged."""
    if login is None or key is None or key.startswith("\x1f"):
        return key
    return login_key(login) or key


def _fold_search_terms(connection: sa.Connection) -> None:
    """Fold search terms that are not ASCII; the others are folded already."""
    former: list[tuple[str, int]] = []
    for start in _blocks(connection, TERM.c.account_id):
        some = sa.select(TERM).where(TERM.c.account_id.between(start, start + ROWS - 1))
        former += [
            (term, account_id)
            for term, account_id in connection.execute(some)
            if not term.isascii()
        ]
    for term, account_id in former:
        folded = search_key(term)[:LONGEST_TERM]
        if folded == term:
            continue
        this = (TERM.c.account_id == account_id, TERM.c.term == folded)
        if folded and connection.execute(sa.select(TERM).where(*this)).first() is None:
            connection.execute(TERM.insert().values(term=folded, account_id=account_id))
        connection.execute(
            TERM.delete().where(TERM.c.account_id == account_id, TERM.c.term == term)
        )


def _in_order(
    connection: sa.Connection, rows: sa.Select[Any], key: sa.ColumnClause[Any]
) -> Iterator[Any]:
    for start in _blocks(connection, key):
        yield from connection.execute(
            rows.where(key.between(start, start + ROWS - 1)).order_by(key)
        ).all()


def _blocks(connection: sa.Connection, key: sa.ColumnClause[Any]) -> Iterator[int]:
    """The first key of each block of ROWS keys, up to the largest key."""
    last = connection.execute(sa.select(sa.func.max(key))).scalar() or 0
    yield from range(0, last + 1, ROWS)
