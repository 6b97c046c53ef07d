"""Payments of the demo company: transfers, failed cards, disputes and adjustments (rules 6.9,
7.3, 8).
"""

from decimal import Decimal
from functools import partial

from sqlalchemy import Select, select

from tenure.billing.bills.models import Bill, BillItem, BillStatus
from tenure.demo import people
from tenure.demo.people import DEBIT, EVERYONE, INVOICE, MASTERCARD, VISA, DemoPaymentMethod
from tenure.demo.timeline import BEN, MAYA, PORTAL, Company, Moment
from tenure.disputes.actions import adjust, open_dispute, settle_dispute
from tenure.disputes.models import Dispute, DisputeStatus
from tenure.events.models import Event, EventKind
from tenure.kernel.unit import Unit
from tenure.payments.actions import add_payment_method
from tenure.payments.models import PaymentMethodKind
from tenure.payments.rules import NewPaymentMethod
from tenure.receivables.receipts.actions import record_payment

NOT_VALID = DemoPaymentMethod(PaymentMethodKind.CREDIT_CARD, MASTERCARD.brand, "tok_expired")
NO_FUNDS = DemoPaymentMethod(VISA.kind, VISA.brand, "tok_insufficient_funds")
NO_ACCOUNT = DemoPaymentMethod(DEBIT.kind, token="tok_validation_failed")
# Invoice customers with unpaid bills: the days ago until which their bills are paid.
PAID_UNTIL = {
    "Larkspur Studio": 60,
    "Harborline Hotels": 25,
    "Mill Lane Bakery": 6,
    "Joana Marques": 6,
    "Igor Petrov": 80,
}
# A transfer arrives this many days after the bill.
TRANSFERRED_AFTER = 9
BILLS = 5


def money_moments(company: Company) -> list[Moment]:
    """All payments, disputes and adjustments."""
    return [
        *_transfers(company),
        # He never paid, then gave an invalid account: the failed validation, 30 days past due, puts
        # him on hold.
        _pays_by(7, "Igor Petrov", NO_ACCOUNT),
        # Retried three days later: one has a valid account by then, the other one still no funds.
        _pays_by(20, "Fatima Zahra El Idrissi", NO_FUNDS),
        _pays_by(4.1, "Fatima Zahra El Idrissi", DEBIT),
        _pays_by(9, "Esther Mensah", NO_FUNDS),
        # An invalid card: on hold at once, with the accounts that it pays for.
        _pays_by(12, "Brightwater Logistics", NOT_VALID),
        Moment(1.2, MAYA, partial(_transfer, name="Mill Lane Bakery", most=Decimal(15))),
        Moment(13, BEN, _dispute_an_item),
        Moment(9.5, MAYA, partial(_settle, name="Beatriz Santos", part=2)),
        Moment(
            10.5,
            PORTAL,
            partial(_dispute_a_bill, name="Quentin Blake-Jones", reason="I had left by then"),
        ),
        Moment(8.5, MAYA, partial(_settle, name="Quentin Blake-Jones", part=0)),
        Moment(4.4, PORTAL, _dispute_a_call),
        Moment(18, MAYA, _line_was_down),
        Moment(7, MAYA, _goodwill),
    ]


async def pay_by(company: Company, unit: Unit, name: str, pays: DemoPaymentMethod) -> None:
    """Set the payment method of a customer."""
    card: dict[str, str | int] = {}
    if pays.kind is PaymentMethodKind.CREDIT_CARD:
        last_four = f"{company.ids[name] * 1237 % 10000:04}"
        card = {
            "last_four": last_four,
            "expiration_month": 9,
            "expiration_year": company.now.year + 2,
        }
    await add_payment_method(
        unit,
        NewPaymentMethod(
            company.ids[name],
            kind=pays.kind,
            token=pays.token,
            brand=pays.brand,
            **card,  # type: ignore[arg-type]
        ),
    )


def _pays_by(days_ago: float, name: str, pays: DemoPaymentMethod) -> Moment:
    return Moment(days_ago, PORTAL, lambda company, unit: pay_by(company, unit, name, pays))


def _transfers(company: Company) -> list[Moment]:
    """The transfers of invoice customers: the whole open amount, some days after each bill."""
    return [
        Moment(days_ago - TRANSFERRED_AFTER, MAYA, partial(_transfer, name=customer.name))
        for customer in EVERYONE
        if customer.payment_method is INVOICE
        for days_ago in company.bill_days(customer.billed, BILLS)
        if max(TRANSFERRED_AFTER, PAID_UNTIL.get(customer.name, 0))
        < days_ago
        < people.joined_days_ago(customer)
    ]


async def _transfer(
    company: Company, unit: Unit, *, name: str, most: Decimal | None = None
) -> None:
    bills = _bills(company, name).where(Bill.status == BillStatus.OPEN)
    for bill in (await unit.session.execute(bills)).scalars().all():
        amount = min(bill.open_amount, most or bill.open_amount)
        await record_payment(
            unit,
            bill.account_id,
            amount=amount,
            reference=f"Transfer {bill.number}",
            bill_id=bill.id,
        )


async def _dispute_an_item(company: Company, unit: Unit) -> None:
    """She disputes data usage."""
    bill = await _newest_bill(company, unit, "Beatriz Santos")
    used = select(BillItem.id).where(BillItem.bill_id == bill.id, BillItem.name.startswith("Usage"))
    item_id = (await unit.session.execute(used)).scalar_one()
    await open_dispute(unit, item_id=item_id, reason="The telephone was switched off for a week")


async def _dispute_a_bill(company: Company, unit: Unit, *, name: str, reason: str) -> None:
    await open_dispute(unit, bill_id=(await _newest_bill(company, unit, name)).id, reason=reason)


async def _dispute_a_call(company: Company, unit: Unit) -> None:
    """The most expensive call of Joana's last bill; this dispute stays open."""
    bill = await _newest_bill(company, unit, "Joana Marques")
    calls = select(Event.id).join(BillItem, BillItem.id == Event.item_id)
    calls = calls.where(BillItem.bill_id == bill.id, Event.kind == EventKind.USAGE).order_by(
        Event.amount.desc()
    )
    call_id = (await unit.session.execute(calls.limit(1))).scalar_one()
    await open_dispute(unit, event_id=call_id, reason="Nobody was at home")


async def _settle(company: Company, unit: Unit, *, name: str, part: int) -> None:
    """Grant one of `part` equal parts, or nothing for zero."""
    wanted = select(Dispute).filter_by(account_id=company.ids[name], status=DisputeStatus.OPEN)
    dispute = (await unit.session.execute(wanted)).scalar_one()
    granted = round(dispute.amount / part, 2) if part else Decimal(0)
    note = "The meter was right for half of it" if part else "The service was used in that month"
    await settle_dispute(unit, dispute.id, granted=granted, note=note)


async def _line_was_down(company: Company, unit: Unit) -> None:
    bill = await _newest_bill(company, unit, "Harborline Hotels")
    await adjust(
        unit, bill_id=bill.id, amount=Decimal(-25), reason="The line in Porto was down for two days"
    )


async def _goodwill(company: Company, unit: Unit) -> None:
    amara = company.ids["Amara Okafor"]
    await adjust(unit, account_id=amara, amount=Decimal(-10), reason="The match could not be seen")


async def _newest_bill(company: Company, unit: Unit, name: str) -> Bill:
    newest = (
        _bills(company, name)
        .where(Bill.billed_on.is_not(None))
        .order_by(Bill.period_end.desc())
        .limit(1)
    )
    return (await unit.session.execute(newest)).scalar_one()


def _bills(company: Company, name: str) -> Select[Bill]:
    return select(Bill).where(Bill.account_id == company.ids[name])
