"""The final state in the database: entities, events, and held locks."""

import asyncio
import time

import asyncpg

from tests.faults.business import FinalState
from tests.faults.families import Verdict

STANDS = {
    "account": "SELECT id, inactive_holds, closed_holds, parent_id FROM account",
    "bill unit": "SELECT id, paying_parent_id FROM bill_unit",
    "service": """
        SELECT id, inactive_holds, closed_holds,
            CASE WHEN former_login IS NULL THEN login
                ELSE (SELECT closed_login_prefix FROM business) END, former_login
        FROM service WHERE former_login IS NULL
            OR starts_with(login, (SELECT closed_login_prefix FROM business))""",
    "offer": "SELECT id, inactive_holds, closed_holds FROM purchased_offer",
}
STATUS_CHANGES = """
    SELECT CASE WHEN offer_id IS NOT NULL THEN 'offer'
        WHEN service_id IS NOT NULL THEN 'service' ELSE 'account' END,
        coalesce(offer_id, service_id, account_id),
        from_status, to_status, inactive_holds, closed_holds, cause, followed_id IS NOT NULL
    FROM event WHERE kind = 'STATUS_CHANGE' ORDER BY id"""
# Actions that were not executed exactly once, or whose outcome does not have exactly one event.
WRONG_OUTCOMES = """
    SELECT action.id, status, failure, attempts, job_run_id, count(event.id) AS events
    FROM deferred_action AS action
    LEFT JOIN event ON event.kind = 'DEFERRED_ACTION' AND event.description =
        CASE status WHEN 'DONE' THEN 'Done: ' WHEN 'FAILED' THEN 'Failed: '
            ELSE 'Not applicable: ' END
        || summary || coalesce('. ' || failure, '')
    GROUP BY action.id HAVING count(event.id) <> 1 OR attempts <> 1 OR job_run_id IS NULL
        OR executed_at IS NULL"""
OUTCOME_EVENTS = "SELECT count(*) FROM event WHERE kind = 'DEFERRED_ACTION'"
# Runs that have not ended, or whose counts differ from those of the actions that they executed.
WRONG_RUNS = """
    SELECT id, status, total, job_run.done, job_run.failed,
        carried.done AS were_done, carried.failed AS had_failed
    FROM job_run LEFT JOIN (
        SELECT job_run_id, count(*) FILTER (WHERE status <> 'FAILED') AS done,
            count(*) FILTER (WHERE status = 'FAILED') AS failed
        FROM deferred_action GROUP BY job_run_id
    ) AS carried ON carried.job_run_id = job_run.id
    WHERE job_run.done <> coalesce(carried.done, 0) OR job_run.failed <> coalesce(carried.failed, 0)
        OR total <> job_run.done + job_run.failed
        OR status <> CASE WHEN job_run.failed > 0 THEN 'DONE_WITH_FAILURES' ELSE 'DONE' END
        OR finished_at IS NULL OR step IS NOT NULL"""
LEFT = "SELECT count(*) FROM deferred_action WHERE status = 'PENDING'"
UNDONE = """
    SELECT (SELECT count(*) FROM deferred_action WHERE status = 'PENDING')
        + (SELECT count(*) FROM job_run WHERE status IN ('QUEUED', 'RUNNING'))"""
LOCKS = """
    SELECT activity.pid, locktype, mode, granted, state, query
    FROM pg_locks JOIN pg_stat_activity AS activity USING (pid)
    WHERE datname = current_database() AND activity.pid <> pg_backend_pid()"""
BACKENDS = (
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
MOST_LINES = 12


async def stored_state(connection: asyncpg.Connection) -> FinalState:
    """The state in the database, in the form of `Business.expected`."""
    seen = FinalState()
    for kind, statement in STANDS.items():
        for id_, *stands in await connection.fetch(statement):
            seen.stands[kind, id_] = tuple(stands)
    for id_, state, why in await connection.fetch(
        "SELECT id, status, failure FROM deferred_action"
    ):
        seen.verdicts[id_] = Verdict(state, frozenset({why}))
    for kind, id_, *change in await connection.fetch(STATUS_CHANGES):
        seen.events[kind, id_].append(tuple(change))
    return seen


def differences(expected: FinalState, seen: FinalState) -> list[str]:
    """The differences between the expected and the stored state, one line each."""
    lines = []
    for id_, verdict in expected.verdicts.items():
        became = seen.verdicts[id_]
        if became.state != verdict.state or not became.why <= verdict.why:
            lines.append(f"deferred action {id_} became {became}, not {verdict}")
    for what, ours, theirs in (
        ("stands", expected.stands, seen.stands),
        ("events", expected.events, seen.events),
    ):
        differing = (
            entity for entity in sorted({*ours, *theirs}) if ours.get(entity) != theirs.get(entity)
        )
        lines += [
            f"{what}: {entity} {theirs.get(entity)}, not {ours.get(entity)}" for entity in differing
        ]
    return lines


async def until_nothing(connection: asyncpg.Connection, statement: str, seconds: float) -> None:
    """Wait until the statement finds no row, or only a zero."""
    last = time.monotonic() + seconds
    while rows := [dict(row) for row in await connection.fetch(statement) if any(row)]:
        assert time.monotonic() < last, rows
        await asyncio.sleep(0.1)


async def check(connection: asyncpg.Connection, expected: FinalState) -> None:
    """Checks outcomes, events and entities, and that all runs have ended with correct counts."""
    wrong = [dict(row) for row in await connection.fetch(WRONG_RUNS)]
    assert not wrong, wrong[:MOST_LINES]
    wrong = [dict(row) for row in await connection.fetch(WRONG_OUTCOMES)]
    assert not wrong, wrong[:MOST_LINES]
    assert await connection.fetchval(OUTCOME_EVENTS) == len(expected.verdicts)
    lines = differences(expected, await stored_state(connection))
    assert not lines, "\n".join([f"{len(lines)} differences:", *lines[:MOST_LINES]])
