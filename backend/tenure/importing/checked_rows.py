"""What a check has accepted so far, so that its later lines are checked as if it were imported.

A check keeps this in the database instead of memory, so that the size of a file does not matter and
another worker can continue.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import insert, select

from tenure.catalog.models import Offer, OfferKind
from tenure.importing.checking import Draft, KnownAccount, KnownRows, logins_of
from tenure.importing.lines import AccountLine
from tenure.importing.models import CheckedAccount, CheckedLogin, CheckedOffer, ImportRun
from tenure.kernel.dialects import in_texts
from tenure.kernel.statistics import analyze, has_doubled
from tenure.kernel.text import login_key
from tenure.kernel.unit import Unit

# Fewer accounts are read whichever way PostgreSQL chooses.
ANALYZED_FROM = 500
FEES = ("purchase_fee", "monthly_fee", "cancel_fee")


async def add_checked_rows(
    unit: Unit, import_run_id: int, lines: Sequence[AccountLine], known: KnownRows
) -> None:
    """Adds the accounts, logins and offers to `known` that the run has accepted."""
    await _add_accounts(unit, import_run_id, lines, known)
    keys = {login_key(login) for line in lines for _, login in logins_of(line, None)}
    logins = select(CheckedLogin.service_kind, CheckedLogin.login_key).where(
        CheckedLogin.import_run_id == import_run_id, in_texts(CheckedLogin.login_key, keys)
    )
    for service_kind, key in await unit.session.execute(logins) if keys else ():
        known.logins.add((service_kind, key))
    codes = {offer.code for line in lines for offer in line.all_offers} - known.offers.keys()
    offers = select(CheckedOffer).where(
        CheckedOffer.import_run_id == import_run_id, in_texts(CheckedOffer.code, codes)
    )
    for offer in await unit.session.scalars(offers) if codes else ():
        fees = {name: getattr(offer, name) for name in FEES}
        known.offers[offer.code] = Offer(
            code=offer.code,
            name=offer.name,
            kind=OfferKind.CHARGE,
            currency=offer.currency,
            **fees,
        )


async def store_checked_rows(
    unit: Unit,
    run: ImportRun,
    accepted: Iterable[tuple[int, Draft]],
    offers: Iterable[Offer],
    closed_login_prefix: str | None,
) -> None:
    """Stores accepted lines with their line numbers, and the offers that they add.

    Updates the statistics of the tables whenever the run has twice as many accounts.
    """
    accounts, logins = [], []
    for number, draft in accepted:
        accounts.append({"import_run_id": run.id, **_account_row(number, draft)})
        logins += [
            {
                "import_run_id": run.id,
                "service_kind": service_kind,
                "login_key": login_key(login),
            }
            for service_kind, login in logins_of(draft.line, closed_login_prefix)
        ]
    columns = ("code", "name", "currency", *FEES)
    added = [
        {"import_run_id": run.id, **{name: getattr(offer, name) for name in columns}}
        for offer in offers
    ]
    for table, rows in (
        (CheckedAccount, accounts),
        (CheckedLogin, logins),
        (CheckedOffer, added),
    ):
        if rows:
            await unit.session.execute(insert(table).execution_options(render_nulls=True), rows)
    if has_doubled(run.accounts, run.accounts + len(accounts), first=ANALYZED_FROM):
        await analyze(unit.session, CheckedAccount, CheckedLogin, CheckedOffer)


async def _add_accounts(
    unit: Unit, import_run_id: int, lines: Sequence[AccountLine], known: KnownRows
) -> None:
    numbers = {line.number for line in lines}
    wanted = (numbers | {line.parent for line in lines if line.parent}) - known.accounts.keys()
    statement = select(CheckedAccount).where(
        CheckedAccount.import_run_id == import_run_id, in_texts(CheckedAccount.number, wanted)
    )
    for row in await unit.session.scalars(statement) if wanted else ():
        terms = (row.currency, row.billing_day, row.next_bill_on)
        payer = None if row.payer_status is None else KnownAccount(row.payer_status, *terms)
        known.accounts[row.number] = KnownAccount(row.status, *terms, payer=payer)
        if row.number in numbers:
            known.digests[row.number] = row.digest


def _account_row(number: int, draft: Draft) -> dict[str, object]:
    line, account = draft.line, draft.account
    return {
        "line": number,
        "number": line.number,
        "name": line.name,
        "status": line.status,
        "rank": line.rank,
        "parent": line.parent,
        "currency": account.currency,
        "billing_day": account.billing_day,
        "next_bill_on": account.next_bill_on,
        "services": len(line.services),
        "purchases": len(line.all_offers),
        "payer_status": account.payer.status if account.payer else None,
        "digest": draft.digest,
    }
