"""Creates accounts with a purchase fee of 30.00 and usage for 6.00, on a pending or a made bill."""

from dataclasses import dataclass
from datetime import timedelta

from tests.browser.conftest import Api
from tests.waiting import PATIENCE, wait_for

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


@dataclass(frozen=True, slots=True)
class ChargedAccount:
    """An account with its bill: ids of the bill, of the usage item and of its charge."""

    id: str
    number: str
    bill: str
    bill_number: str
    item: str
    item_name: str
    charge: str

    @property
    def item_path(self) -> str:
        """The path of the page of the item."""
        return f"/bills/{self.bill_number}/items/{self.item}"


async def account_with_charges(
    api: Api, name: str, *, payer: str | None = None, **more: object
) -> ChargedAccount:
    """An account with charges on its pending bill, or on that of the payer with this number."""
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
    document = """mutation ($input: PurchaseOfferInput!) {
      purchaseOffer(input: $input) { errors { message } }
    }"""
    assert (await api.ask(document, input=bought))["purchaseOffer"]["errors"] == []
    await record_usage(api, account["number"], minutes=120)
    return await _found(api, account, payer or account["number"])


async def record_usage(api: Api, number: str, *, minutes: int) -> None:
    """Record usage at 0.05 a minute. A second call with the same minutes is a duplicate."""
    used = {
        "serviceKind": "internet",
        "login": f"net-{number}".lower(),
        "quantity": str(minutes),
        "unit": "minute",
    }
    line = {**used, "description": "Calls abroad", "reference": f"browser-{number}-{minutes}"}
    document = """mutation ($input: [RecordUsageInput!]!) {
      recordUsage(input: $input) { errors { message } }
    }"""
    assert (await api.ask(document, input=[line]))["recordUsage"]["errors"] == []


async def account_with_bill(api: Api, name: str) -> ChargedAccount:
    """An account with charges on a made bill. Sets the clock a day ahead, then back."""
    tomorrow = (await api.now()) + timedelta(days=1)
    pending = await account_with_charges(api, name, billingDayOfMonth=tomorrow.day)
    await api.set_clock(tomorrow)
    # The scheduler does not repeat a bill day that another test has run.
    await api.ask("mutation { startJob(input: { kind: BILL_DAY }) { jobRun { id } } }")

    async def is_made() -> bool:
        answer = await api.ask("query ($id: ID!) { bill(id: $id) { status } }", id=pending.bill)
        return bool(answer["bill"]["status"] == "OPEN")

    await wait_for(is_made, PATIENCE, f"Bill {pending.bill_number} was not made.")
    await api.return_to_real_time()
    return pending


async def open_dispute(api: Api, account: ChargedAccount, amount: str = "4") -> str:
    """Open a dispute of the item; returns its id."""
    document = """mutation ($input: OpenDisputeInput!) {
      openDispute(input: $input) { dispute { id } errors { message } }
    }"""
    done = await api.ask(
        document, input={"itemId": account.item, "amount": amount, "reason": "Never called"}
    )
    assert done["openDispute"]["errors"] == []
    return str(done["openDispute"]["dispute"]["id"])


async def _found(api: Api, account: dict[str, str], payer: str) -> ChargedAccount:
    [bill] = (await api.ask(FOUND, number=payer))["account"]["bills"]["nodes"]
    [usage] = [item for item in bill["items"]["nodes"] if item["kind"] == "USAGE"]
    [charge] = usage["events"]["nodes"]
    return ChargedAccount(
        account["id"],
        account["number"],
        bill["id"],
        bill["number"],
        usage["id"],
        usage["name"],
        charge["id"],
    )
