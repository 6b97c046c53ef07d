"""Compares the schema with the contract for partner systems.

`python -m tests.contract > tests/contract_missing.txt` writes the list of the breaking changes
that tests/test_architecture.py accepts.
"""

from graphql import build_schema
from graphql.utilities import find_breaking_changes

from tenure.graphql.http.schema import schema
from tests.shared import shared

# Additions that do not break a client of the contract.
HARMLESS = {"TYPE_ADDED_TO_UNION"}


def missing() -> list[str]:
    """The breaking changes of our schema against the contract, one text each, sorted."""
    contract = build_schema(shared("contract/schema.graphql").read_text())
    changes = find_breaking_changes(contract, build_schema(schema.as_str()))
    return sorted(
        f"{change.type.name}: {change.description}"
        for change in changes
        if change.type.name not in HARMLESS
    )


if __name__ == "__main__":
    for line in missing():
        print(line)
