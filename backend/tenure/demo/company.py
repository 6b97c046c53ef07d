"""A small company of about forty customers, built by the same verbs as everything, over its last three weeks."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from unicodedata import combining, normalize

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from tenure.accounts.actions import create
from tenure.accounts.models import Account
from tenure.accounts.queries import default_bill_unit
from tenure.catalog.actions import create_offer
from tenure.demo import people
from tenure.demo.days import ACTORS, BEN, FIRST_DAY, MAYA, PORTAL, Company
from tenure.demo.life import live
from tenure.demo.people import Customer
from tenure.hierarchy.actions import change_parent
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.unit import Workplace
from tenure.payers.actions import add_bill_unit, change_payer
from tenure.purchases.actions import add_service, purchase


async def is_empty(session: AsyncSession) -> bool:
    """True where there is no account yet."""
    return (await session.execute(select(Account.id).limit(1))).first() is None


async def build(workplace: Workplace, advance: Callable[[int], None] = lambda _: None) -> int:
    """Put the company into an empty database; answers with the number of its accounts. Raises NOT_ALLOWED."""
    async with workplace.unit(MAYA) as unit:
        if not await is_empty(unit.session):
            raise TenureError(ErrorCode.NOT_ALLOWED, "There are accounts already: the company needs an empty database.")
        company = Company(workplace, unit.now, advance)
    await _catalog(company)
    for place, customer in enumerate(_everyone()):
        await _arrive(company, customer, place)
    await _hierarchies(company)
    await live(company)
    return len(company.ids)


def _everyone() -> list[Customer]:
    companies = [people.HOTELS, *people.HOTELS_BELOW, people.SPA, people.LOGISTICS, *people.LOGISTICS_BELOW]
    companies += [people.LOGISTICS_ALONE, people.SCHOOLS, *people.SCHOOLS_BELOW, people.CITY]
    return [*companies, *people.PEOPLE]


async def _catalog(company: Company) -> None:
    async with company.unit(MAYA, FIRST_DAY + 1) as unit:
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


async def _arrive(company: Company, customer: Customer, place: int) -> None:
    """A customer comes, with services and offers. The billing day lies within the next nine, so that no bill is missed."""
    login = login_of(customer.name)
    async with company.unit(ACTORS[place % len(ACTORS)], FIRST_DAY - place * 0.35) as unit:
        account = await create(
            unit,
            name=customer.name,
            email=f"{login}@example.net",
            phone=f"+1 555 01{place:02}",
            rank=customer.rank,
            billing_day_of_month=(company.now + timedelta(days=1 + place % 9)).day,
            credit_limit=customer.credit_limit,
        )
        company.ids[customer.name] = account.id
        for plan in customer.services:
            codes = plan.split("+")
            kind = people.KINDS[codes[0]]
            name = people.SERVICE_NAMES[kind]
            await add_service(unit, account.id, kind=kind, name=name, login=login, offer_codes=codes)
        for code in customer.extras:
            await purchase(unit, account.id, offer_code=code)
    company.advance(1)


async def _hierarchies(company: Company) -> None:
    """Three: hotels that the head pays for, a forwarder with one branch of its own, schools that the city pays for."""
    ids = company.ids
    async with company.unit(MAYA, 5.5) as unit:
        for hotel in people.HOTELS_BELOW:
            await change_parent(unit, ids[hotel.name], parent_id=ids[people.HOTELS.name], parent_pays=True)
        await change_parent(unit, ids[people.SPA.name], parent_id=ids[people.HOTELS_BELOW[0].name], parent_pays=True)
    async with company.unit(BEN, 5.2) as unit:
        for branch in people.LOGISTICS_BELOW:
            await change_parent(unit, ids[branch.name], parent_id=ids[people.LOGISTICS.name], parent_pays=True)
        await change_parent(unit, ids[people.LOGISTICS_ALONE.name], parent_id=ids[people.LOGISTICS.name])
    async with company.unit(PORTAL, 5) as unit:
        city_id = (await default_bill_unit(unit, ids[people.CITY.name])).id
        for school in people.SCHOOLS_BELOW:
            await change_parent(unit, ids[school.name], parent_id=ids[people.SCHOOLS.name])
        for school in (people.SCHOOLS, *people.SCHOOLS_BELOW):
            own_id = (await default_bill_unit(unit, ids[school.name])).id
            await change_payer(unit, own_id, paying_parent_id=city_id, note="By the city's school budget")
    async with company.unit(MAYA, 4.8) as unit:
        studio = await default_bill_unit(unit, ids["Larkspur Studio"])
        await add_bill_unit(unit, ids["Priya Raman"], name="Work from home", paying_parent_id=studio.id)


def login_of(name: str) -> str:
    """A login as a person would have chosen it: letters and dots."""
    plain = "".join(letter for letter in normalize("NFKD", name) if not combining(letter)).replace("ı", "i")
    return ".".join("".join(filter(str.isalnum, word)) for word in plain.lower().split())


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
