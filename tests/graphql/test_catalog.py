"""Reading the catalog: narrowed to a kind, and searched."""

from tenure.catalog.actions import create_offer
from tenure.catalog.models import OfferKind
from tenure.kernel.unit import Runtime
from tests.conftest import ANA
from tests.graphql.caller import Caller


async def test_offers_by_kind_and_words(ask: Caller, runtime: Runtime) -> None:
    """Each word is found in code or name, in any case; wildcards of LIKE are plain characters."""
    async with runtime.unit(ANA) as unit:
        for code, name, kind in (
            ("FIBER-500", "Fiber 500", OfferKind.CHARGE),
            ("FIBER-OFF", "Ten % off Fiber", OfferKind.DISCOUNT),
            ("TV", "Television", OfferKind.CHARGE),
        ):
            await create_offer(unit, code=code, name=name, kind=kind)
    document = """query($search: String, $kind: [OfferKind!]) {
      offers(search: $search, kind: $kind) { totalCount nodes { code } }
    }"""

    async def codes(**given: object) -> list[str]:
        offers = (await ask(document, **given))["offers"]
        assert offers["totalCount"] == len(offers["nodes"])
        return [it["code"] for it in offers["nodes"]]

    assert await codes() == ["TV", "FIBER-OFF", "FIBER-500"]
    assert await codes(kind=["CHARGE"]) == ["TV", "FIBER-500"]
    assert await codes(search="fiber") == ["FIBER-OFF", "FIBER-500"]
    assert await codes(search=" OFF  ten ") == ["FIBER-OFF"]
    assert await codes(search="%") == ["FIBER-OFF"]
    assert await codes(search="fiber", kind=["DISCOUNT"]) == ["FIBER-OFF"]
    assert await codes(search="_") == []
    assert await codes(search=" ") == ["TV", "FIBER-OFF", "FIBER-500"]


async def test_offers_that_fit(ask: Caller, runtime: Runtime) -> None:
    """By currency, by the kind of service in any case, and those for accounts."""
    async with runtime.unit(ANA) as unit:
        for code, service_kind, currency in (
            ("NET", "internet", "USD"),
            ("NET-EUR", "internet", "EUR"),
            ("TV", "tv", "USD"),
            ("ALL", None, "USD"),
        ):
            await create_offer(
                unit,
                code=code,
                name=code,
                kind=OfferKind.CHARGE,
                service_kind=service_kind,
                currency=currency,
            )
    document = """query($currency: String, $serviceKind: String, $isForService: Boolean) {
      offers(currency: $currency, serviceKind: $serviceKind, isForService: $isForService) {
        nodes { code }
      }
    }"""

    async def codes(**given: object) -> list[str]:
        return [it["code"] for it in (await ask(document, **given))["offers"]["nodes"]]

    assert await codes() == ["ALL", "TV", "NET-EUR", "NET"]
    assert await codes(currency="EUR") == ["NET-EUR"]
    assert await codes(serviceKind="Internet") == ["NET-EUR", "NET"]
    assert await codes(serviceKind="INTERNET", currency="USD") == ["NET"]
    assert await codes(isForService=False) == ["ALL"]
    assert await codes(isForService=True) == ["TV", "NET-EUR", "NET"]
