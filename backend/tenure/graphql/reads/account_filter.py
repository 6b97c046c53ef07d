"""The filters and sort orders of the list of accounts."""

from collections.abc import Sequence
from datetime import date
from functools import reduce
from operator import or_

import strawberry
from sqlalchemy import Select, select

from tenure.accounts import models
from tenure.accounts.models import Rank
from tenure.accounts.queries import matches_search, search_candidates
from tenure.billing.credits.queries import is_overdue, overdue_accounts
from tenure.graphql.reads.filters import one_of
from tenure.graphql.reads.mapping import TODAY, VALUE_LIMIT, Condition, Filter, Filters
from tenure.graphql.reads.natural_keys import key_expression
from tenure.graphql.reads.statements import conditions, has_candidates, selected_filters
from tenure.graphql.types.accounts import NEWEST
from tenure.graphql.types.enums import AccountSort
from tenure.hierarchy.parents import queries as parents
from tenure.holds import queries as holds
from tenure.holds.models import Cause, Status
from tenure.kernel.candidates import Candidates
from tenure.kernel.errors import TenureError
from tenure.kernel.pages import Order

ACCOUNT_SORTS = {
    AccountSort.CREATED_DESC: NEWEST,
    AccountSort.CREATED_ASC: Order(NEWEST.columns),
    AccountSort.NAME_ASC: Order((models.Account.name_key, models.Account.id)),
    AccountSort.NAME_DESC: Order((models.Account.name_key, models.Account.id), descending=True),
    AccountSort.NUMBER_ASC: Order((models.Account.number,)),
}


def account_filters() -> Filters:
    """The filters behind the fields of AccountFilter."""
    return {
        "search": Filter(matches_search, candidates=search_candidates),
        "status": one_of(models.Account.status),
        "rank": one_of(models.Account.rank),
        "held_by": Filter(has_hold, candidates=held_accounts),
        "below": Filter(is_below, references="Account"),
        "has_overdue": Filter(
            has_overdue,
            uses_today=True,
            candidates=lambda expected: overdue_accounts(TODAY) if expected else None,
        ),
    }


def has_hold(causes: Sequence[Cause]) -> Condition:
    """Accounts with a hold of one of these causes, whatever its effect."""
    return holds.has_hold(models.Account, reduce(or_, causes, Cause(0)))


def held_accounts(causes: Sequence[Cause]) -> Candidates:
    """The accounts with a hold of one of these causes."""
    return holds.held_entities(models.Account, models.Account.id, reduce(or_, causes, Cause(0)))


def has_overdue(expected: bool) -> Condition:
    """Accounts with an overdue bill, or those without one if `expected` is false."""
    overdue = is_overdue(TODAY)
    return overdue if expected else ~overdue


def matching_accounts(filter: "AccountFilter", today: date) -> Select[int]:
    """The ids of the accounts that meet the filter on a business date.

    Raises INVALID and OUT_OF_RANGE with the path of the field.
    """
    try:
        matches_filter = conditions(account_filters(), vars(filter))
    except TenureError as error:
        raise TenureError(error.code, error.message, ("filter", *error.path)) from None
    return select(models.Account.id).where(*matches_filter).params({TODAY.key: today})


def has_bounded_count(filter: "AccountFilter") -> bool:
    """True if the accounts that meet the filter are counted up to MAX_COUNT only."""
    filters = account_filters()
    return has_candidates(filters, selected_filters(filters, vars(filter)))


@strawberry.input(description="An omitted field or an empty list does not filter.")
class AccountFilter:
    """Filters a list of accounts."""

    search: str | None = strawberry.field(
        default=strawberry.UNSET,
        description=(
            "Words that number, name, email, phone, login or a part of them begin with, or the "
            "last digits of a phone number, login or card. At most 10 words."
        ),
    )
    status: list[Status] | None = strawberry.field(
        default=strawberry.UNSET, description=VALUE_LIMIT
    )
    rank: list[Rank] | None = strawberry.field(default=strawberry.UNSET, description=VALUE_LIMIT)
    held_by: list[Cause] | None = strawberry.field(
        default=strawberry.UNSET, description=VALUE_LIMIT
    )
    below: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET,
        description="Accounts below this account in the hierarchy, at any depth.",
    )
    has_overdue: bool | None = strawberry.field(
        default=strawberry.UNSET, description="Whether the account has an overdue bill."
    )


def is_below(account_id: str) -> Condition:
    """Accounts below this account, at any depth."""
    return parents.is_below(key_expression(account_id, "Account"))
