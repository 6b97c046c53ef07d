"""Search terms of telephone numbers, cards, and parts of words; roots of hierarchies."""

from collections import defaultdict
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from tenure.accounts.rules import card_term, login_terms, search_terms

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None
backward_compatible = True

INDEX = "ix_search_term_root"
IS_ROOT = sa.text("is_root")
ROWS = 1_000

ACCOUNT = sa.table("account", *map(sa.column, ("id", "number", "name", "email", "phone")))
SERVICE = sa.table("service", sa.column("account_id"), sa.column("login"))
METHOD = sa.table("payment_method", sa.column("account_id"), sa.column("last_four"))
TERM = sa.table("search_term", sa.column("term"), sa.column("account_id"))
ADD_TERM = sa.text(
    "INSERT INTO search_term (account_id, term) VALUES (:account_id, :term) ON CONFLICT DO NOTHING"
)
MARK_CHILDREN = sa.text(
    "UPDATE search_term SET is_root = false"
    " WHERE account_id IN (SELECT id FROM account WHERE parent_id IS NOT NULL)"
)


def upgrade() -> None:
    op.add_column(
        "search_term",
        sa.Column("is_root", sa.Boolean(), server_default=sa.true(), nullable=False),
    )
    connection = op.get_bind()
    for start in _blocks(connection):
        _add_terms(connection, start, start + ROWS - 1)
    connection.execute(MARK_CHILDREN)
    op.create_index(
        INDEX,
        "search_term",
        ["term", "account_id"],
        postgresql_where=IS_ROOT,
        sqlite_where=IS_ROOT,
    )


def downgrade() -> None:
    op.drop_index(INDEX, "search_term")
    op.drop_column("search_term", "is_root")
    connection = op.get_bind()
    connection.execute(TERM.delete().where(TERM.c.term < "\x03"))


def _add_terms(connection: sa.Connection, first: int, last: int) -> None:
    """Adds the terms of a block of accounts that they do not have yet."""
    terms: dict[int, set[str]] = defaultdict(set)
    accounts = sa.select(ACCOUNT).where(ACCOUNT.c.id.between(first, last))
    for account_id, number, name, email, phone in connection.execute(accounts):
        terms[account_id] |= search_terms(number=number, name=name, email=email, phone=phone)
    for table, value, terms_of in (
        (SERVICE, SERVICE.c.login, login_terms),
        (METHOD, METHOD.c.last_four, lambda last_four: {card_term(last_four)}),
    ):
        rows = sa.select(table.c.account_id, value).where(
            table.c.account_id.between(first, last), value.is_not(None)
        )
        for account_id, text in connection.execute(rows):
            terms[account_id] |= terms_of(text)
    new = [{"account_id": it, "term": term} for it, some in terms.items() for term in some]
    if new:
        connection.execute(ADD_TERM, new)


def _blocks(connection: sa.Connection) -> Iterator[int]:
    """The first id of each block of ROWS accounts."""
    last = connection.execute(sa.select(sa.func.max(ACCOUNT.c.id))).scalar() or 0
    yield from range(0, last + 1, ROWS)
