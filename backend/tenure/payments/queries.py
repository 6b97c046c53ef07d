"""Finding payment methods and payments, for verbs."""

from sqlalchemy import select

from tenure.accounts.queries import locked_account
from tenure.kernel.errors import NotFoundError
from tenure.kernel.unit import Unit
from tenure.payments.models import PaymentMethod


async def locked_payment_method(
    unit: Unit, payment_method_id: int, *, path: str = "payment_method_id"
) -> PaymentMethod:
    """The payment method; its account is locked until the unit ends, as for all methods of one. Raises NOT_FOUND."""
    method = await unit.session.get(PaymentMethod, payment_method_id)
    if method is None:
        raise NotFoundError("payment method", (path,))
    await locked_account(unit, method.account_id)
    await unit.session.refresh(method)
    return method


async def default_method(unit: Unit, account_id: int) -> PaymentMethod | None:
    """How the account pays, if it has said so: there is at most one default."""
    statement = select(PaymentMethod).where(
        PaymentMethod.account_id == account_id, PaymentMethod.is_default
    )
    return (await unit.session.execute(statement)).scalar_one_or_none()
