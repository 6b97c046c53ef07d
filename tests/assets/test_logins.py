"""Which logins and kinds of service are the same (rules 3.1), everywhere they are compared."""

import pytest

from tenure.accounts.models import Account
from tenure.accounts.queries import matches_search
from tenure.assets.models import Service
from tenure.assets.rules import checked_login
from tenure.catalog.actions import create_offer
from tenure.catalog.models import Offer, OfferKind
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.text import login_key, search_key
from tenure.kernel.unit import Runtime
from tenure.purchases.actions import add_service
from tenure.purchases.rules import NewService
from tenure.usage.authorization.queries import authorize
from tests import builders
from tests.checks import refused, rows
from tests.conftest import ANA

SAME_AS_ADA = [
    "ADA",
    " ada ",
    "ａｄａ",
    "a\u200bda",
    "ada\u00ad",
    "\u200eada",
    "ada\ufe0f",
    "a\u2060da",
    "\U000e0041ada",
]


@pytest.mark.parametrize("login", SAME_AS_ADA)
async def test_logins_that_look_the_same_are_one(runtime: Runtime, login: str) -> None:
    """Rules 3.1: case, compatibility forms and invisible characters do not count, in no kind's
    spelling.
    """
    account = await _account(runtime)
    async with runtime.unit(ANA) as unit:
        service = (await add_service(unit, NewService(account, kind="Internet", login="ada"))).id
    async with refused(runtime, ErrorCode.TAKEN, "login"), runtime.unit(ANA) as unit:
        await add_service(unit, NewService(account, kind="internet ", login=login))
    answer = await authorize(runtime.database, service_kind="INTERNET", login=login)
    assert (answer.authorized, answer.service_id) == (True, service)


@pytest.mark.parametrize(
    "login", ["", "  ", "\u200b", "\u00ad\ufe0f", "a\nb", "a\x1bb", "a\u2028b"]
)
async def test_logins_that_are_refused(runtime: Runtime, login: str) -> None:
    """Rules 3.1: empty, without a visible character, with a line break or another control
    character.
    """
    account = await _account(runtime)
    async with refused(runtime, ErrorCode.INVALID, "login"), runtime.unit(ANA) as unit:
        await add_service(unit, NewService(account, kind="internet", login=login))


@pytest.mark.parametrize("name", ["a\nb", "a\r\nb", "a\tb", "a\x00b", "a\u2029b"])
async def test_names_hold_no_line_breaks(runtime: Runtime, name: str) -> None:
    """Rules 3.1: of accounts, bill units, services, offers."""
    async with refused(runtime, ErrorCode.INVALID, "name"), runtime.unit(ANA) as unit:
        await builders.account(unit, name)
    account = await _account(runtime)
    async with refused(runtime, ErrorCode.INVALID, "name"), runtime.unit(ANA) as unit:
        await add_service(unit, NewService(account, kind="internet", name=name))
    async with refused(runtime, ErrorCode.INVALID, "name"), runtime.unit(ANA) as unit:
        await create_offer(unit, code="x", name=name, kind=OfferKind.CHARGE)


async def test_an_offer_fits_a_service_of_its_kind_in_any_spelling(runtime: Runtime) -> None:
    """Rules 3.1: the kind of the offer is `TV`, that of the service `tv`."""
    account = await _account(runtime)
    async with runtime.unit(ANA) as unit:
        await create_offer(unit, code="tv", name="TV", kind=OfferKind.CHARGE, service_kind="TV ")
        await add_service(unit, NewService(account, kind="Tv", offer_codes=["tv"]))
    assert [(it.service_kind) for it in await rows(runtime, Offer)] == ["tv"]
    assert [(it.kind, it.name) for it in await rows(runtime, Service)] == [("tv", "Tv")]


@pytest.mark.parametrize(
    ("name", "found_by"),
    [
        ("Élodie Brûlé", "elodie"),
        ("Elodie", "Élodie"),
        ("Łukasz Żak", "lukasz zak"),
        ("Søren Ærø", "soren aero"),
        ("Straße", "strasse"),
        ("ＡＣＭＥ", "acme"),
        ("Ёлка", "елка"),
        ("Ngô Đình", "dinh"),
        ("E\u200blodie", "elodie"),
    ],
)
async def test_search_folds_accents(runtime: Runtime, name: str, found_by: str) -> None:
    async with runtime.unit(ANA) as unit:
        account = await builders.account(unit, name)
    async with runtime.database.reading() as session:
        statement = Account.__table__.select().with_only_columns(Account.id)
        assert list(await session.scalars(statement.where(matches_search(found_by)))) == [account]
        assert list(await session.scalars(statement.where(matches_search(name)))) == [account]


def test_folding_is_stable() -> None:
    """Rules 3.1: a folded text folds to itself, for every character."""
    for code in [*range(0xD800), *range(0xE000, 0x1FFFF), *range(0xE0000, 0xE1000)]:
        character = f"a{chr(code)}"
        assert login_key(login_key(character)) == login_key(character), hex(code)
        assert search_key(search_key(character)) == search_key(character), hex(code)


def test_a_login_whose_key_would_not_fit_an_index_is_refused() -> None:
    """One character of this login stands for eighteen."""
    with pytest.raises(TenureError) as refusal:
        checked_login("\ufdfa" * 200)
    assert refusal.value.code == ErrorCode.OUT_OF_RANGE
    assert checked_login("😀" * 255) == "😀" * 255


async def _account(runtime: Runtime) -> int:
    async with runtime.unit(ANA) as unit:
        return await builders.account(unit)
