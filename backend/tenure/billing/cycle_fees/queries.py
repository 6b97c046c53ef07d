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
from tenure.kernel.currencies import minor_units
from tenure.kernel.db import AnySelect
from tenure.kernel.dialects import in_ids
from tenure.kernel.money import MILLION

DISCOUNT = aliased(PurchasedOffer, name="discount")
DISCOUNT_OFFER = aliased(Offer, name="discount_offer")


def has_unchanged_fee(cycle: NewCycle) -> ColumnElement[bool]:
    """The full fee is due once, with at most one discount that is also unchanged: the case of most
    customers.
    """
    simple = and_(
        _is_unchanged(DISCOUNT, cycle),
        type_coerce(DISCOUNT_OFFER.monthly_percent_off, BigInteger) % MILLION == 0,
    )
    discounts = select(func.coalesce(func.sum(case((simple, 1), else_=2)), 0)).where(
        is_discount_of_fee(), or_(DISCOUNT.status == Status.ACTIVE, ~_is_unchanged(DISCOUNT, cycle))
    )
    return and_(
        in_ids(PurchasedOffer.bill_unit_id, cycle.bill_unit_ids),
        PurchasedOffer.kind == OfferKind.CHARGE,
        PurchasedOffer.status == Status.ACTIVE,
        PurchasedOffer.charged_until == cycle.span.start,
        PurchasedOffer.quantity == 1,
        _is_unchanged(PurchasedOffer, cycle),
        Offer.id == PurchasedOffer.offer_id,
        _smallest_fee(cycle.currency) <= MONTHLY_FEE,
        discounts.correlate(PurchasedOffer).scalar_subquery() <= 1,
    )


def _smallest_fee(currency: str) -> Decimal:
    """Half a minor unit: a smaller fee rounds to zero."""
    return Decimal(5).scaleb(-minor_units(currency) - 1)


def discounted_offers(offer_ids: Collection[int]) -> AnySelect:
    """The offers whose fee has an active discount."""
    fees = select(PurchasedOffer.id).where(in_ids(PurchasedOffer.id, offer_ids))
    return fees.where(is_discount_of_fee(), DISCOUNT.status == Status.ACTIVE)


def is_discount_of_fee() -> ColumnElement[bool]:
    """The discounts (`DISCOUNT`, `DISCOUNT_OFFER`) of a fee: of its service, or of the account."""
    return and_(
        DISCOUNT.account_id == PurchasedOffer.account_id,
        or_(DISCOUNT.service_id.is_(None), DISCOUNT.service_id == PurchasedOffer.service_id),
        DISCOUNT.kind == OfferKind.DISCOUNT,
        DISCOUNT_OFFER.id == DISCOUNT.offer_id,
        DISCOUNT_OFFER.monthly_percent_off > ZERO,
    )


def offers_to_prorate(cycle: NewCycle) -> AnySelect:
    """Offers not charged for the cycle yet, without those that were inactive before it."""
    at_rest = and_(
        PurchasedOffer.status != Status.ACTIVE,
        PurchasedOffer.status_changed_at < cycle.unchanged_since,
    )
    return select(PurchasedOffer.id).where(
        in_ids(PurchasedOffer.bill_unit_id, cycle.bill_unit_ids),
        PurchasedOffer.kind == OfferKind.CHARGE,
        PurchasedOffer.charged_until < cycle.span.end,
        ~at_rest,
        Offer.id == PurchasedOffer.offer_id,
        MONTHLY_FEE > ZERO,
    )


def _is_unchanged(offer: type[PurchasedOffer], cycle: NewCycle) -> ColumnElement[bool]:
    """The offer has had its status since the first day of the cycle or before."""
    return and_(
        offer.status_changed_at < cycle.unchanged_since,
        offer.first_start < cycle.unchanged_since,
    )
