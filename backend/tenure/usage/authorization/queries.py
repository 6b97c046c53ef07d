"""Authorization of usage: one statement, built once."""

from decimal import Decimal
from typing import Any

from sqlalchemy import Row, ScalarSelect, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from tenure.accounts.models import Account, BillUnit
from tenure.assets.models import Service
from tenure.assets.rules import exact_key
from tenure.kernel.db import AnySelect, Database
from tenure.kernel.money import checked
from tenure.kernel.statements import read_row
from tenure.kernel.sums import exact_sum
from tenure.kernel.text import kind_key, login_key, optional_text
from tenure.policies.queries import installed
from tenure.policies.rules import AccountFacts, ServiceFacts
from tenure.usage.authorization.rules import (
    ZERO,
    Authorization,
    DenialReason,
    available_credit,
    denial_reason,
)

PAYING = aliased(BillUnit)
PAYER = aliased(Account)


def _balance(account_id: InstrumentedAttribute[int]) -> ScalarSelect[Decimal]:
    own = aliased(BillUnit)
    return select(exact_sum(own.balance)).where(own.account_id == account_id).scalar_subquery()


# Runs before every use of a service: one statement that reads no more rows than it needs.
AUTHORIZATION_QUERY: AnySelect = (
    select(
        Service.id,
        Service.kind,
        Service.name,
        Service.login,
        Service.status,
        Account.number,
        Account.name.label("account_name"),
        Account.status.label("account_status"),
        Account.rank,
        Account.currency,
        Account.credit_limit,
        _balance(Account.id).label("balance"),
        PAYER.credit_limit.label("payer_limit"),
        _balance(PAYER.id).label("payer_balance"),
    )
    .join(Account, Account.id == Service.account_id)
    .join(BillUnit, BillUnit.id == Service.bill_unit_id)
    .outerjoin(PAYING, PAYING.id == BillUnit.paying_parent_id)
    .outerjoin(PAYER, PAYER.id == PAYING.account_id)
    .where(
        Service.kind == bindparam("service_kind"),
        Service.login_key.in_([bindparam("login_key"), bindparam("exact_key")]),
    )
    .order_by(Service.login_key != bindparam("exact_key"))
    .limit(1)
)


async def authorize(
    database: Database, *, service_kind: str, login: str, amount: Decimal | None = None
) -> Authorization:
    """Whether this login may use its service now, for this amount (rules 7.5). Raises OUT_OF_RANGE
    below zero.

    Where another account pays for the service, both limits count: that of its own account for
    unbilled charges, that of the payer for what the payer owes.
    """
    wanted = checked(amount or ZERO, path=("amount",), least=ZERO)
    kind = optional_text(service_kind, path="service_kind") or ""
    used = optional_text(login, path="login") or ""
    key = {
        "service_kind": kind_key(kind),
        "login_key": login_key(used),
        "exact_key": exact_key(kind, used),
    }
    row = await read_row(database, AUTHORIZATION_QUERY, key)
    if row is None:
        return Authorization(authorized=False, denial=DenialReason.UNKNOWN_LOGIN)
    service = ServiceFacts(row.kind, row.name, row.login, row.status, account_facts(row))
    available = available_credit(
        [(row.credit_limit, row.balance), (row.payer_limit, row.payer_balance)]
    )
    reason: str | None = denial_reason(service, available, wanted)
    if reason is None and (answer := installed().authorize(service, wanted)) is not None:
        reason = answer.reason
    return Authorization(reason is None, reason, row.id, available, row.currency)


def account_facts(row: Row[Any]) -> AccountFacts:
    """The account of this row, as policy plug-ins get it."""
    rank = None if row.rank is None else str(row.rank)
    return AccountFacts(
        row.number, row.account_name, row.account_status, rank, row.currency, row.credit_limit
    )
