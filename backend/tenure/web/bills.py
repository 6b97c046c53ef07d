"""A bill as a PDF, typeset by Typst from `bill.typ`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path

import orjson
import typst
from anyio import CapacityLimiter, to_thread
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tenure.accounts.models import Account
from tenure.billing.bills.models import Bill, BillItem, CarriedOver
from tenure.contacts.models import Contact
from tenure.contacts.queries import billing_contact
from tenure.contacts.rules import address_of
from tenure.kernel.db import Database
from tenure.kernel.money import rounded
from tenure.kernel.sums import exact_sum
from tenure.kernel.text import excerpt
from tenure.web.sessions import Authenticate

TEMPLATE = Path(__file__).with_name("bill.typ")
# Packages with the Noto fonts, so that a PDF does not depend on the fonts of the machine.
FONT_PACKAGES = ("manimgx_fonts", "manimgx_fonts_cjk")
# Further items of a bill are printed as one sum.
MAX_ITEMS = 1000


@dataclass(frozen=True, slots=True)
class BillLine:
    """An item, with the number of the account that was charged."""

    name: str
    account: str
    total: Decimal


@dataclass(frozen=True, slots=True)
class PrintedBill:
    """What is printed: a bill, its account and billing contact, its items, and carried-over bills.

    Items of the paying account come first; `left_out` is the number of items that are not listed,
    and `rest` their sum. The oldest carried-over bill comes first.
    """

    bill: Bill
    account: Account
    lines: Sequence[BillLine]
    left_out: int
    rest: Decimal
    carried_over: Sequence[CarriedOver]
    contact: Contact | None


class Bills:
    """`/bills/NUMBER.pdf`, for every role."""

    def __init__(self, database: Database, authenticate: Authenticate) -> None:
        self.database = database
        self.authenticate = authenticate
        # One bill at a time, because typesetting uses a core that other requests need.
        self.limiter = CapacityLimiter(1)

    def routes(self) -> list[Route]:
        """The routes. The page follows them, because it matches every path."""
        return [Route("/bills/{number}.pdf", self.show)]

    async def show(self, request: Request) -> Response:
        """200 with the PDF; 401 without a sign-in, 404 if the bill is missing or PENDING."""
        if await self.authenticate(request) is None:
            return JSONResponse({"error": "Sign in first."}, status_code=401)
        number = request.path_params["number"]
        async with self.database.reading() as session:
            printed = await read(session, number)
        if printed is None:
            return JSONResponse(
                {"error": f"There is no bill {excerpt(number)}, or it is still pending."},
                status_code=404,
            )
        pdf = await to_thread.run_sync(typeset, printed, limiter=self.limiter)
        headers = {"content-disposition": f'attachment; filename="{printed.bill.number}.pdf"'}
        return Response(pdf, media_type="application/pdf", headers=headers)


async def read(session: AsyncSession, number: str) -> PrintedBill | None:
    """Read what is printed of a bill; None if there is no such bill or it is PENDING."""
    # PostgreSQL rejects NUL, which no number contains.
    if not number.isprintable():
        return None
    of_number = select(Bill, Account).join(Account, Account.id == Bill.account_id)
    found = (
        await session.execute(of_number.where(Bill.number == number, Bill.billed_on.is_not(None)))
    ).one_or_none()
    if found is None:
        return None
    bill, account = found
    # Items without charges are adjustments, which are part of the statement.
    charged = (BillItem.bill_id == bill.id, BillItem.total != 0)
    own_first = (BillItem.bill_unit_id != bill.bill_unit_id, Account.number, BillItem.id)
    items = select(BillItem.name, Account.number, BillItem.total).join(
        Account, Account.id == BillItem.account_id
    )
    items = items.where(*charged).order_by(*own_first).limit(MAX_ITEMS)
    lines = [BillLine(*row) for row in await session.execute(items)]
    of_all = select(func.count(), exact_sum(BillItem.total)).where(*charged)
    count, total = (await session.execute(of_all)).one()
    rest = total - sum(line.total for line in lines)
    carried = select(CarriedOver).where(CarriedOver.bill_id == bill.id)
    carried = carried.order_by(CarriedOver.period_end, CarriedOver.id)
    return PrintedBill(
        bill,
        account,
        lines,
        count - len(lines),
        rest,
        (await session.execute(carried)).scalars().all(),
        await billing_contact(session, account.id),
    )


@cache
def fonts() -> typst.Fonts:
    """The fonts of the packages, without those of the machine. They are searched once."""
    folders = [str(files(package)) for package in FONT_PACKAGES]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def typeset(printed: PrintedBill) -> bytes:
    """Typeset the PDF."""
    inputs = {"bill": orjson.dumps(texts(printed)).decode()}
    return bytes(
        typst.compile(TEMPLATE, sys_inputs=inputs, font_paths=fonts(), ignore_system_fonts=True)
    )


def texts(printed: PrintedBill) -> dict[str, object]:
    """The texts of the template."""
    bill = printed.bill
    address = address_of(printed.contact) if printed.contact else []

    def formatted(amount: Decimal) -> str:
        return f"{rounded(amount, bill.currency):,}"

    statement = {
        "Charges": bill.current_charges,
        "Charges of accounts it pays for": bill.subordinate_charges,
        "Previous balance": bill.previous_balance,
        "Payments": bill.payments,
        "Adjustments": bill.adjustments,
        "Disputed": -bill.disputed,
    }
    dates = {
        "From": bill.period_start,
        "To": bill.period_end - timedelta(days=1),
        "Billed": bill.billed_on,
        "Due": bill.due_on,
    }
    charges = [(line.name, line.account, formatted(line.total)) for line in printed.lines]
    if printed.left_out:
        charges.append((f"{printed.left_out:,} more items", "", formatted(printed.rest)))
    return {
        "number": bill.number,
        "name": printed.account.name,
        "account": printed.account.number,
        "address": [line for line in address if line != printed.account.name],
        "currency": bill.currency,
        "dates": [(name, str(day)) for name, day in dates.items()],
        "statement": [
            (name, formatted(amount))
            for name, amount in statement.items()
            if amount or name == "Charges"
        ],
        "total": formatted(bill.total_due),
        "carried_over": [
            (f"Bill {it.number}", str(it.due_on), formatted(it.amount))
            for it in printed.carried_over
        ],
        "charges": charges,
    }
