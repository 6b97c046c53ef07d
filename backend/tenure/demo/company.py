"""A small company of about forty customers with months of history, built by the normal actions."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from tenure.accounts.actions import create_account
from tenure.accounts.models import Account
from tenure.accounts.queries import default_bill_unit
from tenure.accounts.rules import NewAccount
from tenure.catalog.actions import create_offer
from tenure.demo import people
from tenure.demo.money import money_moments, pay_by
from tenure.demo.people import EVERYONE, Customer
from tenure.demo.status_changes import recent_changes
from tenure.demo.timeline import ACTORS, MAYA, SCHEDULER, Company, Moment
from tenure.demo.usage import usage_reports
from tenure.hierarchy.parents.actions import change_parent
from tenure.hierarchy.payers.actions import add_bill_unit, change_payer
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.unit import Runtime, Unit
from tenure.overview.actions import store_figures
from tenure.purchases.actions import add_service, purchase_offer
from tenure.purchases.rules import NewPurchase, NewService
from tenure.settings.queries import settings_of

DAYS = int(people.OLDEST) + 1


async def is_empty(session: AsyncSession) -> bool:
    """True if there are no accounts."""
    return (await session.execute(select(Account.id).limit(1))).first() is None


async def build_company(runtime: Runtime, advance: Callable[[int], None] = lambda _: None) -> int:
    """Build the company in an empty database. Returns the number of accounts. Raises NOT_ALLOWED.

    `advance` is called with the number of DAYS that have passed.
    """
    async with runtime.unit(MAYA) as unit:
        if not await is_empty(unit.session):
            raise TenureError(
                ErrorCode.NOT_ALLOWED,
                "The demo company needs an empty database, but accounts exist.",
            )
        business = settings_of(unit)
    begins = business.today - timedelta(days=DAYS)
    company = Company(runtime, business.now, business.time_zone, begins, advance)
    await company.replay(
        [*_beginnings(), *usage_reports(), *money_moments(company), *recent_changes(company)]
    )
    # The scheduler does it once a day; the figures of the past months are shown at once.
    await runtime.run_in_unit(SCHEDULER, store_figures)
    return len(company.ids)


def _beginnings() -> list[Moment]:
    """The catalog, all customers, and one more bill unit."""
    arrivals = [
        Moment(
            people.joined_days_ago(customer),
            ACTORS[place % len(ACTORS)],
            partial(_add_customer, customer=customer),
        )
        for place, customer in enumerate(EVERYONE)
    ]
    return [
        Moment(DAYS - 0.5, MAYA, _catalog),
        *arrivals,
        Moment(103, MAYA, _work_from_home),
    ]


async def _catalog(_: Company, unit: Unit) -> None:
    for product in people.PRODUCTS:
        rate, of = product.usage or (None, None)
        await create_offer(
            unit,
            code=product.code,
            name=product.name,
            kind=product.kind,
            service_kind=product.service_kind,
            purchase_fee=_decimal(product.purchase_fee),
            monthly_fee=_decimal(product.monthly_fee),
            usage_rate=_decimal(rate),
            usage_unit=of,
            monthly_percent_off=_decimal(product.monthly_percent_off),
        )


async def _add_customer(company: Company, unit: Unit, *, customer: Customer) -> None:
    """Add a customer with a payer or a payment method, then services and offers."""
    place = EVERYONE.index(customer)
    login = customer.login
    account = await create_account(
        unit,
        NewAccount(
            name=customer.name,
            email=f"{login}@example.net",
            phone=f"+1 555 01{place:02}",
            rank=customer.rank,
            billing_day_of_month=(company.now - timedelta(days=customer.billed)).day,
            credit_limit=customer.credit_limit,
        ),
    )
    company.ids[customer.name] = account.id
    await _place_in_hierarchy(company, unit, customer)
    if customer.paid_by is None:
        await pay_by(company, unit, customer.name, people.payment_method_of(customer))
    for plan in customer.services:
        codes = plan.split("+")
        kind = people.KINDS[codes[0]]
        await add_service(
            unit,
            NewService(
                account.id,
                kind=kind,
                name=people.SERVICE_NAMES[kind],
                login=login,
                offer_codes=codes,
            ),
        )
    for code in customer.extras:
        await purchase_offer(unit, NewPurchase(account.id, offer_code=code))


async def _place_in_hierarchy(company: Company, unit: Unit, customer: Customer) -> None:
    """Add it to its parent, and set its payer."""
    account_id = company.ids[customer.name]
    if customer.parent is not None:
        is_payer = customer.parent == customer.paid_by
        await change_parent(
            unit, account_id, parent_id=company.ids[customer.parent], parent_pays=is_payer
        )
    if customer.paid_by not in (None, customer.parent):
        own = await default_bill_unit(unit, account_id)
        payer = await default_bill_unit(unit, company.ids[customer.paid_by])
        await change_payer(
            unit, own.id, paying_parent_id=payer.id, note="By the city's school budget"
        )


async def _work_from_home(company: Company, unit: Unit) -> None:
    """Priya's employer pays for one of her lines, and for nothing else of her account."""
    studio = await default_bill_unit(unit, company.ids["Larkspur Studio"])
    priya = company.ids["Priya Raman"]
    work = await add_bill_unit(unit, priya, name="Work from home", paying_parent_id=studio.id)
    await add_service(
        unit,
        NewService(
            priya,
            kind="internet",
            name="Internet for work",
            login="priya.raman.work",
            bill_unit_id=work.id,
            offer_codes=["FIBER-500"],
        ),
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
