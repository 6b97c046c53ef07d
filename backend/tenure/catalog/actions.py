"""Adds offers to the catalog."""

from decimal import Decimal

from sqlalchemy import exists, inspect, select

from tenure.accounts.rules import checked_currency
from tenure.audit.actions import record_audit
from tenure.audit.models import AuditAction
from tenure.catalog.models import Offer, OfferKind
from tenure.catalog.rules import checked_fee, checked_optional_kind
from tenure.kernel.actor import Role
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.money import checked
from tenure.kernel.text import excerpt, optional_text, required_text
from tenure.kernel.unit import Unit

HUNDRED = Decimal(100)


async def create_offer(
    unit: Unit,
    *,
    code: str,
    name: str,
    kind: OfferKind,
    service_kind: str | None = None,
    currency: str = "USD",
    purchase_fee: Decimal | None = None,
    monthly_fee: Decimal | None = None,
    cancel_fee: Decimal | None = None,
    usage_rate: Decimal | None = None,
    usage_unit: str | None = None,
    monthly_percent_off: Decimal | None = None,
    usage_percent_off: Decimal | None = None,
) -> Offer:
    """Creates an offer. Raises REQUIRED, INVALID, OUT_OF_RANGE, or TAKEN for its code."""
    unit.require(Role.MANAGER)
    fees = {"purchase_fee": purchase_fee, "monthly_fee": monthly_fee, "cancel_fee": cancel_fee}
    percents = {"monthly_percent_off": monthly_percent_off, "usage_percent_off": usage_percent_off}
    checked_unit = optional_text(usage_unit, path="usage_unit", longest=32)
    _check_fees(kind, {**fees, "usage_rate": usage_rate}, percents, checked_unit)
    offer_currency = checked_currency(currency)
    checked_code = required_text(code, path="code", longest=64)
    if (await unit.session.execute(select(exists().where(Offer.code == checked_code)))).scalar():
        raise TenureError(
            ErrorCode.TAKEN, f"Offer code {excerpt(checked_code)} is taken.", ("code",)
        )
    offer = Offer(
        code=checked_code,
        name=required_text(name, path="name"),
        kind=kind,
        service_kind=checked_optional_kind(service_kind),
        currency=offer_currency,
        usage_rate=_not_negative(usage_rate, "usage_rate"),
        usage_unit=checked_unit,
        created_at=unit.now,
        **{name: checked_fee(value, offer_currency, path=name) for name, value in fees.items()},
        **{name: _percent(value, name) for name, value in percents.items()},
    )
    unit.session.add(offer)
    await unit.session.flush()
    await _record_creation(unit, offer)
    return offer


async def _record_creation(unit: Unit, offer: Offer) -> None:
    """The audit entry has every term that was given."""
    terms = {column.key: getattr(offer, column.key) for column in inspect(Offer).column_attrs}
    given = {
        name: (None, value)
        for name, value in terms.items()
        if value is not None and name not in ("id", "created_at")
    }
    summary = f"Created offer {offer.code}, {offer.name}."
    await record_audit(unit, AuditAction.OFFER_CREATED, summary, given)


def _check_fees(
    kind: OfferKind,
    fees: dict[str, Decimal | None],
    percents: dict[str, Decimal | None],
    usage_unit: str | None,
) -> None:
    """Raises INVALID for fees of the other kind of offer, REQUIRED for a rate without unit."""
    is_charge = kind is OfferKind.CHARGE
    label = "charge" if is_charge else "discount"
    for name, value in (percents if is_charge else fees).items():
        if value is not None:
            raise TenureError(
                ErrorCode.INVALID, f"A {label} offer has no {name.replace('_', ' ')}.", (name,)
            )
    if fees["usage_rate"] is not None and not usage_unit:
        raise TenureError(
            ErrorCode.REQUIRED,
            "Enter the unit of the usage rate, for example MB, SMS or minute.",
            ("usage_unit",),
        )


def _not_negative(value: Decimal | None, name: str) -> Decimal | None:
    return None if value is None else checked(value, path=(name,), least=Decimal(0))


def _percent(value: Decimal | None, name: str) -> Decimal | None:
    if value is not None and checked(value, path=(name,), least=Decimal(0)) > HUNDRED:
        raise TenureError(
            ErrorCode.OUT_OF_RANGE, "A discount must be from 0 to 100 percent.", (name,)
        )
    return value
