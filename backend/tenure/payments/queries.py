"""Payment methods: their labels, and locks for actions."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, case, func, select

from tenure.accounts.queries import lock_account
from tenure.kernel.dialects import in_ids
from tenure.kernel.errors import NotFoundError
from tenure.kernel.unit import Unit
from tenure.payments.models import PaymentMethod, PaymentMethodKind
from tenure.payments.rules import KIND_NAMES


def method_label() -> ColumnElement[str]:
    """The label of a payment method, as `rules.label` composes it."""
    brand = func.coalesce(
        func.nullif(PaymentMethod.brand, ""), KIND_NAMES[PaymentMethodKind.CREDIT_CARD]
    )
    last_four = func.coalesce(func.nullif(PaymentMethod.last_four, ""), "????")
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
    await lock_account(unit, method.account_id)
    await unit.session.refresh(method)
    return method


async def default_methods(unit: Unit, account_ids: Collection[int]) -> dict[int, int]:
    """The id of the default payment method of each account that has one: it has at most one."""
    statement = select(PaymentMethod.account_id, PaymentMethod.id).where(
        in_ids(PaymentMethod.account_id, account_ids), PaymentMethod.is_default
    )
    return dict((await unit.session.execute(statement)).all())
