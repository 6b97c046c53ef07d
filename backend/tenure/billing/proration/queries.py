"""Monthly fees and discounts of whole cycles in SQL, equal to those of the rules (rules 6.3)."""

from sqlalchemy import ColumnElement

from tenure.kernel.money import MILLION, rounded_in_sql

HUNDRED_PERCENT = 100 * MILLION


def fee_of_cycle(price: ColumnElement[int], currency: str) -> ColumnElement[int]:
    """`prorated_fee` of a quantity of one that is active for the whole cycle, in millionths."""
    return rounded_in_sql(price, currency)


def discount_of_cycle(
    price: ColumnElement[int], percent: ColumnElement[int], currency: str
) -> ColumnElement[int]:
    """The amount of one discount in whole per cent of `fee_of_cycle`, positive, in millionths.

    In two steps: the product of both could exceed a 64-bit integer.
    """
    whole = price // HUNDRED_PERCENT * percent
    return rounded_in_sql(whole + price % HUNDRED_PERCENT * percent // HUNDRED_PERCENT, currency)
