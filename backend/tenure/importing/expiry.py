"""Deletes the content of expired files, and the lists of their runs, chunk by chunk."""

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from tenure.importing.models import (
    CheckedAccount,
    CheckedLogin,
    CheckedOffer,
    ImportFile,
    ImportFilePart,
    ImportRun,
    ImportRunLine,
)
from tenure.kernel.expiry import delete_expired
from tenure.kernel.unit import Unit


async def delete_expired_parts(unit: Unit, *, now: datetime) -> int:
    """Deletes parts of expired files, and returns their number."""
    files = select(ImportFile.id).where(ImportFile.expires_at <= now)
    is_expired = ImportFilePart.import_file_id.in_(files)
    return await delete_expired(unit, ImportFilePart, (ImportFilePart.id,), is_expired=is_expired)


async def delete_interrupted_uploads(unit: Unit, *, now: datetime) -> int:
    """Deletes files whose upload was interrupted, once their parts are deleted."""
    has_parts = select(ImportFilePart.id).where(ImportFilePart.import_file_id == ImportFile.id)
    is_expired = ImportFile.is_complete.is_(False) & (ImportFile.expires_at <= now)
    return await delete_expired(
        unit, ImportFile, (ImportFile.id,), is_expired=is_expired & ~has_parts.exists()
    )


async def delete_expired_lines(unit: Unit, *, now: datetime) -> int:
    """Deletes waiting and rejected lines of runs of expired files."""
    is_expired = _of_expired_file(ImportRunLine.import_run_id, now)
    return await delete_expired(unit, ImportRunLine, (ImportRunLine.id,), is_expired=is_expired)


async def delete_expired_accounts(unit: Unit, *, now: datetime) -> int:
    """Deletes the accounts that checks of expired files accepted."""
    is_expired = _of_expired_file(CheckedAccount.import_run_id, now)
    return await delete_expired(unit, CheckedAccount, (CheckedAccount.id,), is_expired=is_expired)


async def delete_expired_logins(unit: Unit, *, now: datetime) -> int:
    """Deletes the logins that checks of expired files reserved."""
    is_expired = _of_expired_file(CheckedLogin.import_run_id, now)
    return await delete_expired(unit, CheckedLogin, (CheckedLogin.id,), is_expired=is_expired)


async def delete_expired_offers(unit: Unit, *, now: datetime) -> int:
    """Deletes the offers that checks of expired files accepted."""
    is_expired = _of_expired_file(CheckedOffer.import_run_id, now)
    return await delete_expired(unit, CheckedOffer, (CheckedOffer.id,), is_expired=is_expired)


def _of_expired_file(
    import_run_id: InstrumentedAttribute[int], now: datetime
) -> ColumnElement[bool]:
    runs = select(ImportRun.id).join(ImportFile, ImportFile.id == ImportRun.import_file_id)
    return import_run_id.in_(runs.where(ImportFile.expires_at <= now))
