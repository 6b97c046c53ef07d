"""Sums of money that would not be exact are refused; kinds, logins and search terms are folded as rules 3.1 says.

Logins that the new folding makes equal stay usable: a service whose key was folded already keeps it, else the oldest one
gets it; the others get a key of the exact spelling (see `assets.rules.exact_key`) and are named in the log.

A downgrade takes back the refusals. Folded values stay: they were folded less before, and cannot be unfolded.
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
# The amounts of one bill or item add up to less than this, so that no order of adding them leaves that range.
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
        # A balance that is larger already stays readable, and has to come back within the limit with its next change.
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
    """SQLite turns a whole number that is too large into a float, which is no longer exact."""
    refuse = "BEGIN SELECT RAISE(ABORT, 'amount out of range'); END"
    yield f"CREATE TRIGGER bill_unit_exact AFTER UPDATE OF balance ON bill_unit WHEN {BALANCE} {refuse}"
    yield f"CREATE TRIGGER event_exact AFTER INSERT ON event WHEN typeof(NEW.amount) = 'real' {refuse}"
    for table, columns in (("bill", OF_BILL), ("bill_item", OF_ITEM)):
        together = " + ".join(f"abs(NEW.{column} + 0.0)" for column in columns)
        when = f"WHEN {together} > {LARGEST_TOGETHER}"
        yield f"CREATE TRIGGER {table}_exact_new AFTER INSERT ON {table} {when} {refuse}"
        yield f"CREATE TRIGGER {table}_exact AFTER UPDATE OF {', '.join(columns)} ON {table} {when} {refuse}"


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
    """By id, so that the oldest of those whose logins become equal gets the folded key."""
    changed: list[dict[str, Any]] = []
    for row in _in_order(connection, sa.select(SERVICE), SERVICE.c.id):
        folded = {
            "kind": kind_key(row.kind)[:64],
            "login_key": _key(row.login, row.login_key),
            "former_login_key": _key(row.former_login, row.former_login_key),
        }
        if folded != {name: getattr(row, name) for name in folded}:
            changed.append({"of": row.id, "spelled": row, **folded})
    # Until all are known, those that change are out of the way of each other.
    for row in changed:
        aside = f"\x1e{row['of']}" if row["login_key"] else None
        connection.execute(
            SERVICE.update().where(SERVICE.c.id == row["of"]).values(login_key=aside)
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
            words = "Service %d: its login %r is now another service's. It is found by kind %r and login in this spelling."
            log.warning(words, row["of"], spelled.login, spelled.kind)
        values = {
            "kind": row["kind"],
            "login_key": key,
            "former_login_key": row["former_login_key"],
        }
        connection.execute(SERVICE.update().where(SERVICE.c.id == row["of"]).values(values))


def _key(login: str | None, key: str | None) -> str | None:
    """The folded key. A login without any visible character keeps its own, as does what an earlier run set apart."""
    if login is None or key is None or key.startswith("\x1f"):
        return key
    return login_key(login) or key


def _fold_search_terms(connection: sa.Connection) -> None:
    """Terms of ASCII are folded already, which are nearly all of them."""
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
    """Where blocks of so many keys begin, up to the largest key."""
    last = connection.execute(sa.select(sa.func.max(key))).scalar() or 0
    yield from range(0, last + 1, ROWS)
