"""Users can be linked to a subject of an OpenID Connect provider, by which they sign in."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None
backward_compatible = True


def upgrade() -> None:
    with op.batch_alter_table("user_account") as table:
        table.add_column(sa.Column("issuer", sa.String(255), nullable=True))
        table.add_column(sa.Column("subject", sa.String(255), nullable=True))
        table.create_unique_constraint("uq_user_account_issuer_subject", ["issuer", "subject"])
    op.add_column("user_session", sa.Column("issuer", sa.String(255), nullable=True))


def downgrade() -> None:
    op.drop_column("user_session", "issuer")
    with op.batch_alter_table("user_account") as table:
        table.drop_constraint("uq_user_account_issuer_subject", type_="unique")
        table.drop_column("subject")
        table.drop_column("issuer")
