"""Tables of uploaded files, of the runs that check or import them, and of what a check accepted.

Nothing here is business data. The content of a file, and the lists of its runs, are deleted when
the file expires; the runs with their counts stay.
"""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tenure.accounts.models import Rank
from tenure.holds.models import Status
from tenure.kernel.db import Base
from tenure.kernel.money import Millionths

LONGEST_FILE_NAME = 255


class ImportFormat(StrEnum):
    """The formats of an uploaded file."""

    JSON_LINES = "JSON_LINES"
    CSV = "CSV"


class ImportMode(StrEnum):
    """What a run does with the lines of a file."""

    CHECK = "CHECK"
    IMPORT = "IMPORT"


class LineState(StrEnum):
    """The state of a line that was not accepted when it was first read.

    WAITING lines come before their parents. A waiting line that was accepted later is SETTLED.
    """

    WAITING = "WAITING"
    SETTLED = "SETTLED"
    REJECTED = "REJECTED"


class ImportFile(Base):
    """An uploaded file. Its content is in parts of equal size; only the last one is shorter.

    It is complete when all parts are stored. Times are real.
    """

    __tablename__ = "import_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST_FILE_NAME))
    format: Mapped[ImportFormat]
    size: Mapped[int] = mapped_column(default=0)
    lines: Mapped[int] = mapped_column(default=0)
    is_complete: Mapped[bool] = mapped_column(default=False)
    uploaded_by: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    __table_args__ = (Index("ix_import_file_expires_at", "expires_at"),)


class ImportFilePart(Base):
    """A part of the content of a file. `place` counts from 0."""

    __tablename__ = "import_file_part"

    id: Mapped[int] = mapped_column(primary_key=True)
    import_file_id: Mapped[int] = mapped_column(ForeignKey("import_file.id"))
    place: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (
        Index("uq_import_file_part_import_file_id_place", "import_file_id", "place", unique=True),
    )


class ImportRun(Base):
    """What a job run does with a file, how far it has read, and what it has counted.

    `line` and `offset` are the start of the next record; 0 before the first one was read. The
    counts of objects are those of accepted lines.
    """

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_run_id: Mapped[int] = mapped_column(ForeignKey("job_run.id"))
    import_file_id: Mapped[int] = mapped_column(ForeignKey("import_file.id"), index=True)
    mode: Mapped[ImportMode]
    line: Mapped[int] = mapped_column(default=0)
    offset: Mapped[int] = mapped_column(default=0)
    is_read: Mapped[bool] = mapped_column(default=False)
    accounts: Mapped[int] = mapped_column(default=0)
    existing: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    services: Mapped[int] = mapped_column(default=0)
    purchases: Mapped[int] = mapped_column(default=0)
    payment_methods: Mapped[int] = mapped_column(default=0)
    contacts: Mapped[int] = mapped_column(default=0)
    notes: Mapped[int] = mapped_column(default=0)
    new_offers: Mapped[int] = mapped_column(default=0)

    __table_args__ = (Index("uq_import_run_job_run_id", "job_run_id", unique=True),)


class ImportRunLine(Base):
    """A line that waits for its parent, or is rejected with a reason.

    Its record is `size` bytes from `offset` on. `number` is that of the account, if it can be read.
    """

    __tablename__ = "import_run_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    import_run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"))
    state: Mapped[LineState]
    line: Mapped[int]
    offset: Mapped[int]
    size: Mapped[int]
    number: Mapped[str | None] = mapped_column(String(255))
    parent: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index("ix_import_run_line_import_run_id_state_line", "import_run_id", "state", "line"),
    )


class CheckedAccount(Base):
    """An account that a check accepted, with what the lines of its children need to know of it.

    `payer_status` is the status of the account that pays for it; null if it pays for itself. The
    currency and the days are those of the payer in any case.
    """

    __tablename__ = "checked_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    import_run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"))
    line: Mapped[int]
    number: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(255))
    status: Mapped[Status]
    rank: Mapped[Rank | None]
    parent: Mapped[str | None] = mapped_column(String(64))
    currency: Mapped[str] = mapped_column(String(3))
    billing_day: Mapped[int]
    next_bill_on: Mapped[date]
    services: Mapped[int]
    purchases: Mapped[int]
    payer_status: Mapped[Status | None]
    digest: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        Index("uq_checked_account_import_run_id_number", "import_run_id", "number", unique=True),
        Index("ix_checked_account_import_run_id_line", "import_run_id", "line"),
    )


class CheckedLogin(Base):
    """A login that an accepted line of a check reserves."""

    __tablename__ = "checked_login"

    id: Mapped[int] = mapped_column(primary_key=True)
    import_run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"))
    service_kind: Mapped[str] = mapped_column(String(64))
    login_key: Mapped[str] = mapped_column(String(1500))

    __table_args__ = (
        Index(
            "uq_checked_login_import_run_id_login_key_service_kind",
            "import_run_id",
            "login_key",
            "service_kind",
            unique=True,
        ),
    )


class CheckedOffer(Base):
    """An offer that an accepted line of a check adds to the catalog."""

    __tablename__ = "checked_offer"

    id: Mapped[int] = mapped_column(primary_key=True)
    import_run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"))
    code: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(255))
    currency: Mapped[str] = mapped_column(String(3))
    purchase_fee: Mapped[Decimal | None] = mapped_column(Millionths)
    monthly_fee: Mapped[Decimal | None] = mapped_column(Millionths)
    cancel_fee: Mapped[Decimal | None] = mapped_column(Millionths)

    __table_args__ = (
        Index("uq_checked_offer_import_run_id_code", "import_run_id", "code", unique=True),
    )
