"""The existing rows that a chunk of lines refers to, by a fixed number of statements."""

from collections.abc import Sequence

from sqlalchemy import String, and_, func, select
from sqlalchemy.orm import aliased

from tenure.accounts.models import Account, BillUnit
from tenure.assets.models import Service
from tenure.catalog.models import Offer
from tenure.events.models import Event, EventKind
from tenure.importing.checking import CatalogOffer, ImportedAccount, KnownRows, logins_of
from tenure.importing.lines import AccountLine
from tenure.kernel.locks import for_no_key_update
from tenure.kernel.unit import Unit
from tenure.settings.queries import settings_of

# The key, in the details of an account's first event, of the digest of its line.
DIGEST = "line"


async def load_known_rows(unit: Unit, lines: Sequence[AccountLine]) -> KnownRows:
    """The accounts, logins and offers of the chunk.

    Locks the payers, so that none is closed meanwhile.
    """
    known = KnownRows(unit.today, settings_of(unit).closed_login_prefix)
    await _accounts(
        unit,
        known,
        {line.number for line in lines} | {line.parent for line in lines if line.parent},
    )
    await _digests(unit, known, {line.number for line in lines})
    await _logins(unit, known, {login for line in lines for _, login in logins_of(line, None)})
    parts = [line.offers for line in lines] + [
        service.offers for line in lines for service in line.services
    ]
    await _offers(unit, known, {offer.code for offers in parts for offer in offers})
    return known


async def _accounts(unit: Unit, known: KnownRows, numbers: set[str]) -> None:
    own = aliased(BillUnit)
    paying = aliased(BillUnit)
    payer = aliased(Account)
    statement = for_no_key_update(
        select(Account.number, Account.id, own, paying, payer)
        .join(own, and_(own.account_id == Account.id, own.is_default))
        .join(paying, paying.id == func.coalesce(own.paying_parent_id, own.id))
        .join(payer, payer.id == paying.account_id)
        .where(Account.number.in_(numbers))
        .order_by(payer.id),
        of=payer,
    ).execution_options(populate_existing=True)
    for (
        number,
        account_id,
        unit_of_account,
        unit_of_payer,
        paying_account,
    ) in await unit.session.execute(statement):
        payer_standing = _imported_account(paying_account, unit_of_payer)
        if unit_of_payer.id == unit_of_account.id:
            known.accounts[number] = payer_standing
        else:
            # Its own status does not matter to its children: its payer pays for them.
            known.accounts[number] = ImportedAccount(
                payer_standing.status,
                unit_of_account.currency,
                unit_of_account.billing_day_of_month,
                unit_of_account.next_bill_on,
                account_id,
                unit_of_account.id,
                payer_standing,
            )


async def _digests(unit: Unit, known: KnownRows, numbers: set[str]) -> None:
    """An account that was not imported has no digest, so no line is the same."""
    existing = {
        number: known.accounts[number].account_id for number in numbers & known.accounts.keys()
    }
    known.digests = dict.fromkeys(existing)
    statement = select(Event.account_id, Event.details[DIGEST].as_string()).where(
        Event.account_id.in_(existing.values()),
        Event.kind == EventKind.ACCOUNT_CHANGE,
        Event.details[DIGEST].as_string().is_not(None),
    )
    number_of = {account_id: number for number, account_id in existing.items()}
    for account_id, digest in await unit.session.execute(statement) if existing else ():
        known.digests[number_of[account_id]] = digest


async def _logins(unit: Unit, known: KnownRows, logins: set[str]) -> None:
    if logins:
        statement = select(Service.kind, Service.login_key.cast(String)).where(
            Service.login_key.in_(logins)
        )
        known.logins = {(kind, login) for kind, login in await unit.session.execute(statement)}


async def _offers(unit: Unit, known: KnownRows, codes: set[str]) -> None:
    if codes:
        for offer in await unit.session.scalars(select(Offer).where(Offer.code.in_(codes))):
            known.offers[offer.code] = CatalogOffer(
                offer.code,
                offer.name,
                offer.kind,
                offer.service_kind,
                offer.currency,
                offer.purchase_fee,
                offer.monthly_fee,
                offer.cancel_fee,
                offer.id,
            )


def _imported_account(account: Account, bill_unit: BillUnit) -> ImportedAccount:
    return ImportedAccount(
        account.status,
        bill_unit.currency,
        bill_unit.billing_day_of_month,
        bill_unit.next_bill_on,
        account.id,
        bill_unit.id,
    )
