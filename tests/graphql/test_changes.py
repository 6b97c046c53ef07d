"""Each mutation: its effects, and each error with its path, after which nothing has changed."""

from typing import Any

import pytest

from tenure.holds.models import Status
from tenure.kernel.unit import Runtime
from tenure.settings.queries import BusinessReader
from tests import builders
from tests.conftest import ANA
from tests.graphql.caller import Caller, check_refused, global_id

NOT_FOUND = "NOT_FOUND input."
LATER = "2026-12-01T00:00:00Z"
PAST = "2026-01-01T00:00:00Z"

# The mutation, its input type, what is asked of the payload; the input is found in INPUTS.
STATUS_PAYLOAD = """deferredAction { kind summary scheduledFor status toStatus }
  reactivation { toStatus }
  impact { accounts services offers sample { name } conflictingDeferredActionCount } """


@pytest.fixture
async def carla(runtime: Runtime) -> builders.Customer:
    """A customer with a service and offers."""
    async with runtime.unit(ANA) as unit:
        return await builders.customer(unit)


async def closed(runtime: Runtime, account_id: int) -> None:
    async with runtime.unit(ANA) as unit:
        await builders.set_account(unit, account_id, Status.CLOSED)


async def test_create_account(ask: Caller, carla: builders.Customer) -> None:
    payload = (
        "account { number name email phone rank currency creditLimit { amount } parent { name } "
        "billUnits {"
    )
    payload += " billingDayOfMonth payingParent { account { name } } } } "
    answer = await ask.change(
        "createAccount", "CreateAccountInput", payload, name=" Ada ", currency="EUR"
    )
    assert answer["errors"] == []
    assert (answer["account"]["name"], answer["account"]["currency"]) == ("Ada", "EUR")
    given = {
        "number": "X-1",
        "name": "Ben",
        "email": "ben@example.com",
        "phone": "+43 1 234",
        "rank": "SILVER",
        "creditLimit": "100.50",
        "parentId": global_id("Account", carla.account),
        "parentPays": True,
    }
    assert await ask.change("createAccount", "CreateAccountInput", payload, **given) == {
        "account": {
            "number": "X-1",
            "name": "Ben",
            "email": "ben@example.com",
            "phone": "+43 1 234",
            "rank": "SILVER",
            "currency": "USD",
            "creditLimit": {"amount": "100.5"},
            "parent": {"name": "Carla"},
            "billUnits": [
                {"billingDayOfMonth": 10, "payingParent": {"account": {"name": "Carla"}}}
            ],
        },
        "errors": [],
    }
    await check_refused(
        ask, "createAccount", {"name": "Eve", "number": "X-1"}, "TAKEN input.number"
    )


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"name": " "}, "REQUIRED input.name"),
        ({"name": "x" * 256}, "OUT_OF_RANGE input.name"),
        ({"email": "nonsense"}, "INVALID input.email"),
        ({"currency": "usd"}, "INVALID input.currency"),
        ({"billingDayOfMonth": 32}, "OUT_OF_RANGE input.billingDayOfMonth"),
        ({"creditLimit": "-1"}, "OUT_OF_RANGE input.creditLimit"),
        ({"creditLimit": "0.0000001"}, "INVALID input.creditLimit"),
        ({"parentId": "nonsense"}, f"{NOT_FOUND}parentId"),
        ({"parentId": global_id("Account", 999)}, f"{NOT_FOUND}parentId"),
    ],
)
async def test_create_account_refused(ask: Caller, given: dict[str, Any], error: str) -> None:
    await check_refused(ask, "createAccount", {"name": "Ada"} | given, error)


async def test_update_account(ask: Caller, carla: builders.Customer) -> None:
    account_id = global_id("Account", carla.account)

    async def update(**given: Any) -> Any:
        payload = "account { name email rank version } "
        return await ask.change(
            "updateAccount", "UpdateAccountInput", payload, accountId=account_id, **given
        )

    answer = await update(email="c@example.com", rank="GOLD", expectedVersion=1)
    changed = {"name": "Carla", "email": "c@example.com", "rank": "GOLD", "version": 2}
    assert answer == {"account": changed, "errors": []}
    answer = await update(email=None)
    assert answer["account"] == changed | {"email": None, "version": 3}
    for given, error in (
        ({"name": None}, "REQUIRED input.name"),
        ({"phone": "nonsense"}, "INVALID input.phone"),
        ({"expectedVersion": 1}, "CONFLICT input.expectedVersion"),
        ({"accountId": global_id("Service", 1)}, "INVALID input.accountId"),
    ):
        await check_refused(ask, "updateAccount", {"accountId": account_id} | given, error)


async def test_change_account_status(ask: Caller, carla: builders.Customer) -> None:
    account_id = global_id("Account", carla.account)

    async def change(**given: Any) -> Any:
        payload = "account { status holds { cause } } " + STATUS_PAYLOAD
        kind = "ChangeAccountStatusInput"
        return await ask.change("changeAccountStatus", kind, payload, accountId=account_id, **given)

    answer = await change(status="INACTIVE", reason="Asked", note="n", reactivateOn=LATER)
    assert answer == {
        "account": {"status": "INACTIVE", "holds": [{"cause": "MANUAL"}]},
        "deferredAction": None,
        "reactivation": {"toStatus": "ACTIVE"},
        "impact": {
            "accounts": 1,
            "services": 1,
            "offers": 2,
            "sample": [{"name": "Carla"}],
            "conflictingDeferredActionCount": 0,
        },
        "errors": [],
    }
    answer = await change(status="CLOSED", deferUntil=LATER)
    assert (answer["account"]["status"], answer["impact"]) == ("INACTIVE", None)
    assert answer["deferredAction"]["scheduledFor"] == LATER
    assert answer["deferredAction"]["kind"] == "CHANGE_ACCOUNT_STATUS"
    assert (answer["deferredAction"]["status"], answer["deferredAction"]["toStatus"]) == (
        "PENDING",
        "CLOSED",
    )
    answer = await change(status="CLOSED")
    assert (answer["account"]["status"], answer["impact"]["conflictingDeferredActionCount"]) == (
        "CLOSED",
        1,
    )


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"status": "INACTIVE", "deferUntil": PAST}, "OUT_OF_RANGE input.deferUntil"),
        (
            {"status": "INACTIVE", "deferUntil": LATER, "backdateTo": "2026-11-10"},
            "INVALID input.backdateTo",
        ),
        ({"status": "INACTIVE", "backdateTo": "2026-01-01"}, "OUT_OF_RANGE input.backdateTo"),
        ({"status": "CLOSED", "reactivateOn": LATER}, "CLOSED_IS_FINAL input.reactivateOn"),
        ({"status": "ACTIVE", "reactivateOn": LATER}, "INVALID input.reactivateOn"),
        ({"status": "INACTIVE", "reactivateOn": PAST}, "OUT_OF_RANGE input.reactivateOn"),
        ({"status": "INACTIVE", "expectedVersion": 7}, "CONFLICT input.expectedVersion"),
        ({"status": "INACTIVE", "accountId": "nonsense"}, f"{NOT_FOUND}accountId"),
        ({"status": "INACTIVE", "reason": "x" * 2001}, "OUT_OF_RANGE input.reason"),
    ],
)
async def test_change_account_status_refused(
    ask: Caller, carla: builders.Customer, given: dict[str, Any], error: str
) -> None:
    account_id = global_id("Account", carla.account)
    await check_refused(ask, "changeAccountStatus", {"accountId": account_id} | given, error)


async def test_closed_to_inactive_is_not_allowed(
    ask: Caller, carla: builders.Customer, runtime: Runtime
) -> None:
    await closed(runtime, carla.account)
    for given, error in (
        ({"status": "INACTIVE"}, "NOT_ALLOWED input.status"),
        ({"status": "ACTIVE", "deferUntil": LATER}, "CLOSED_IS_FINAL input.status"),
    ):
        account = {"accountId": global_id("Account", carla.account)}
        await check_refused(ask, "changeAccountStatus", account | given, error)


async def test_change_asset_status(ask: Caller, carla: builders.Customer) -> None:
    payload = "asset { __typename id status holds { cause } } " + STATUS_PAYLOAD
    service, offer = (
        global_id("Service", carla.service),
        global_id("PurchasedOffer", carla.service_offer),
    )
    preview = (
        "query($id: ID!) { assetStatusImpact(assetId: $id, status: INACTIVE) { accounts services "
        "offers } }"
    )
    assert await ask(preview, id=service) == {
        "assetStatusImpact": {"accounts": 0, "services": 1, "offers": 1}
    }
    assert await ask(preview, id=offer) == {
        "assetStatusImpact": {"accounts": 0, "services": 0, "offers": 1}
    }
    kind = "ChangeAssetStatusInput"
    answer = await ask.change(
        "changeAssetStatus", kind, payload, assetId=service, status="INACTIVE"
    )
    assert answer["asset"] == {
        "__typename": "Service",
        "id": service,
        "status": "INACTIVE",
        "holds": [{"cause": "MANUAL"}],
    }
    assert (answer["impact"]["services"], answer["impact"]["offers"], answer["errors"]) == (
        1,
        1,
        [],
    )
    answer = await ask.change(
        "changeAssetStatus", kind, payload, assetId=offer, status="CLOSED", deferUntil=LATER
    )
    assert (answer["asset"]["__typename"], answer["impact"]) == ("PurchasedOffer", None)
    assert answer["deferredAction"]["kind"] == "CHANGE_OFFER_STATUS"


async def test_change_asset_status_refused(ask: Caller, carla: builders.Customer) -> None:
    service, offer = (
        global_id("Service", carla.service),
        global_id("PurchasedOffer", carla.account_offer),
    )
    for given, error in (
        ({"assetId": global_id("Account", 1), "status": "CLOSED"}, "INVALID input.assetId"),
        ({"assetId": global_id("Service", 999), "status": "CLOSED"}, f"{NOT_FOUND}assetId"),
        ({"assetId": global_id("PurchasedOffer", 999), "status": "CLOSED"}, f"{NOT_FOUND}assetId"),
        ({"assetId": service, "status": "CLOSED", "login": "other"}, "INVALID input.login"),
        ({"assetId": offer, "status": "ACTIVE", "login": "other"}, "INVALID input.login"),
        (
            {"assetId": service, "status": "CLOSED", "expectedVersion": 9},
            "CONFLICT input.expectedVersion",
        ),
    ):
        await check_refused(ask, "changeAssetStatus", given, error)
    await ask.change(
        "changeAssetStatus", "ChangeAssetStatusInput", "", assetId=offer, status="CLOSED"
    )
    await check_refused(
        ask, "changeAssetStatus", {"assetId": offer, "status": "ACTIVE"}, "NOT_ALLOWED input.status"
    )


async def test_change_hierarchy(ask: Caller, carla: builders.Customer, runtime: Runtime) -> None:
    async with runtime.unit(ANA) as unit:
        other = await builders.account(unit, "Other")
        child = await builders.child(unit, carla.account, "Child")
        euros = await builders.account(unit, "Euros", currency="EUR")
    payload = (
        "account { parent { name } descendantCount "
        "billUnits { payingParent { account { name } } } } "
    )
    payload += "deferredAction { kind newParent { name } parentPays } "
    ids = {
        name: global_id("Account", it)
        for name, it in {"c": carla.account, "o": other, "k": child}.items()
    }

    async def move(**given: Any) -> Any:
        return await ask.change("changeHierarchy", "ChangeHierarchyInput", payload, **given)

    answer = await move(accountId=ids["c"], parentId=ids["o"], parentPays=True, children="STAY")
    paid = [{"payingParent": {"account": {"name": "Other"}}}]
    assert answer["account"] == {
        "parent": {"name": "Other"},
        "descendantCount": 0,
        "billUnits": paid,
    }
    assert (answer["deferredAction"], answer["errors"]) == (None, [])
    answer = await move(accountId=ids["c"], parentId=None)
    assert answer["account"]["parent"] is None
    answer = await move(accountId=ids["k"], parentId=ids["o"], deferUntil=LATER)
    assert answer["deferredAction"]["newParent"] == {"name": "Other"}
    assert answer["deferredAction"]["parentPays"] is False
    answer = await move(accountId=ids["k"], parentId=ids["o"], parentPays=True, deferUntil=LATER)
    assert answer["deferredAction"]["parentPays"] is True
    for given, error in (
        ({"accountId": ids["o"], "parentId": ids["o"]}, "CYCLE input.parentId"),
        ({"accountId": "nonsense", "parentId": ids["o"]}, f"{NOT_FOUND}accountId"),
        ({"accountId": ids["c"], "parentId": "nonsense"}, f"{NOT_FOUND}parentId"),
        (
            {"accountId": ids["c"], "parentId": ids["o"], "expectedVersion": 99},
            "CONFLICT input.expectedVersion",
        ),
        (
            {"accountId": ids["c"], "parentId": ids["o"], "deferUntil": PAST},
            "OUT_OF_RANGE input.deferUntil",
        ),
        (
            {"accountId": ids["c"], "parentId": global_id("Account", euros), "parentPays": True},
            "INVALID input.parentId",
        ),
    ):
        await check_refused(ask, "changeHierarchy", given, error)


async def test_bill_units(ask: Caller, carla: builders.Customer, runtime: Runtime) -> None:
    async with runtime.unit(ANA) as unit:
        payer = global_id(
            "BillUnit",
            await builders.default_bill_unit_id(unit, await builders.account(unit, "Payer")),
        )
        own = global_id("BillUnit", await builders.default_bill_unit_id(unit, carla.account))
    account_id = global_id("Account", carla.account)
    payload = "billUnit { id name billingDayOfMonth payingParent { id } } "
    answer = await ask.change(
        "addBillUnit",
        "AddBillUnitInput",
        payload,
        accountId=account_id,
        name="Second",
        payingParentId=payer,
    )
    made = answer["billUnit"]["id"]
    assert answer == {
        "billUnit": {
            "id": made,
            "name": "Second",
            "billingDayOfMonth": 10,
            "payingParent": {"id": payer},
        },
        "errors": [],
    }
    answer = await ask.change(
        "changePayer", "ChangePayerInput", payload, billUnitId=made, payingParentId=None
    )
    assert (answer["billUnit"]["payingParent"], answer["errors"]) == (None, [])
    answer = await ask.change(
        "changePayer", "ChangePayerInput", payload, billUnitId=made, payingParentId=payer
    )
    assert (answer["billUnit"]["payingParent"], answer["errors"]) == ({"id": payer}, [])
    for field, given, error in (
        ("addBillUnit", {"accountId": account_id, "name": ""}, "REQUIRED input.name"),
        ("addBillUnit", {"accountId": "x", "name": "Third"}, f"{NOT_FOUND}accountId"),
        (
            "addBillUnit",
            {"accountId": account_id, "name": "T", "payingParentId": "x"},
            f"{NOT_FOUND}payingParentId",
        ),
        (
            "addBillUnit",
            {"accountId": account_id, "name": "T", "billingDayOfMonth": 0},
            "OUT_OF_RANGE input.billingDayOfMonth",
        ),
        ("changePayer", {"billUnitId": "x"}, f"{NOT_FOUND}billUnitId"),
        ("changePayer", {"billUnitId": own, "payingParentId": own}, "CYCLE input.payingParentId"),
        (
            "changePayer",
            {"billUnitId": own, "expectedVersion": 99},
            "CONFLICT input.expectedVersion",
        ),
    ):
        await check_refused(ask, field, given, error)


async def test_assets(ask: Caller, carla: builders.Customer, runtime: Runtime) -> None:
    account_id = global_id("Account", carla.account)
    payload = "service { id kind name login offers { name } billUnit { name } } "
    given = {"accountId": account_id, "kind": "tv", "login": "Tele", "offerCodes": ["flat"]}
    answer = await ask.change("addService", "AddServiceInput", payload, **given)
    made = answer["service"].pop("id")
    bill_unit = {"name": "Default"}
    assert answer == {
        "service": {
            "kind": "tv",
            "name": "Tv",
            "login": "Tele",
            "offers": [{"name": "Flat"}],
            "billUnit": bill_unit,
        },
        "errors": [],
    }
    bought = {
        "accountId": account_id,
        "offerCode": "flat",
        "serviceId": made,
        "quantity": "2.5",
        "startAt": LATER,
    }
    answer = await ask.change(
        "purchaseOffer",
        "PurchaseOfferInput",
        "offer { quantity purchaseStart service { kind } } ",
        **bought,
    )
    assert answer["offer"] == {"quantity": "2.5", "purchaseStart": LATER, "service": {"kind": "tv"}}
    for field, more, error in (
        ("addService", {"accountId": "x"}, f"{NOT_FOUND}accountId"),
        ("addService", {"kind": ""}, "REQUIRED input.kind"),
        ("addService", {}, "TAKEN input.login"),
        ("addService", {"login": "new", "billUnitId": "x"}, f"{NOT_FOUND}billUnitId"),
        ("addService", {"login": "new", "offerCodes": ["unknown"]}, f"{NOT_FOUND}offerCodes"),
        ("purchaseOffer", {"serviceId": "x"}, f"{NOT_FOUND}serviceId"),
        ("purchaseOffer", {"offerCode": "unknown"}, f"{NOT_FOUND}offerCode"),
        ("purchaseOffer", {"quantity": "0"}, "OUT_OF_RANGE input.quantity"),
        ("purchaseOffer", {"startAt": PAST}, "OUT_OF_RANGE input.startAt"),
    ):
        await check_refused(ask, field, (given if field == "addService" else bought) | more, error)
    await closed(runtime, carla.account)
    await check_refused(ask, "addService", given | {"login": "new"}, "NOT_ALLOWED input.accountId")


async def test_catalog(ask: Caller) -> None:
    payload = "offer { code name kind currency monthlyFee monthlyPercentOff usageUnit } "
    given = {"code": "net", "name": "Net", "kind": "CHARGE", "monthlyFee": "19.90"}
    answer = await ask.change("createOffer", "CreateOfferInput", payload, **given)
    assert answer == {
        "offer": {
            "code": "net",
            "name": "Net",
            "kind": "CHARGE",
            "currency": "USD",
            "monthlyFee": "19.9",
            "monthlyPercentOff": None,
            "usageUnit": None,
        },
        "errors": [],
    }
    await check_refused(ask, "createOffer", given, "TAKEN input.code")
    await check_refused(ask, "createOffer", given | {"code": " "}, "REQUIRED input.code")
    await check_refused(
        ask,
        "createOffer",
        given | {"code": "n", "monthlyFee": "-1"},
        "OUT_OF_RANGE input.monthlyFee",
    )


async def test_jobs(ask: Caller) -> None:
    payload = "jobRun { id kind status businessDate requestedBy total } "
    answer = await ask.change("startJob", "StartJobInput", payload, kind="DEFERRED_ACTIONS")
    assert answer["jobRun"]["status"] == "QUEUED"
    assert (answer["jobRun"]["businessDate"], answer["jobRun"]["requestedBy"]) == (
        "2026-11-10",
        ANA.name,
    )
    again = await ask.change(
        "startJob", "StartJobInput", payload, kind="DEFERRED_ACTIONS", businessDate="2026-11-10"
    )
    assert again == answer
    assert (await ask("{ jobRuns { totalCount } }")) == {"jobRuns": {"totalCount": 1}}
    tomorrow = {"kind": "DEFERRED_ACTIONS", "businessDate": "2026-11-11"}
    await check_refused(ask, "startJob", tomorrow, "OUT_OF_RANGE input.businessDate")
    cancel = (
        "mutation($id: ID!) { cancelJob(jobRunId: $id) { jobRun { status failure } "
        "errors { code path } } }"
    )
    cancelled = {"status": "CANCELLED", "failure": f"Cancelled by {ANA.name}."}
    run_id = answer["jobRun"]["id"]
    assert await ask(cancel, id=run_id) == {"cancelJob": {"jobRun": cancelled, "errors": []}}
    for other, code in ((run_id, "NOT_ALLOWED"), (global_id("Account", 1), "INVALID")):
        refusal = {"code": code, "path": ["jobRunId"]}
        assert await ask(cancel, id=other) == {"cancelJob": {"jobRun": None, "errors": [refusal]}}


async def test_settings(ask: Caller) -> None:
    payload = "settings { timeZone closedLoginPrefix paymentTermDays } "
    given = {"timeZone": "Europe/Vienna", "closedLoginPrefix": "#CLOSED#"}
    answer = await ask.change("updateSettings", "UpdateSettingsInput", payload, **given)
    assert answer == {"settings": given | {"paymentTermDays": 30}, "errors": []}
    answer = await ask.change(
        "updateSettings", "UpdateSettingsInput", payload, closedLoginPrefix=None
    )
    assert answer["settings"]["closedLoginPrefix"] is None
    await check_refused(ask, "updateSettings", {"timeZone": "Mars"}, "INVALID input.timeZone")
    await check_refused(
        ask, "updateSettings", {"paymentTermDays": None}, "REQUIRED input.paymentTermDays"
    )
    await check_refused(
        ask, "updateSettings", {"paymentTermDays": -1}, "OUT_OF_RANGE input.paymentTermDays"
    )


async def test_settings_that_somebody_else_has_changed(ask: Caller) -> None:
    """Only a change of the settings makes another version, not one of the clock."""
    await ask.change("setClock", "SetClockInput", "clock { now } ", now=LATER)
    version = (await ask("{ settings { version } }"))["settings"]["version"]
    payload = "settings { version paymentTermDays } "
    given = {"paymentTermDays": 20, "expectedVersion": version}
    answer = await ask.change("updateSettings", "UpdateSettingsInput", payload, **given)
    assert answer["settings"] == {"version": version + 1, "paymentTermDays": 20}
    # Nothing changes, so the version stays.
    answer = await ask.change("updateSettings", "UpdateSettingsInput", payload, paymentTermDays=20)
    assert answer["settings"] == {"version": version + 1, "paymentTermDays": 20}
    stale = {"closedLoginPrefix": "#", "expectedVersion": version}
    await check_refused(ask, "updateSettings", stale, "CONFLICT input.expectedVersion")
    found = await ask("{ settings { version closedLoginPrefix } }")
    assert found["settings"] == {"version": version + 1, "closedLoginPrefix": None}


async def test_clock(ask: Caller, runtime: Runtime) -> None:
    payload = "clock { now today isSet isSettable } "
    answer = await ask.change("setClock", "SetClockInput", payload, now=LATER)
    clock = {"now": LATER, "today": "2026-12-01", "isSet": True, "isSettable": True}
    assert answer == {"clock": clock, "errors": []}
    await check_refused(ask, "setClock", {"now": PAST}, "OUT_OF_RANGE input.now")
    fixed = Caller(Runtime(runtime.database, BusinessReader(clock_settable=False)), ANA)
    await check_refused(fixed, "setClock", {"now": LATER}, "NOT_ALLOWED input.now")
    assert (await fixed("{ clock { isSettable } }"))["clock"] == {"isSettable": False}
    answer = await ask.change("setClock", "SetClockInput", payload, now=None)
    assert answer["clock"]["isSet"] is False
