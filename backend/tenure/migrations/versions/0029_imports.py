"""Uploaded files, their checks and imports."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None
backward_compatible = True

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
MILLIONTHS = sa.BigInteger()
COUNTS = (
    "line",
    "offset",
    "accounts",
    "existing",
    "rejected",
    "services",
    "purchases",
    "payment_methods",
    "contacts",
    "notes",
    "new_offers",
)


def upgrade() -> None:
    _create_files()
    op.create_table(
        "import_run",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("job_run_id", IDENTIFIER, nullable=False),
        sa.Column("import_file_id", IDENTIFIER, nullable=False),
        sa.Column("mode", sa.String(length=24), nullable=False),
        sa.Column("is_read", sa.Boolean(), nullable=False),
        *(sa.Column(name, IDENTIFIER, nullable=False) for name in COUNTS),
        sa.ForeignKeyConstraint(["job_run_id"], ["job_run.id"], name="fk_import_run_job_run_id"),
        sa.ForeignKeyConstraint(
            ["import_file_id"], ["import_file.id"], name="fk_import_run_import_file_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_import_run"),
    )
    op.create_index("uq_import_run_job_run_id", "import_run", ["job_run_id"], unique=True)
    op.create_index("ix_import_run_import_file_id", "import_run", ["import_file_id"])
    _create_list(
        "import_run_line",
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("line", IDENTIFIER, nullable=False),
        sa.Column("offset", IDENTIFIER, nullable=False),
        sa.Column("size", IDENTIFIER, nullable=False),
        sa.Column("number", sa.String(length=255), nullable=True),
        sa.Column("parent", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
    )
    op.create_index(
        "ix_import_run_line_import_run_id_state_line",
        "import_run_line",
        ["import_run_id", "state", "line"],
    )
    _create_checked()


def _create_files() -> None:
    op.create_table(
        "import_file",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("format", sa.String(length=24), nullable=False),
        sa.Column("size", IDENTIFIER, nullable=False),
        sa.Column("lines", IDENTIFIER, nullable=False),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.Column("uploaded_by", sa.String(length=255), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_import_file"),
    )
    op.create_index("ix_import_file_expires_at", "import_file", ["expires_at"])
    op.create_table(
        "import_file_part",
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("import_file_id", IDENTIFIER, nullable=False),
        sa.Column("place", IDENTIFIER, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_file_id"], ["import_file.id"], name="fk_import_file_part_import_file_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_import_file_part"),
    )
    op.create_index(
        "uq_import_file_part_import_file_id_place",
        "import_file_part",
        ["import_file_id", "place"],
        unique=True,
    )


def _create_list(table: str, *columns: sa.Column[object]) -> None:
    """A list of rows of an import run."""
    op.create_table(
        table,
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("import_run_id", IDENTIFIER, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["import_run_id"], ["import_run.id"], name=f"fk_{table}_import_run_id"
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )


def _create_checked() -> None:
    _create_list(
        "checked_account",
        sa.Column("line", IDENTIFIER, nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("rank", sa.String(length=24), nullable=True),
        sa.Column("parent", sa.String(length=64), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("billing_day", IDENTIFIER, nullable=False),
        sa.Column("next_bill_on", sa.Date(), nullable=False),
        sa.Column("services", IDENTIFIER, nullable=False),
        sa.Column("purchases", IDENTIFIER, nullable=False),
        sa.Column("payer_status", sa.String(length=24), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
    )
    _create_list(
        "checked_login",
        sa.Column("service_kind", sa.String(length=64), nullable=False),
        sa.Column("login_key", sa.String(length=1500), nullable=False),
    )
    _create_list(
        "checked_offer",
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("purchase_fee", MILLIONTHS, nullable=True),
        sa.Column("monthly_fee", MILLIONTHS, nullable=True),
        sa.Column("cancel_fee", MILLIONTHS, nullable=True),
    )
    for table, columns in (
        ("checked_account", ["number"]),
        ("checked_login", ["login_key", "service_kind"]),
        ("checked_offer", ["code"]),
    ):
        name = "_".join(["uq", table, "import_run_id", *columns])
        op.create_index(name, table, ["import_run_id", *columns], unique=True)
    op.create_index(
        "ix_checked_account_import_run_id_line", "checked_account", ["import_run_id", "line"]
    )


def downgrade() -> None:
    for table in (
        "checked_offer",
        "checked_login",
        "checked_account",
        "import_run_line",
        "import_run",
        "import_file_part",
        "import_file",
    ):
        op.drop_table(table)
