"""Taking in usage: lists of lines, each rated and charged, or refused alone (rules 6.4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import Insert, insert, select

from tenure.billing.actions import post
from tenure.billing.rules import Charge
from tenure.cascades.rules import Why
from tenure.holds.models import Status
from tenure.kernel.actor import Role
from tenure.kernel.clock import business_day
from tenure.kernel.dialects import table_of
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.unit import Unit
from tenure.policies.actions import installed
from tenure.policies.rules import LimitEvent
from tenure.receivables.actions import hold_all
from tenure.usage.models import RatedUsage
from tenure.usage.queries import Known, balances, events_of, known_of
from tenure.usage.rules import Recorded, UsageLine, UsedService, charges_of, checked_line, service_used

MANY = 1000
WHY_HELD = "The credit limit is reached"


@dataclass(frozen=True, slots=True)
class Limits:
    """Who reaches the credit limit by what is about to be posted, and the hold that a plug-in then wants.

    `balances` are those of the accounts that are watched: mostly nobody is, because the default holds nothing.
    """

    balances: dict[int, Decimal]
    # By the effect that is wanted: the accounts, each with the place of the charge that reached its limit.
    holds: dict[Status, dict[int, int]] = field(default_factory=dict)

    def count(self, service: UsedService, charges: Sequence[Charge], place: int) -> None:
        """These are posted too, from this place on. Raises NOT_ALLOWED where a plug-in refuses; then they do not count."""
        account, limit = service.account, service.account.credit_limit
        if limit is None or service.account_id not in self.balances:
            return
        before = self.balances[service.account_id]
        after = before + sum(charge.amount for charge in charges)
        if before < limit <= after:
            usage = charges[0]
            event = LimitEvent(str(usage.kind), usage.amount, after, limit, usage.currency, usage.occurred_at)
            if (effect := installed().credit_limit_reached(account, event)) is not None:
                self.holds.setdefault(effect, {})[service.account_id] = place
        self.balances[service.account_id] = after


async def record_usage(unit: Unit, lines: Sequence[UsageLine]) -> list[Recorded | TenureError]:
    """Rate and charge these lines. Answers in their order: the event, or why the line was refused, from its place on.

    A line that is refused does not stop the others. A reference is rated once, whoever sends it again, also at the same
    moment: whom the database lets come second begins anew. Raises OUT_OF_RANGE for more than 1,000 lines.
    """
    unit.require(Role.AGENT)
    if len(lines) > MANY:
        raise TenureError(ErrorCode.OUT_OF_RANGE, f"Give at most {MANY:,} lines at once.", ("lines",))
    answers: dict[int, Recorded | TenureError] = {}
    sound: dict[int, UsageLine] = {}
    for place, line in enumerate(lines):
        try:
            sound[place] = checked_line(line, unit.now)
        except TenureError as refusal:
            answers[place] = _at(place, refusal)
    events = await events_of(unit, {line.reference for line in sound.values()})
    known = set(events)
    events |= await _rate(unit, {at: line for at, line in sound.items() if line.reference not in known}, answers)
    for place, line in sound.items():
        if place not in answers:
            answers[place] = Recorded(events[line.reference], again=line.reference in known)
            known.add(line.reference)
    return [answers[place] for place in range(len(lines))]


async def _rate(
    unit: Unit, lines: Mapping[int, UsageLine], answers: dict[int, Recorded | TenureError]
) -> dict[str, int]:
    """Post what these lines cost; those that cannot be rated are answered. The events of the others, by reference."""
    if not lines:
        return {}
    known = await known_of(unit, lines.values())
    limits = await _limits(unit, known)
    charges: list[Charge] = []
    begins: dict[str, int] = {}
    for place, line in lines.items():
        if line.reference in begins:
            continue
        try:
            service = service_used(known.services.get(line.login_key, ()), line)
            day = business_day(line.occurred_at, unit.business.time_zone)
            some = charges_of(line, service, known.offers(service), day=day, place=len(charges))
            limits.count(service, some, len(charges))
        except TenureError as refusal:
            answers[place] = _at(place, refusal)
        else:
            begins[line.reference] = len(charges)
            charges += some
    ids = await post(unit, charges)
    events = {reference: ids[at] for reference, at in begins.items()}
    if events:
        await unit.session.execute(_rated(unit, events))
    for effect, reached in limits.holds.items():
        await hold_all(unit, effect, {account: Why(WHY_HELD, ids[at]) for account, at in reached.items()})
    return events


def _rated(unit: Unit, events: Mapping[str, int]) -> Insert:
    """In one order, so that two lists with the same references wait for each other rather than deadlock."""
    columns = {"reference": RatedUsage.reference.type, "event_id": RatedUsage.event_id.type}
    rows = [{"reference": reference, "event_id": event_id} for reference, event_id in events.items()]
    rated = table_of(unit.session, "rated", columns, rows)
    return insert(RatedUsage).from_select(list(columns), select(rated).order_by(rated.c.reference))


async def _limits(unit: Unit, known: Known) -> Limits:
    """Whose balances have to be watched: only where a plug-in has a say, and only of accounts that have a limit."""
    services = (service for found in known.services.values() for service in found)
    limited = {service.account_id for service in services if service.account.credit_limit is not None}
    watched = bool(limited) and installed().watches_credit_limits
    return Limits(await balances(unit, limited) if watched else {})


def _at(place: int, refusal: TenureError) -> TenureError:
    return TenureError(refusal.code, refusal.message, (place, *refusal.path))
