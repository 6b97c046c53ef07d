"""Creates an account with an event of almost each operation, and entries of the audit log."""

from datetime import timedelta
from typing import Any

from tests.browser.billing import ChargedAccount, account_with_bill, open_dispute
from tests.browser.conftest import Api


async def account_with_operations(api: Api) -> str:
    """The number of an account with a bill. Sets the clock a day ahead, then back."""
    account = await account_with_bill(api, "Titles of operations")
    parent = await api.new_account("Titles of a payer")
    await _people(api, account.id)
    await _payers(api, account.id, parent["id"])
    await _payments(api, account)
    for granted in ("0", "0.5", "1"):
        dispute = await open_dispute(api, account, "1")
        await change(api, "settleDispute", disputeId=dispute, granted=granted)
    await open_dispute(api, account, "1")
    await _deferred_actions(api, account.id, parent["id"])
    return account.number


async def _people(api: Api, account_id: str) -> None:
    """Notes and contacts that come and go."""
    note = await change(api, "addNote", "note { id }", accountId=account_id, text="First")
    note_id = note["note"]["id"]
    for changes in ({"text": "Second"}, {"isPinned": True}, {"isPinned": False}):
        await change(api, "updateNote", noteId=note_id, **changes)
    await api.ask("mutation ($id: ID!) { deleteNote(noteId: $id) { errors { code } } }", id=note_id)
    contact = {"accountId": account_id, "kind": "SERVICE", "name": "Hana Suzuki"}
    added = await change(api, "addContact", "contact { id }", **contact)
    contact_id = added["contact"]["id"]
    await change(api, "updateContact", contactId=contact_id, city="Springfield")
    remove = "mutation ($id: ID!) { removeContact(contactId: $id) { errors { code } } }"
    await api.ask(remove, id=contact_id)


async def _payers(api: Api, account_id: str, payer_id: str) -> None:
    """A second bill unit, which another account pays for a while."""
    added = await change(api, "addBillUnit", "billUnit { id }", accountId=account_id, name="Second")
    found = await api.ask("query ($id: ID!) { account(id: $id) { billUnits { id } } }", id=payer_id)
    [paying] = found["account"]["billUnits"]
    for parent in (paying["id"], None):
        unit = added["billUnit"]["id"]
        await change(api, "changePayer", billUnitId=unit, payingParentId=parent)


async def _payments(api: Api, account: ChargedAccount) -> None:
    """A payment that was received, one that is collected, and one that fails."""
    cards = [
        await api.add_card(account.id),
        await api.add_card(account.id, "tok_insufficient_funds", makeDefault=False),
    ]
    expiration = {"expirationMonth": 4, "expirationYear": 2036}
    await change(api, "updateCardExpiration", paymentMethodId=cards[0], **expiration)
    received = {"accountId": account.id, "amount": "3", "reference": "Titles 1"}
    await change(api, "recordPayment", **received)
    for card in cards:
        part = {"accountId": account.id, "amount": "2", "paymentMethodId": card}
        await change(api, "collectPayment", **part)


async def _deferred_actions(api: Api, account_id: str, parent_id: str) -> None:
    """A move below a parent, a scheduled one out of it, and an inactivation with its end."""
    await change(api, "changeHierarchy", accountId=account_id, parentId=parent_id)
    now = await api.now()
    at, until = [(now + timedelta(days=days)).isoformat() for days in (40, 50)]
    out = {"accountId": account_id, "parentId": None, "deferUntil": at}
    moved = await change(api, "changeHierarchy", "deferredAction { id }", **out)
    ids = [moved["deferredAction"]["id"]]
    again = {"ids": ids, "scheduledFor": until}
    await change(api, "rescheduleDeferredActions", **again)
    await change(api, "runDeferredActions", input_type="DeferredActionsInput", ids=ids)
    away = {"deferUntil": at, "reactivateOn": until}
    inactive = await api.change_status(account_id, "INACTIVE", **away)
    await change(api, "cancelDeferredActions", input_type="DeferredActionsInput", ids=[inactive])


async def audited_changes(api: Api, word: str) -> int:
    """Changes of admins with a word in each summary. Returns the number of summaries."""
    email, role = f"{word}@example.com", "VIEWER"
    user = (await change(api, "createUser", "user { id }", email=email, role=role))["user"]["id"]
    await change(api, "updateUser", userId=user, role="AGENT", status="DISABLED")
    await change(api, "resetPassword", userId=user)
    token = (await change(api, "createToken", "token { id }", name=word, role=role))["token"]["id"]
    revoke = "mutation ($id: ID!) { revokeToken(tokenId: $id) { errors { code } } }"
    await api.ask(revoke, id=token)
    reason = {"code": word, "label": "Titles", "appliesTo": ["INACTIVE"]}
    created = await change(api, "createReason", "reason { id }", **reason)
    await change(api, "updateReason", reasonId=created["reason"]["id"], isRetired=True)
    url = f"https://127.0.0.1:9/{word}"
    webhook = (await change(api, "createWebhook", "webhook { id }", url=url))["webhook"]["id"]
    for given in (
        {"status": "PAUSED"},
        {"rotateSecret": True},
        {"description": "x", "rotateSecret": True},
    ):
        await change(api, "updateWebhook", webhookId=webhook, **given)
    delete = "mutation ($id: ID!) { deleteWebhook(webhookId: $id) { errors { code } } }"
    await api.ask(delete, id=webhook)
    return 12


async def change(
    api: Api, mutation: str, created: str = "", *, input_type: str | None = None, **given: Any
) -> dict[str, Any]:
    """The payload of a mutation with an input, with the `created` fields."""
    kind = input_type or f"{mutation[0].upper()}{mutation[1:]}Input"
    document = f"""mutation ($input: {kind}!) {{
      {mutation}(input: $input) {{ {created} errors {{ message }} }}
    }}"""
    payload = (await api.ask(document, input=given))[mutation]
    assert payload["errors"] == [], payload
    return dict(payload)
