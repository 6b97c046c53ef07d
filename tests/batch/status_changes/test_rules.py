"""The levels of the accounts of a status change job."""

from tenure.batch.status_changes.rules import levels


def test_payers_come_before_those_they_pay_for() -> None:
    """Rules 2.6. An account that is not in the set, here 9, has no level."""
    assert levels({1: (1, 2, 3, 9), 2: (2, 3), 3: (3,), 4: (4,)}) == {2: 1, 3: 2}


def test_two_payers() -> None:
    """Rules 2.6: the account waits for both."""
    assert levels({1: (1, 3), 2: (2, 3), 3: (3, 4), 4: (4,)}) == {3: 1, 4: 2}


def test_accounts_that_pay_for_each_other() -> None:
    """The smallest id comes first, and no two of them share a level."""
    circle = {1: (1, 2, 3), 2: (2, 3, 1), 3: (3, 1, 2), 4: (4,)}
    assert levels(circle) == {1: 1, 2: 2, 3: 3}
