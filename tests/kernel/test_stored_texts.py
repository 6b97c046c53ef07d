"""Every action stores the checked text: trimmed and bounded."""

import logging
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tenure.accounts import actions as accounts
from tenure.accounts.rules import NewAccount
from tenure.catalog.actions import create_offer
from tenure.catalog.models import OfferKind
from tenure.disputes.actions import adjust
from tenure.hierarchy.parents.actions import change_parent
from tenure.hierarchy.payers.actions import add_bill_unit, change_payer
from tenure.holds.models import Status
from tenure.kernel.logs import configure_logs
from tenure.kernel.settings import Settings
from tenure.kernel.unit import Runtime, Unit
from tenure.payments.actions import add_payment_method
from tenure.payments.models import PaymentMethodKind
from tenure.payments.rules import NewPaymentMethod
from tenure.purchases.actions import add_service
from tenure.purchases.rules import NewService
from tenure.receivables.receipts.actions import record_payment
from tenure.tables import ALL_TABLES
from tenure.usage.recording.actions import record_usage
from tenure.usage.recording.rules import UsageLine
from tests.builders import set_account, set_service
from tests.conftest import ANA, NOON

BLANKS = " \n\t\u00a0\u3000" * 40_000


def padded(text: str) -> str:
    """The text between 400,000 characters that are no part of it."""
    return f"{BLANKS}{text}{BLANKS}"


async def test_every_stored_text_is_the_checked_one(runtime: Runtime) -> None:
    """Rules 3.1, 8.2: names, logins, kinds, codes, references, reasons, notes, also deferred."""
    async with runtime.unit(ANA) as unit:
        first = await _account(unit, "1")
        second = await _account(unit, "2")
        await accounts.update(unit, second, name=padded("Renamed"))
        await create_offer(
            unit,
            code=padded("c"),
            name=padded("Offer"),
            kind=OfferKind.CHARGE,
            service_kind=padded("tv"),
            usage_rate=Decimal(1),
            usage_unit=padded("MB"),
        )
        service = await add_service(
            unit,
            NewService(
                first, kind=padded("TV"), name=padded("x"), login=padded("l"), offer_codes=["c"]
            ),
        )
        service_id = service.id
        lines = [
            UsageLine(
                *map(padded, ("tv", "l")),
                Decimal(1),
                padded("MB"),
                NOON,
                padded("r"),
                padded("why"),
            )
        ]
        assert [getattr(it, "is_duplicate", None) for it in await record_usage(unit, lines)] == [
            False
        ]
        await add_payment_method(
            unit,
            NewPaymentMethod(first, kind=PaymentMethodKind.DIRECT_DEBIT, token=padded("tok_ok")),
        )
        await adjust(unit, account_id=first, amount=Decimal(-1), reason=padded("sorry"))
        await record_payment(unit, first, amount=Decimal(1), reference=padded("ref"))
        bill_unit = (await add_bill_unit(unit, first, name=padded("Second"))).id
        await change_parent(unit, second, parent_id=first, note=padded("note"))
        await change_payer(unit, bill_unit, paying_parent_id=None, note=padded("note"))
        texts: dict[str, Any] = {"reason": padded("reason"), "note": padded("note")}
        later = NOON + timedelta(days=1)
        await set_account(unit, second, Status.INACTIVE, defer_until=later, **texts)
        await set_service(unit, service_id, Status.CLOSED, defer_until=later, **texts)
        await set_account(unit, first, Status.INACTIVE, reactivate_on=later, **texts)
    assert await _padded_texts(runtime) == []


async def test_only_blanks_are_no_reason(runtime: Runtime) -> None:
    """Nothing is kept of them, in none of the events of a cascade."""
    async with runtime.unit(ANA) as unit:
        account = await _account(unit, "1")
        await add_service(unit, NewService(account, kind="tv"))
        await set_account(unit, account, Status.INACTIVE, reason=BLANKS, note=BLANKS)
    assert await _padded_texts(runtime) == []


async def _account(unit: Unit, number: str) -> int:
    made = await accounts.create_account(
        unit,
        NewAccount(
            name=padded("Ada"), number=padded(number), email=padded("a@b"), phone=padded("+1 5")
        ),
    )
    return made.id


async def _padded_texts(runtime: Runtime) -> list[str]:
    """The columns with a text that has blanks around it, or is longer than any may be."""
    async with runtime.database.engine.connect() as connection:
        return [
            f"{table.name}.{name}"
            for table in ALL_TABLES.sorted_tables
            for row in await connection.execute(table.select())
            for name, value in row._mapping.items()
            for text in (value.values() if isinstance(value, dict) else [value])
            if isinstance(text, str) and (text != text.strip() or len(text) > 2000)
        ]


@pytest.mark.parametrize("style", ["text", "json"])
def test_no_log_line_has_control_characters_from_outside(
    style: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither in a value nor in an exception: no further line, no terminal control character."""
    import structlog  # noqa: PLC0415 - configured here, and restored below

    before, root = structlog.get_config(), logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        configure_logs(Settings(log=style))
        try:
            raise ValueError("bad\x1b[2J\rname")
        except ValueError:
            structlog.get_logger("tenure").error(
                "refused", name="Ada\n2026 forged\x1b[31m", exc_info=True
            )
        logging.getLogger("library").warning("said %s", "x\r\nforged\x07")
    finally:
        structlog.configure(**before)
        root.handlers[:], root.level = handlers, level
    written = capsys.readouterr().err
    assert "\x07" not in written
    assert "\r" not in written
    assert "\x1b[2J" not in written
    assert not any(line.startswith(("2026 forged", "forged")) for line in written.splitlines())
