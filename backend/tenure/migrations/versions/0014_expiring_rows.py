"""Compressed answers of keyed requests, and indexes to find expired rows."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None
backward_compatible = True


def upgrade() -> None:
    op.add_column("keyed_request", sa.Column("compressed_answer", sa.LargeBinary(), nullable=True))
    op.create_index("ix_keyed_request_started_at", "keyed_request", ["started_at"])
    op.create_index("ix_user_session_created_at", "user_session", ["created_at"])


def downgrade() -> None:
    """Compressed answers are lost: a retry of their request is refused, not executed."""
    op.drop_index("ix_user_session_created_at", "user_session")
    op.drop_index("ix_keyed_request_started_at", "keyed_request")
    with op.batch_alter_table("keyed_request") as table:
        table.drop_column("compressed_answer")
