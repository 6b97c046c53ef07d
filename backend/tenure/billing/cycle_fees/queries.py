"""The offers whose monthly fee is due for a cycle that begins."""

from collections.abc import Collection
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    and_,
    case,
    func,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.orm import aliased

from tenure.assets.models import PurchasedOffer
from tenure.billing.charges.queries import MONTHLY_FEE, ZERO
from tenure.billing.cycle_fees.rules import NewCycle
from tenure.catalog.models import Offer, OfferKind
from tenure.holds.models import Status
from tenure.kernel.db import AnySelect
from tenure.kernel.dialects import in_ids
from tenure.kernel.money import MILLION, MINOR_UNITS

DISCOUNT, DISCOUNT_OFFER = (
    aliased(PurchasedOffer, name="discount"),
    aliased(Offer, name="discount_offer"),
)


def is_simple(cycle: NewCycle) -> ColumnElement[bool]:
    """A fee that is owed in full, once, with at most one discount, which is simple too: what most customers have."""
    simple = and_(
        _settled(DISCOUNT, cycle),
        type_coerce(DISCOUNT_OFFER.monthly_percent_off, BigInteger) % MILLION == 0,
    )
    discounts = select(func.coalesce(func.sum(case((simple, 1), else_=2)), 0)).where(
        takes_off(), or_(DISCOUNT.status == Status.ACTIVE, ~_settled(DISCOUNT, cycle))
    )
    return and_(
        in_ids(PurchasedOffer.bill_unit_id, cycle.bill_unit_ids),
        PurchasedOffer.kind == OfferKind.CHARGE,
        PurchasedOffer.status == Status.ACTIVE,
        PurchasedOffer.charged_until == cycle.span.start,
        PurchasedOffer.quantity == 1,
        _settled(PurchasedOffer, cycle),
        Offer.id == PurchasedOffer.offer_id,
        _least_fee(cycle.currency) <= MONTHLY_FEE,
        discounts.correlate(PurchasedOffer).scalar_subquery() <= 1,
    )


def _least_fee(currency: str) -> Decimal:
    """Half a minor unit: what is less costs nothing."""
    return Decimal(5).scaleb(-MINOR_UNITS.get(currency, 2) - 1)


def discounted(offer_ids: Collection[int]) -> AnySelect:
    """Those of the fees that something is taken off."""
    fees = select(PurchasedOffer.id).where(in_ids(PurchasedOffer.id, offer_ids))
    return fees.where(takes_off(), DISCOUNT.status == Status.ACTIVE)


def takes_off() -> ColumnElement[bool]:
    """The discounts (`DISCOUNT`, `DISCOUNT_OFFER`) of a fee: of its service, or of the account."""
    return and_(
        DISCOUNT.account_id == PurchasedOffer.account_id,
        or_(DISCOUNT.service_id.is_(None), DISCOUNT.service_id == PurchasedOffer.service_id),
        DISCOUNT.kind == OfferKind.DISCOUNT,
        DISCOUNT_OFFER.id == DISCOUNT.offer_id,
        DISCOUNT_OFFER.monthly_percent_off > ZERO,
    )


def offers_to_look_at(cycle: NewCycle) -> AnySelect:
    """What is not charged for the cycle yet and may have to be: all but what has been inactive for long."""
    at_rest = and_(
        PurchasedOffer.status != Status.ACTIVE, PurchasedOffer.status_changed_at < cycle.settled
    )
    return select(PurchasedOffer.id).where(
        in_ids(PurchasedOffer.bill_unit_id, cycle.bill_unit_ids),
        PurchasedOffer.kind == OfferKind.CHARGE,
        PurchasedOffer.charged_until < cycle.span.end,
        ~at_rest,
        Offer.id == PurchasedOffer.offer_id,
        MONTHLY_FEE > ZERO,
    )


def _settled(offer: type[PurchasedOffer], cycle: NewCycle) -> ColumnElement[bool]:
    """As it is today since the first day of the cycle or longer, and for as long as can be seen."""
    return and_(
        offer.status_changed_at < cycle.settled,
        offer.first_start < cycle.settled,
        offer.ends_at.is_(None),
    )
