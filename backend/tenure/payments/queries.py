"""Payment methods: their labels, and locks for actions."""

from sqlalchemy import ColumnElement, case, func, select

from tenure.accounts.queries import locked_account
from tenure.kernel.errors import NotFoundError
from tenure.kernel.unit import Unit
from tenure.payments.models import PaymentMethod, PaymentMethodKind
from tenure.payments.rules import KIND_NAMES


def method_label() -> ColumnElement[str]:
    """The label of a payment method, as `rules.label` composes it."""
    brand = func.coalesce(PaymentMethod.brand, KIND_NAMES[PaymentMethodKind.CREDIT_CARD])
    last_four = func.coalesce(PaymentMethod.last_four, "????")
    return case(
        (
            PaymentMethod.kind == PaymentMethodKind.CREDIT_CARD,
            brand.concat(" ···· ").concat(last_four),
        ),
        else_=case(KIND_NAMES, value=PaymentMethod.kind),
    )


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
