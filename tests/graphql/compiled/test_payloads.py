"""The rows in the payloads of mutations, read by a statement."""

from typing import Any

import orjson
import pytest

from tenure.graphql.compiled.operations import CompiledReads
from tenure.graphql.compiled.selections import NotCompiledError
from tenure.graphql.types.ids import global_id
from tenure.kernel.unit import Runtime
from tests import builders
from tests.conftest import ANA
from tests.graphql.caller import sent_statements
from tests.graphql.compiled.comparing import IGNORE_UNAWAITED, BothWays

pytestmark = IGNORE_UNAWAITED
ACCOUNT = """fragment A on Account { __typename id version phone balance { amount currency }
    overdueSince holds { cause } parent { id } services(first: $first) { totalCount edges {
    cursor node { login offers { name status } } } } billUnits { id } }"""
UPDATE = f"""mutation($account: UpdateAccountInput!, $first: Int, $more: Boolean!) {{
    updateAccount(input: $account) {{ __typename ...P account {{ ...A }} errors {{ code }}
        other: account {{ name services(first: 1) {{ nodes {{ name }} }} }}
        account {{ number @include(if: $more) }} }} }}
    fragment P on AccountPayload {{ third: account {{ name }} }} {ACCOUNT}"""
CHANGE = """mutation($input: ChangeAccountStatusInput!) {
    changeAccountStatus(input: $input) { account { version status } impact { accounts }
        deferredAction { kind account { number } target { name: __typename } }
        reactivation { toStatus } errors { code } } }"""
CHANGE_ASSET = """mutation($input: ChangeAssetStatusInput!) { changeAssetStatus(input: $input) {
    asset { __typename id name ... on Service { login } ... on PurchasedOffer { quantity } }
    errors { code } } }"""


@pytest.fixture
async def both(runtime: Runtime) -> BothWays:
    """Both ways of reading."""
    return BothWays(runtime)


async def customer(both: BothWays, login: str = "ada") -> builders.Customer:
    """An account with a service and two offers."""
    async with both.runtime.unit(ANA) as unit:
        return await builders.customer(unit, "Ada", login=login)


async def test_payload_is_the_same_both_ways(both: BothWays) -> None:
    """With aliases, merged fields, fragments, variables and connections."""
    account = global_id("Account", (await customer(both)).account)
    values: dict[str, Any] = {"account": {"accountId": account, "phone": "+351 1"}, "first": 1}
    for more in (True, False):
        response = await both.equal(UPDATE, {**values, "more": more})
        assert orjson.loads(response)["errors"] == []
        [payload] = orjson.loads(response)["data"].values()
        assert list(payload) == ["__typename", "third", "account", "errors", "other"]
        assert payload["account"]["phone"] == "+351 1"
        assert ("number" in payload["account"]) is more
        assert payload["other"] == {"name": "Ada", "services": {"nodes": [{"name": "Internet"}]}}
    assert (both.compiled.compiled, dict(both.compiled.fallbacks)) == (2, {})


async def test_rows_are_read_after_the_change_by_one_statement(both: BothWays) -> None:
    """One statement reads the account, the deferred action and its reactivation, if there are."""
    account = global_id("Account", (await customer(both)).account)

    async def changed(**values: Any) -> Any:
        values = {"accountId": account, "status": "INACTIVE", **values}
        response = orjson.loads(await both.by_statement(CHANGE, {"input": values}))
        assert response["errors"] == []
        return response["data"]["changeAccountStatus"]

    later = {"deferUntil": "2030-01-01T00:00:00Z", "reactivateOn": "2030-02-01T00:00:00Z"}
    scheduled = await changed(**later)
    assert scheduled["account"] == {"version": 1, "status": "ACTIVE"}
    assert scheduled["deferredAction"]["kind"] == "CHANGE_ACCOUNT_STATUS"
    assert scheduled["reactivation"] == {"toStatus": "ACTIVE"}
    made = await changed()
    assert made["account"] == {"version": 2, "status": "INACTIVE"}
    assert made["deferredAction"] is made["reactivation"] is None
    assert made["impact"] == {"accounts": 1}
    assert (both.compiled.compiled, dict(both.compiled.fallbacks)) == (2, {})


async def test_interface_of_a_payload(both: BothWays) -> None:
    """The statement depends on the type of the row."""
    found = await customer(both)
    for name, key in (("Service", found.service), ("PurchasedOffer", found.account_offer)):
        values = {"assetId": global_id(name, key), "status": "INACTIVE"}
        response = orjson.loads(await both.by_statement(CHANGE_ASSET, {"input": values}))
        payload = response["data"]["changeAssetStatus"]
        assert (payload["errors"], payload["asset"]["__typename"]) == ([], name)
        assert payload["asset"]["id"] == values["assetId"]
        assert ("login" in payload["asset"]) is (name == "Service")
    assert (both.compiled.compiled, dict(both.compiled.fallbacks)) == (2, {})


async def test_two_mutations_of_a_document_have_their_own_rows(both: BothWays) -> None:
    first, second = await customer(both), await customer(both, "bob")
    document = """mutation($a: UpdateAccountInput!, $b: UpdateAccountInput!) {
        a: updateAccount(input: $a) { account { id } }
        b: updateAccount(input: $b) { account { id phone } } }"""
    ids = [global_id("Account", it.account) for it in (first, second)]
    values = [{"accountId": it, "phone": "+351 1"} for it in ids]
    response = orjson.loads(await both.equal(document, dict(zip("ab", values, strict=True))))
    assert response["data"] == {
        "a": {"account": {"id": ids[0]}},
        "b": {"account": {"id": ids[1], "phone": "+351 1"}},
    }


async def test_a_payload_without_rows_is_not_read(both: BothWays) -> None:
    """Neither is a refused change, nor one whose rows are not selected."""
    account = global_id("Account", (await customer(both)).account)
    document = "mutation($i: UpdateAccountInput!) { updateAccount(input: $i) { errors { code } } }"
    values = {"accountId": account, "phone": "+351 1"}
    with sent_statements(both.runtime.database) as sent:
        await both.by_statement(document, {"i": values})
    assert [it for it in sent if "FROM account" in it and "FOR " not in it and "JOIN" in it] == []
    refused = {**values, "expectedVersion": 9}
    response = orjson.loads(await both.by_statement(document, {"i": refused}))
    assert response["data"]["updateAccount"] == {"errors": [{"code": "CONFLICT"}]}
    assert both.compiled.compiled == 1


async def test_loaders_read_what_is_not_compiled(
    both: BothWays, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = global_id("Account", (await customer(both)).account)

    async def refused(*_: object) -> None:
        raise NotCompiledError("null")

    monkeypatch.setattr(CompiledReads, "_texts", refused)
    values: dict[str, Any] = {"account": {"accountId": account, "phone": "+351 1"}, "more": True}
    assert b'"errors":[]}' in await both.equal(UPDATE, values)
    assert (both.compiled.compiled, dict(both.compiled.fallbacks)) == (0, {"null": 1})
