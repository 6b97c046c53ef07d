"""Schedules the suspension of a customer: `python example.py "nora han" 2040-01-02T00:00:00Z`."""

import os
import sys
from datetime import datetime
from uuid import uuid4

import httpx
from retrying import RetryingTransport
from tenure_api import ChangeAccountStatusInput, Status, TenureApi


def main(search: str, time: str) -> int:
    """Returns the exit code: 0 if it was scheduled, 1 if not."""
    headers = {"Authorization": f"Bearer {os.environ['TOKEN']}"}
    http = httpx.Client(headers=headers, transport=RetryingTransport(), timeout=30)
    with TenureApi(f"{os.environ['TENURE']}/graphql", http_client=http) as tenure:
        found = tenure.find_accounts(search).accounts.nodes
        if len(found) != 1:
            print(f"{len(found)} accounts match {search}", file=sys.stderr)
            return 1
        change = ChangeAccountStatusInput(
            account_id=found[0].id,
            status=Status.INACTIVE,
            defer_until=datetime.fromisoformat(time),
            expected_version=found[0].version,
        )
        # Pass a key of your own order if your program may be restarted in between.
        key = {"Idempotency-Key": str(uuid4())}
        payload = tenure.change_account_status(change, headers=key).change_account_status
    for error in payload.errors:
        print(f"{error.code.value} {'.'.join(error.path)}: {error.message}", file=sys.stderr)
    if payload.deferred_action is None:
        return 1
    print(f"{payload.deferred_action.summary}: {payload.deferred_action.status.value}")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
