"""The existing rows that a chunk of lines refers to, by a fixed number of statements."""

from collections.abc import Sequence

from sqlalchemy import and_, func, select
from sqlalchemy.orm import aliased

from tenure.accounts.models import Account, BillUnit
from tenure.assets.queries import logins_in_use
from tenure.catalog.queries import offers_by_code
from tenure.events.models import Event, EventKind
from tenure.importing.checking import KnownAccount, KnownRows, logins_of
from tenure.importing.lines import AccountLine
from tenure.kernel.dialects import in_texts
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
    reserved = [login for line in lines for login in logins_of(line, None)]
    known.logins = await logins_in_use(unit, reserved)
    codes = {offer.code for line in lines for offer in line.all_offers}
    known.offers = await offers_by_code(unit, codes)
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
        .where(in_texts(Account.number, numbers))
        .order_by(payer.id),
        of=payer,
    ).execution_options(populate_existing=True)
    for number, account_id, its_unit, payer_unit, paying_account in await unit.session.execute(
        statement
    ):
        known_payer = _known_account(paying_account, payer_unit)
        if payer_unit.id == its_unit.id:
            known.accounts[number] = known_payer
        else:
            # Its own status does not matter to its children: its payer pays for them.
            known.accounts[number] = KnownAccount(
                known_payer.status,
                its_unit.currency,
                its_unit.billing_day_of_month,
                its_unit.next_bill_on,
                account_id,
                its_unit.id,
                known_payer,
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


def _known_account(account: Account, bill_unit: BillUnit) -> KnownAccount:
    return KnownAccount(
        account.status,
        bill_unit.currency,
        bill_unit.billing_day_of_month,
        bill_unit.next_bill_on,
        account.id,
        bill_unit.id,
    )
