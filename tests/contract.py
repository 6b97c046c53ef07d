"""What a served schema still lacks of the contract with partner systems.

`python -m tests.contract > tests/contract_missing.txt` writes the list that tests/test_architecture.py holds us to.
"""

from graphql import build_schema
from graphql.utilities import find_breaking_changes

from tenure.graphql.http.schema import schema
from tests.shared import shared

# Additions that a reader of the contract need not notice.
HARMLESS = {"TYPE_ADDED_TO_UNION"}


def missing() -> list[str]:
    """Each break of the contract by the schema that this program serves, in a line, sorted."""
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
