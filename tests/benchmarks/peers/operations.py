"""What is asked: three reads, each as GraphQL of Tenure, GraphQL of PostGraphile, and bare SQL.

The documents are in `operations/`. The two in GraphQL select the same fields under the same names.
"""

import random
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

FOLDER = Path(__file__).with_name("operations")
SAMPLES = 400
# Every hundredth account has a bill with 101 events (data.sql).
LARGE_BILL = 100


@dataclass(frozen=True)
class Operation:
    """A read. `name` is that of its files, `field` that of its root field."""

    name: str
    title: str
    field: str

    @cached_property
    def tenure(self) -> str:
        """The document for Tenure, and for the ORM server, which has a part of its schema."""
        return (FOLDER / f"{self.name}.graphql").read_text()

    @cached_property
    def postgraphile(self) -> str:
        """The document for PostGraphile."""
        return (FOLDER / f"{self.name}.postgraphile.graphql").read_text()

    @property
    def script(self) -> Path:
        """The file that pgbench runs: a line that draws `:n`, then one statement."""
        return FOLDER / f"{self.name}.sql"

    @cached_property
    def statement(self) -> str:
        """The statement of the script, with `:n` as its parameter $1. Returns one JSON value."""
        _, _, statement = self.script.read_text().partition("\n")
        return re.sub(r"(?<!:):n\b", "$1", statement)


ACCOUNT_PAGE = Operation("account_page", "Q1 account page", "account")
ACCOUNT_LIST = Operation("account_list", "Q2 list of 25", "accounts")
BILL = Operation("bill", "Q3 bill with events", "bill")
OPERATIONS = (ACCOUNT_PAGE, ACCOUNT_LIST, BILL)


def drawn_numbers(operation: Operation, accounts: int) -> list[int]:
    """The value of `:n` of each sample: the number of an account. The same in every run.

    Of the list, which continues after an account, they are known when the list has been read.
    """
    drawing = random.Random(operation.name)
    if operation is BILL:
        bills = accounts // LARGE_BILL
        return [LARGE_BILL * drawing.randint(1, bills) for _ in range(SAMPLES)]
    return [drawing.randint(1, accounts) for _ in range(SAMPLES)]


def variables(operation: Operation, number: int) -> dict[str, str]:
    """The variables of a sample of the account page or the bill."""
    return {"number": f"B-{number}-20261201" if operation is BILL else f"A-{number:08}"}
