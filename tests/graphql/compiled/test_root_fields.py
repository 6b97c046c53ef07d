"""Compiled root fields beside lists and lookups: `nodes`, `scheduleConflicts`, the calendar."""

import re
from random import Random

import pytest
from sqlalchemy import update

from tenure.deferred.models import DeferredAction, DeferredKind, DeferredStatus
from tenure.graphql.types.ids import global_id
from tenure.holds.models import Status
from tenure.kernel.actor import Actor, Role
from tenure.kernel.unit import Runtime
from tenure.settings.models import BusinessRow
from tests.conftest import ANA
from tests.graphql.compiled.comparing import IGNORE_UNAWAITED, BothWays
from tests.graphql.compiled.random_operations import TARGETS
from tests.graphql.compiled.random_rows import add_random_rows, natural_keys

pytestmark = IGNORE_UNAWAITED
AGENT = Actor("ben@example.com", Role.AGENT)
NODES = """query($ids: [ID!]!) { nodes(ids: $ids) {
  __typename id ... on Account { name } ... on Bill { account { name } } } }"""
CONFLICTS = """query($target: ID!) {
  before: scheduleConflicts(target: $target, at: "2026-11-10T00:00:00Z") { id }
  scheduleConflicts(target: $target, at: "2027-01-01T00:00:00Z") { summary account { name } } }"""
CALENDAR = """query($from: Date!, $to: Date!, $filter: DeferredActionFilter) {
  deferredActionDays(from: $from, to: $to, filter: $filter) {
    __typename date counts { count status } numbers: counts { count __typename } }
  none: deferredActionDays(from: "2026-11-01", to: "2026-11-01") { date } }"""


@pytest.fixture
async def both(runtime: Runtime) -> BothWays:
    """Both ways on random rows."""
    await add_random_rows(runtime.database, Random(3))
    return BothWays(runtime)


async def test_nodes_of_several_types_are_one_statement(both: BothWays) -> None:
    keys = await natural_keys(both.runtime.database)
    types = ("Bill", "Account", "Event")
    ids = [global_id(kind, key) for key in (2, 9, 999) for kind in types]
    account = keys["Account"][0]
    for given, found in ((ids, 6), ([*ids[:4], ids[0], "no id", account], 6), (ids[:1] * 3, 3)):
        assert (await both.equal(NODES, {"ids": given})).count(b"__typename") == found
    assert (both.compiled.compiled, both.compiled.fallbacks) == (3, {})
    # Equal types share a statement, in whatever order and number.
    await both.equal(NODES, {"ids": ids[::-1]})
    assert len(both.compiled.plans.statements) == 2


async def test_nodes_require_the_role_of_each_type(both: BothWays) -> None:
    as_agent = BothWays(both.runtime, AGENT)
    ids = [global_id("Account", 2), global_id("Token", 2)]
    assert b"FORBIDDEN" in await as_agent.equal(NODES, {"ids": ids})
    assert as_agent.compiled.fallbacks == {"forbidden": 1}


async def test_schedule_conflicts_are_compiled(both: BothWays) -> None:
    """Rules 2.3 to 2.6: of the entity, its service, its account, and those that pay for it."""
    closing = {"status": DeferredStatus.PENDING, "to_status": Status.CLOSED}
    async with both.runtime.unit(ANA) as unit:
        await unit.session.execute(update(DeferredAction).values(closing))
        of_accounts = DeferredAction.id % 2 == 0
        kind = DeferredKind.CHANGE_ACCOUNT_STATUS
        await unit.session.execute(update(DeferredAction).where(of_accounts).values(kind=kind))
    keys = await natural_keys(both.runtime.database)
    found = {}
    for kind_of_target in TARGETS:
        targets = [global_id(kind_of_target, key) for key in range(1, 25)]
        targets += keys["Account"][:1] if kind_of_target == "Account" else []
        answers = [await both.equal(CONFLICTS, {"target": it}) for it in targets]
        found[kind_of_target] = sum(b'"summary"' in it for it in answers)
    assert all(found.values()), found
    assert both.compiled.fallbacks == {}
    alone = CONFLICTS.replace("before:", "#")
    assert b"NOT_FOUND" in await both.equal(alone, {"target": global_id("Service", 999)})
    assert both.compiled.fallbacks == {"null": 1}


async def test_the_calendar_is_compiled(both: BothWays) -> None:
    """Rules 9: business days begin by the time zone, here also where daylight saving ends."""
    filters = ({}, {"status": ["PENDING", "DONE"]}, {"account": global_id("Account", 2)})
    answers = set()
    for time_zone in ("UTC", "America/New_York", "Pacific/Kiritimati"):
        async with both.runtime.unit(ANA) as unit:
            await unit.session.execute(update(BusinessRow).values(time_zone=time_zone))
        for filter_ in filters:
            days = {"from": "2026-10-15", "to": "2026-12-16"}
            answers.add(await both.equal(CALENDAR, {**days, "filter": filter_}))
    assert len(answers) > 6
    assert any(len(re.findall(b'"date"', it)) > 10 for it in answers)
    assert (both.compiled.compiled, both.compiled.fallbacks) == (9, {})
