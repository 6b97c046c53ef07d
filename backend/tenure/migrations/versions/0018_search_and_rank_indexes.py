"""A search by prefix and a filter by rank read an index only."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None
backward_compatible = True


def upgrade() -> None:
    op.create_index("ix_search_term_account_id_term", "search_term", ["account_id", "term"])
    op.drop_index("ix_search_term_account_id", "search_term")
    op.create_index("ix_account_rank", "account", ["rank"])


def downgrade() -> None:
    op.drop_index("ix_account_rank", "account")
    op.create_index("ix_search_term_account_id", "search_term", ["account_id"])
    op.drop_index("ix_search_term_account_id_term", "search_term")
