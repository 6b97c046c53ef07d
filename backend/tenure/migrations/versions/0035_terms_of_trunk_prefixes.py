"""Search terms of telephone numbers with a zero in parentheses, such as +49 (0)30 901820."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from tenure.accounts.rules import phone_terms

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None
backward_compatible = True

ADD_TERM = sa.text(
    "INSERT INTO search_term (account_id, term, is_root)"
    " SELECT id, :term, parent_id IS NULL FROM account WHERE id = :account_id"
    " ON CONFLICT DO NOTHING"
)
NUMBERS = (
    "SELECT id, phone FROM account WHERE phone LIKE '%(0)%'",
    "SELECT account_id, phone FROM contact WHERE phone LIKE '%(0)%'",
    "SELECT account_id, login FROM service WHERE login LIKE '%(0)%'",
)


def upgrade() -> None:
    connection = op.get_bind()
    if terms := list(_terms(connection)):
        connection.execute(ADD_TERM, terms)


def downgrade() -> None:
    """The terms are harmless."""


def _terms(connection: sa.Connection) -> Iterator[dict[str, object]]:
    for numbers in NUMBERS:
        for account_id, number in connection.execute(sa.text(numbers)):
            for term in sorted(phone_terms(number)):
                yield {"account_id": account_id, "term": term}
