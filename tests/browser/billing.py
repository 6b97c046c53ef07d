"""Accounts with charges for the browser: a purchase fee of 30.00 and usage for 6.00, on a bill that is made or not."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from tests.browser.conftest import Api

OFFER = {
    "code": "browser-minutes",
    "name": "Browser minutes",
    "kind": "CHARGE",
    "serviceKind": "internet",
    "purchaseFee": "30",
    "usageRate": "0.05",
    "usageUnit": "minute",
}
FOUND = """query ($number: String!) { account(number: $number) { bills { nodes {
  id number status items { nodes { id kind name events { nodes { id } } } } } } } }"""
PATIENCE_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Charged:
    """An account with its bill: ids of the bill, of the item of its usage, and of the charge for that; names as shown."""

    id: str
    number: str
    bill: str
    bill_number: str
    item: str
    item_name: str
    charge: str

    @property
    def item_path(self) -> str:
        """The page of the item."""
        return f"/bills/{self.bill_number}/items/{self.item}"


async def charged(api: Api, name: str, *, payer: str | None = None, **more: object) -> Charged:
    """Charges of this moment, on the bill of the running cycle of who pays: of `payer`, by its number, or itself."""
    document = (
        "mutation ($input: CreateOfferInput!) { createOffer(input: $input) { errors { code } } }"
    )
    made = await api.ask(document, input=OFFER)
    assert made["createOffer"]["errors"] in ([], [{"code": "TAKEN"}])
    account = await api.new_account(name, **more)
    bought = {
        "accountId": account["id"],
        "serviceId": account["service"],
        "offerCode": OFFER["code"],
    }
    document = "mutation ($input: PurchaseOfferInput!) { purchaseOffer(input: $input) { errors { message } } }"
    assert (await api.ask(document, input=bought))["purchaseOffer"]["errors"] == []
    await called(api, account["number"], minutes=120)
    return await _found(api, account, payer or account["number"])


async def called(api: Api, number: str, *, minutes: int) -> None:
    """Usage of an account of ours, at 0.05 a minute; of so many minutes once."""
    used = {
        "serviceKind": "internet",
        "login": f"net-{number}".lower(),
        "quantity": str(minutes),
        "unit": "minute",
    }
    line = {**used, "description": "Calls abroad", "reference": f"browser-{number}-{minutes}"}
    document = "mutation ($input: [RecordUsageInput!]!) { recordUsage(input: $input) { errors { message } } }"
    assert (await api.ask(document, input=[line]))["recordUsage"]["errors"] == []


async def billed(api: Api, name: str) -> Charged:
    """The same on a bill that is made: the clock goes forward by a day, then back."""
    tomorrow = (await api.now()) + timedelta(days=1)
    pending = await charged(api, name, billingDayOfMonth=tomorrow.day)
    await api.set_clock(tomorrow)
    # By hand: where another test has done the bill day of tomorrow, it is not started again by itself.
    await api.ask("mutation { startJob(input: { kind: BILL_DAY }) { jobRun { id } } }")
    for _ in range(PATIENCE_SECONDS * 4):
        answer = await api.ask("query ($id: ID!) { bill(id: $id) { status } }", id=pending.bill)
        if answer["bill"]["status"] == "OPEN":
            break
        await asyncio.sleep(0.25)
    else:
        raise AssertionError(f"Bill {pending.bill_number} was not made.")
    await api.return_to_real_time()
    return pending


async def disputed(api: Api, of: Charged, amount: str = "4") -> str:
    """The id of an open dispute of the item."""
    document = """mutation ($input: OpenDisputeInput!) {
      openDispute(input: $input) { dispute { id } errors { message } }
    }"""
    done = await api.ask(
        document, input={"itemId": of.item, "amount": amount, "reason": "Never called"}
    )
    assert done["openDispute"]["errors"] == []
    return str(done["openDispute"]["dispute"]["id"])


async def _found(api: Api, account: dict[str, str], payer: str) -> Charged:
    [bill] = (await api.ask(FOUND, number=payer))["account"]["bills"]["nodes"]
    [usage] = [item for item in bill["items"]["nodes"] if item["kind"] == "USAGE"]
    [charge] = usage["events"]["nodes"]
    return Charged(
        account["id"],
        account["number"],
        bill["id"],
        bill["number"],
        usage["id"],
        usage["name"],
        charge["id"],
    )
