"""A client that sends mutations of every kind, with and without keys, and what it was answered."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeAlias

import httpx

from tests.conftest import NOON

Input: TypeAlias = Mapping[str, object]
CUSTOMERS = ("Ada", "Bob")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ref:
    """The id in the answer to an earlier step of this name."""

    name: str


@dataclass(frozen=True, slots=True)
class Secret:
    """The secret in the answer to an earlier step of this name."""

    name: str


@dataclass(frozen=True, slots=True)
class Step:
    """One mutation. `shows` is the field of its payload whose id is executed under `name`.

    The answer to a mutation `of_secret` is not stored, so that it is sent without a key. The client
    keeps the secret under the same name, and never prints it.
    """

    mutation: str
    given: Any
    shows: str = ""
    name: str = ""
    of_secret: str = ""


@dataclass(slots=True)
class Client:
    """Sends steps to the endpoint. `luck` chooses keys, and which requests are repeated."""

    http: httpx.AsyncClient
    rng: random.Random
    ids: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict, repr=False)
    keys: int = 0

    async def send(self, step: Step) -> list[dict[str, object]]:
        """Send it and return the errors of its payload. A key sent again gets the same answer."""
        body = {"query": _document(step), "variables": {"input": self._resolved(step.given)}}
        headers = {}
        if self.rng.random() < 0.5 and not step.of_secret:
            self.keys += 1
            headers = {"idempotency-key": f"key {self.keys}"}
        answer = await self.http.post("/", json=body, headers=headers)
        if headers and self.rng.random() < 0.5:
            again = await self.http.post("/", json=body, headers=headers)
            assert (again.content, again.headers["idempotency-replayed"]) == (
                answer.content,
                "true",
            )
        assert "errors" not in answer.json(), (step, answer.text)
        payload: dict[str, Any] = answer.json()["data"][step.mutation]
        if step.of_secret:
            self.secrets[step.name] = payload[step.of_secret]
        shown = payload.get(step.shows)
        for found in shown if isinstance(shown, list) else [shown] * bool(shown):
            self.ids[step.name] = found["id"]
        return list(payload["errors"])

    def _resolved(self, given: Any) -> Any:
        if isinstance(given, Ref):
            return self.ids.get(given.name, "nothing")
        if isinstance(given, Secret):
            return self.secrets[given.name]
        if isinstance(given, Mapping):
            return {name: self._resolved(value) for name, value in given.items()}
        return [self._resolved(value) for value in given] if isinstance(given, list) else given


def _document(step: Step) -> str:
    kinds = {
        "setDefaultPaymentMethod": ("ID!", "paymentMethodId"),
        "cancelJob": ("ID!", "jobRunId"),
        "removeContact": ("ID!", "contactId"),
        "deleteNote": ("ID!", "noteId"),
        "revokeToken": ("ID!", "tokenId"),
        "deleteWebhook": ("ID!", "webhookId"),
        "testWebhook": ("ID!", "webhookId"),
        "redeliverWebhook": ("ID!", "deliveryId"),
        "recordUsage": ("[RecordUsageInput!]!", "input"),
        "adjust": ("AdjustInput!", "input"),
        "runDeferredActions": ("DeferredActionsInput!", "input"),
        "cancelDeferredActions": ("DeferredActionsInput!", "input"),
    }
    kind, argument = kinds.get(
        step.mutation, (f"{step.mutation[0].upper()}{step.mutation[1:]}Input!", "input")
    )
    shown = f"{step.shows} {{ id }} " if step.shows else ""
    shown += f"{step.of_secret} " if step.of_secret else ""
    return (
        f"mutation($input: {kind}) {{ {step.mutation}({argument}: $input) "
        f"{{ {shown}errors {{ code message path }} }} }}"
    )


def opening() -> Iterator[Step]:
    """The catalog, two customers, and each mutation that is sent once."""
    flat = {
        "code": "flat",
        "name": "Flat",
        "kind": "CHARGE",
        "monthlyFee": "30",
        "purchaseFee": "5",
        "cancelFee": "2",
    }
    yield Step("createOffer", {**flat, "usageRate": "0.1", "usageUnit": "MB"}, "offer", "flat")
    rebate = {"code": "less", "name": "Less", "kind": "DISCOUNT", "monthlyPercentOff": "10"}
    yield Step("createOffer", rebate, "offer", "less")
    for customer in CUSTOMERS:
        yield from _customer(customer)
    unit = {"accountId": Ref("Bob"), "name": "Second", "billingDayOfMonth": 12}
    yield Step("addBillUnit", unit, "billUnit", "unit")
    yield Step("addBillUnit", {**unit, "name": "Third"}, "billUnit", "third")
    yield Step(
        "changePayer",
        {"billUnitId": Ref("third"), "payingParentId": Ref("unit")},
        "billUnit",
        "third",
    )
    below = {"accountId": Ref("Bob"), "parentId": Ref("Ada"), "parentPays": True}
    yield Step("changeHierarchy", below, "account", "Bob")
    yield Step("updateSettings", {"closedLoginPrefix": "#CLOSED#", "paymentTermDays": 14})
    moved = {"code": "moved", "label": "Moved away", "appliesTo": ["CLOSED"]}
    yield Step("createReason", moved, "reason", "reason")
    yield Step("updateReason", {"reasonId": Ref("reason"), "isRetired": True}, "reason", "reason")
    yield from _people()
    yield Step("startJob", {"kind": "DEFERRED_ACTIONS"}, "jobRun", "run")
    yield Step("cancelJob", Ref("run"), "jobRun", "run")
    changed = {"accountIds": [Ref("Ada"), Ref("Bob")], "status": "ACTIVE"}
    yield Step("startStatusChangeJob", changed, "jobRun", "changes")
    yield Step("cancelJob", Ref("changes"), "jobRun", "changes")


def access() -> Iterator[Step]:
    """Users, tokens and a webhook. Ana is the one who sends the mutations."""
    ana, ben = (
        Step("createUser", _user(name), "user", name, "password") for name in ("ana", "ben")
    )
    yield from (ana, ben)
    own = {"currentPassword": Secret("ana"), "newPassword": "correct horse 7"}
    yield Step("changePassword", own)
    user = {"userId": Ref("ben")}
    yield Step("updateUser", {**user, "role": "AGENT", "name": "Benjamin"}, "user", "ben")
    yield Step("resetPassword", user, "user", "ben", "password")
    yield Step("endSessions", user)
    token = {"name": "Shop", "role": "AGENT", "expiresInDays": 0}
    yield Step("createToken", token, "token", "shop", "secret")
    yield Step("revokeToken", Ref("shop"), "token", "shop")
    url = {"url": "https://webhook.invalid/"}
    yield Step("createWebhook", url, "webhook", "webhook", "secret")
    webhook = {"webhookId": Ref("webhook")}
    rotated = {**webhook, "rotateSecret": True, "description": "Shop"}
    yield Step("updateWebhook", rotated, "webhook", "webhook", "secret")
    renamed = {"accountId": Ref("Ada"), "name": "Adele"}
    yield Step("updateAccount", renamed, "account", "Ada")
    yield Step("redeliverWebhook", Ref("delivery"), "delivery", "delivery")
    yield Step("updateWebhook", {**webhook, "status": "PAUSED"}, "webhook", "webhook")
    yield Step("testWebhook", Ref("webhook"))
    yield Step("deleteWebhook", Ref("webhook"), "webhook", "webhook")


def _people() -> Iterator[Step]:
    """Contacts of a customer and notes about it."""
    owner = {"accountId": Ref("Ada")}
    for name in ("Eve", "Max"):
        person = {"kind": "BILLING", "name": name, "isPrimary": True}
        yield Step("addContact", {**owner, **person}, "contact", name)
    eve = {"contactId": Ref("Eve"), "isPrimary": True, "city": "Porto", "country": "PT"}
    yield Step("updateContact", eve, "contact", "Eve")
    yield Step("removeContact", Ref("Max"), "account", "Ada")
    for name in ("call", "visit"):
        yield Step("addNote", {**owner, "text": f"A {name}"}, "note", name)
    pinned = {"noteId": Ref("call"), "isPinned": True}
    yield Step("updateNote", pinned, "note", "call")
    yield Step("deleteNote", Ref("visit"), "account", "Ada")


def _user(name: str) -> Input:
    return {"email": f"{name}@example.com", "role": "ADMIN"}


def _customer(name: str) -> Iterator[Step]:
    owner = {"accountId": Ref(name)}
    yield Step(
        "createAccount",
        {"number": f"N-{name}", "name": name, "creditLimit": "500"},
        "account",
        name,
    )
    yield Step("updateAccount", {**owner, "rank": "GOLD"}, "account", name)
    line = {"kind": "internet", "login": name.lower(), "offerCodes": ["flat"]}
    yield Step("addService", {**owner, **line}, "service", f"{name}'s line")
    bought = {"serviceId": Ref(f"{name}'s line"), "offerCode": "less"}
    yield Step("purchaseOffer", {**owner, **bought}, "offer", f"{name}'s discount")
    for token in ("tok_ok", "tok_insufficient_funds"):
        card = {"token": token, "lastFour": "4242", "expirationMonth": 1, "expirationYear": 2098}
        method = {**owner, "kind": "CREDIT_CARD", **card}
        yield Step("addPaymentMethod", method, "paymentMethod", f"{name}'s {token}")
    expiration = {
        "paymentMethodId": Ref(f"{name}'s tok_ok"),
        "expirationMonth": 2,
        "expirationYear": 2099,
    }
    yield Step("updateCardExpiration", expiration)
    yield Step("setDefaultPaymentMethod", Ref(f"{name}'s tok_ok"))


def month(rng: random.Random, number: int) -> Iterator[Step]:
    """The steps of one month in random order: money and status changes, now and later."""
    now = NOON + 31 * number * DAY
    steps = [step for name in CUSTOMERS for step in _deeds(rng, name, number)]
    rng.shuffle(steps)
    for deed in steps:
        yield from deed
    yield Step("setClock", {"now": (now + 31 * DAY).isoformat()})


def _deeds(rng: random.Random, name: str, number: int) -> Iterator[list[Step]]:
    """Each a list of steps that follow each other."""
    owner, line = {"accountId": Ref(name)}, Ref(f"{name}'s line")
    now = NOON + 31 * number * DAY
    amount = str(rng.randint(1, 40))
    yield [
        Step(
            "adjust",
            {**owner, "amount": f"-{amount}", "reason": "Goodwill"},
            "event",
            f"{name}'s credit",
        )
    ]
    charge = f"{name}'s charge"
    yield [
        Step("adjust", {**owner, "amount": amount, "reason": "Visit"}, "event", charge),
        Step("openDispute", {"eventId": Ref(charge), "reason": "Nobody came"}, "dispute", charge),
        Step("settleDispute", {"disputeId": Ref(charge), "granted": "1"}, "dispute", charge),
    ]
    yield [
        Step(
            "recordPayment",
            {**owner, "amount": amount, "reference": f"transfer {number}"},
            "event",
            "paid",
        )
    ]
    yield [Step("collectPayment", owner, "payment", "collected")]
    use = {"serviceKind": "internet", "login": name.lower(), "quantity": amount, "unit": "MB"}
    lines = [{**use, "reference": f"{name} {number} {place}"} for place in range(3)]
    yield [Step("recordUsage", lines)]
    ends = ("runDeferredActions", "cancelDeferredActions")
    later = {"deferUntil": (now + rng.randint(1, 30) * DAY).isoformat()}
    yield [
        Step("changeAssetStatus", {"assetId": line, "status": "INACTIVE"}),
        Step(
            "changeAssetStatus",
            {"assetId": line, "status": "ACTIVE", **later},
            "deferredAction",
            f"{name}'s action",
        ),
        Step(
            "rescheduleDeferredActions",
            {"ids": [Ref(f"{name}'s action")], "scheduledFor": later["deferUntil"]},
        ),
        Step(
            ends[(CUSTOMERS.index(name) + number) % len(ends)], {"ids": [Ref(f"{name}'s action")]}
        ),
        Step("changeAssetStatus", {"assetId": line, "status": "ACTIVE"}),
    ]
    back = {
        "status": "INACTIVE",
        "deferUntil": (now + DAY).isoformat(),
        "reactivateOn": (now + 3 * DAY).isoformat(),
    }
    yield [Step("changeAccountStatus", {**owner, **back})]
