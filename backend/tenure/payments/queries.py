"""Queries of payment methods, for actions."""

from sqlalchemy import select

from tenure.accounts.queries import locked_account
from tenure.kernel.errors import NotFoundError
from tenure.kernel.unit import Unit
from tenure.payments.models import PaymentMethod


async def locked_payment_method(
    unit: Unit, payment_method_id: int, *, path: str = "payment_method_id"
) -> PaymentMethod:
    """The payment method. Locks its account until the unit ends. Raises NOT_FOUND."""
    method = await unit.session.get(PaymentMethod, payment_method_id)
    if method is None:
        raise NotFoundError("payment method", (path,))
    await locked_account(unit, method.account_id)
    await unit.session.refresh(method)
    return method


async def default_method(unit: Unit, account_id: int) -> PaymentMethod | None:
    """The default payment method of the account, if it has one: there is at most one."""
    statement = select(PaymentMethod).where(
        PaymentMethod.account_id == account_id, PaymentMethod.is_default
    )
    return (await unit.session.execute(statement)).scalar_one_or_none()
