"""Outcomes of the rows of a set: each row has a result or an error, in the order of the rows."""

from collections.abc import Callable, Iterable, Sequence
from typing import ParamSpec, TypeVar

from tenure.kernel.errors import TenureError

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
Checked = TypeVar("Checked")


def outcome_of(
    check: Callable[Parameters, Result], *args: Parameters.args, **kwargs: Parameters.kwargs
) -> Result | TenureError:
    """What the check returns, or the error that it raises."""
    try:
        return check(*args, **kwargs)
    except TenureError as error:
        return error


def accepted(outcomes: Iterable[Result | TenureError]) -> list[Result]:
    """The results, without the errors."""
    return [outcome for outcome in outcomes if not isinstance(outcome, TenureError)]


def with_results(
    outcomes: Sequence[Checked | TenureError], results: Iterable[Result]
) -> list[Result | TenureError]:
    """The outcomes with each accepted row replaced by its result, the next of `results`."""
    following = iter(results)
    return [
        outcome if isinstance(outcome, TenureError) else next(following) for outcome in outcomes
    ]


def only_result(outcomes: Sequence[Result | TenureError]) -> Result:
    """The result of a set with one row. Raises its error."""
    [outcome] = outcomes
    if isinstance(outcome, TenureError):
        raise outcome
    return outcome
