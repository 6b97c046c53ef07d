"""Tables of job runs, their steps, totals and quarantined accounts, and of status change jobs."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from tenure.holds.models import Status
from tenure.kernel.db import UPDATED_IN_PLACE, Base
from tenure.kernel.errors import ErrorCode
from tenure.kernel.money import Millionths


class JobKind(StrEnum):
    """The kinds of job."""

    DEFERRED_ACTIONS = "DEFERRED_ACTIONS"
    BILL_DAY = "BILL_DAY"
    STATUS_CHANGE = "STATUS_CHANGE"
    IMPORT = "IMPORT"


# Jobs whose work is whatever is due: one run of a date does all of it (rules 4.10).
JOBS_OF_A_DATE = (JobKind.DEFERRED_ACTIONS, JobKind.BILL_DAY)


class JobRunStatus(StrEnum):
    """QUEUED and RUNNING are live; the others have ended."""

    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    DONE_WITH_FAILURES = "DONE_WITH_FAILURES"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


LIVE_OF_A_DATE = text(
    "status IN ('QUEUED', 'RUNNING') AND kind IN ('DEFERRED_ACTIONS', 'BILL_DAY')"
)


class JobRun(Base):
    """One run of a job for one business date.

    At most one of JOBS_OF_A_DATE is live for a kind and date (rules 4.10).

    `failed_attempts` counts how often a worker aborted the whole run for a fault that was not
    transient.
    """

    __tablename__ = "job_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[JobKind]
    status: Mapped[JobRunStatus]
    business_date: Mapped[date]
    step: Mapped[str | None] = mapped_column(String(64))
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str | None] = mapped_column(Text)
    requested_by: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    failed_attempts: Mapped[int] = mapped_column(default=0, server_default="0")

    __table_args__ = (
        Index(
            "uq_job_run_live",
            "kind",
            "business_date",
            unique=True,
            postgresql_where=LIVE_OF_A_DATE,
            sqlite_where=LIVE_OF_A_DATE,
        ),
        Index("ix_job_run_created_at_id", "created_at", "id"),
    )


class JobStep(Base):
    """A step of a run with its counts, over all dates that the run catches up on.

    `business_date` is the last date that the step was begun for, `place` its position in the order
    in which steps were last begun. It ends when the next one begins, or the run ends; nothing is
    written then.
    """

    __tablename__ = "job_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_run_id: Mapped[int] = mapped_column(ForeignKey("job_run.id"))
    name: Mapped[str] = mapped_column(String(64))
    business_date: Mapped[date]
    place: Mapped[int]
    started_at: Mapped[datetime]
    total: Mapped[int]
    done: Mapped[int]
    failed: Mapped[int]

    __table_args__ = (Index("uq_job_step_job_run_id_name", "job_run_id", "name", unique=True),)


class JobWorker(Base):
    """A process that works on a run (PostgreSQL). It reports every few seconds until it has ended.

    One that is killed or frozen stops reporting; `silence_logged` says that some process logged it.
    Times are those of the database server.
    """

    __tablename__ = "job_worker"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_run_id: Mapped[int] = mapped_column(ForeignKey("job_run.id"), index=True)
    name: Mapped[str] = mapped_column(String(255))
    reported_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    silence_logged: Mapped[bool] = mapped_column(default=False, server_default=false())


class JobTotalKind(StrEnum):
    """The kinds of total of a run."""

    BILLS_MADE = "BILLS_MADE"
    PAYMENTS_COLLECTED = "PAYMENTS_COLLECTED"
    PAYMENTS_FAILED = "PAYMENTS_FAILED"


class JobTotal(Base):
    """Count and sum of one kind in one currency, made by a run."""

    __tablename__ = "job_total"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_run_id: Mapped[int] = mapped_column(ForeignKey("job_run.id"))
    kind: Mapped[JobTotalKind]
    currency: Mapped[str] = mapped_column(String(3))
    count: Mapped[int]
    millions: Mapped[int] = mapped_column(BigInteger, default=0, server_default=text("0"))
    amount: Mapped[Decimal] = mapped_column(Millionths)

    __table_args__ = (
        Index(
            "uq_job_total_job_run_id_kind_currency", "job_run_id", "kind", "currency", unique=True
        ),
    )


class QuarantinedAccount(Base):
    """An account that failed in a step: this run skips it, the next one retries it (rules 6.5)."""

    __tablename__ = "quarantined_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_run_id: Mapped[int] = mapped_column(ForeignKey("job_run.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    step: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

    __table_args__ = (
        Index(
            "uq_quarantined_account_job_run_id_account_id", "job_run_id", "account_id", unique=True
        ),
    )


class StatusChangeJob(Base):
    """The change that a run of kind STATUS_CHANGE makes to each of its accounts.

    `cancelled_actions` counts the conflicting deferred actions that it has cancelled so far.
    """

    __tablename__ = "status_change_job"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_run_id: Mapped[int] = mapped_column(ForeignKey("job_run.id"), unique=True)
    to_status: Mapped[Status]
    reason: Mapped[str | None] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    defer_until: Mapped[datetime | None]
    backdate_to: Mapped[date | None]
    reactivate_on: Mapped[datetime | None]
    cancels_conflicts: Mapped[bool] = mapped_column(default=False, server_default=false())
    cancelled_actions: Mapped[int] = mapped_column(default=0, server_default=text("0"))


class StatusChangeResultStatus(StrEnum):
    """PENDING, or what the job did. UNCHANGED: the account had the status already (rules 2.2)."""

    PENDING = "PENDING"
    DONE = "DONE"
    UNCHANGED = "UNCHANGED"
    FAILED = "FAILED"


class StatusChangeResult(Base):
    """An account of a status change job, with the result.

    The accounts of a job never change. `level` is 0 for those whose status depends on no other
    account of the job; an account has a greater level than those that pay for it.
    """

    __tablename__ = "status_change_result"

    id: Mapped[int] = mapped_column(primary_key=True)
    job_run_id: Mapped[int] = mapped_column(ForeignKey("job_run.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    level: Mapped[int]
    status: Mapped[StatusChangeResultStatus]
    error_code: Mapped[ErrorCode | None]
    message: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_status_change_result_job_run_id_account_id",
            "job_run_id",
            "account_id",
            unique=True,
        ),
        Index("ix_status_change_result_job_run_id_status_id", "job_run_id", "status", "id"),
        Index(
            "ix_status_change_result_pending",
            "job_run_id",
            "level",
            "id",
            postgresql_where=text("status = 'PENDING'"),
            sqlite_where=text("status = 'PENDING'"),
        ),
        UPDATED_IN_PLACE,
    )
