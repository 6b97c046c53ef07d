"""Taking in usage: lists of lines, each rated and charged, or refused alone (rules 6.4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import Insert, insert, select

from tenure.billing.bills.actions import post
from tenure.billing.bills.queries import payers_to_charge
from tenure.billing.bills.rules import Charge, Payer
from tenure.billing.rating.actions import save_remainders
from tenure.billing.rating.queries import remainders_of
from tenure.billing.rating.rules import ItemKey, Remainders, item_key
from tenure.holds.models import Status
from tenure.kernel.actor import Role
from tenure.kernel.clock import business_day
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.row_tables import rows_as_table
from tenure.kernel.unit import Unit
from tenure.policies.actions import installed
from tenure.policies.rules import LimitEvent
from tenure.receivables.receipts.actions import hold_all
from tenure.status.cascades.rules import HoldReason
from tenure.usage.recording.models import RatedUsage
from tenure.usage.recording.queries import KnownUsage, balances, known_of, rated_before
from tenure.usage.recording.rules import (
    RatedBefore,
    Recorded,
    UsageLine,
    UsedService,
    charges_of,
    checked_line,
    reference_taken,
    service_used,
)

MANY = 1000
WHY_HELD = "The credit limit is reached"


@dataclass(frozen=True, slots=True)
class CreditLimits:
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
            event = LimitEvent(
                str(usage.kind), usage.amount, after, limit, usage.currency, usage.occurred_at
            )
            if (effect := installed().credit_limit_reached(account, event)) is not None:
                self.holds.setdefault(effect, {})[service.account_id] = place
        self.balances[service.account_id] = after


async def record_usage(unit: Unit, lines: Sequence[UsageLine]) -> list[Recorded | TenureError]:
    """Rate and charge these lines. Answers in their order: the event, or why the line was refused, from its place on.

    A line that is refused does not stop the others. A reference of a service is rated once, whoever sends it again, also
    at the same moment: whom the database lets come second begins anew. Raises OUT_OF_RANGE for more than 1,000 lines.
    """
    unit.require(Role.AGENT)
    if len(lines) > MANY:
        raise TenureError(
            ErrorCode.OUT_OF_RANGE, f"Give at most {MANY:,} lines at once.", ("lines",)
        )
    answers: dict[int, Recorded | TenureError] = {}
    sound: dict[int, UsageLine] = {}
    for place, line in enumerate(lines):
        try:
            sound[place] = checked_line(line, unit.now)
        except TenureError as refusal:
            answers[place] = _at(place, refusal)
    if sound:
        known = await known_of(unit, sound.values())
        earlier = await rated_before(unit, {line.reference for line in sound.values()})
        new: dict[int, tuple[UsageLine, UsedService]] = {}
        for place, line in sound.items():
            try:
                answer = _known_answer(line, known, earlier)
            except TenureError as refusal:
                answers[place] = _at(place, refusal)
            else:
                if isinstance(answer, Recorded):
                    answers[place] = answer
                else:
                    new[place] = line, answer
        answers |= await _rate(unit, new, known)
    return [answers[place] for place in range(len(lines))]


def _known_answer(
    line: UsageLine, known: KnownUsage, earlier: Mapping[tuple[int, str], RatedBefore]
) -> Recorded | UsedService:
    """The event of a line that was rated before, else the service that it is of. Raises what `service_used` says, TAKEN.

    Usage that was rated stays so, whatever its service has become since.
    """
    services = known.services_of(line)
    try:
        service = service_used(services, line)
    except TenureError:
        again = (earlier.get((service.id, line.reference)) for service in services)
        found = next((it for it in again if it is not None), None)
        if found is None:
            raise
    else:
        found = earlier.get((service.id, line.reference))
        if found is None:
            return service
    if not found.is_of(line):
        raise reference_taken(line.reference)
    return Recorded(found.event_id, again=True)


async def _rate(
    unit: Unit, lines: Mapping[int, tuple[UsageLine, UsedService]], known: KnownUsage
) -> dict[int, Recorded | TenureError]:
    """Post what these lines cost; those that cannot be rated are refused. An answer for each, by its place."""
    if not lines:
        return {}
    limits = await _limits(unit, known)
    payers = await payers_to_charge(unit, {service.bill_unit_id for _, service in lines.values()})
    batch = Batch(unit, known, payers, await remainders_of(unit, known.offer_ids), limits)
    answers: dict[int, Recorded | TenureError] = {}
    for place, (line, service) in lines.items():
        try:
            batch.add(place, line, service)
        except TenureError as refusal:
            answers[place] = _at(place, refusal)
    ids = await post(unit, batch.charges, payers=payers)
    if batch.begins:
        begins = {key: ids[at] for key, at in batch.begins.items()}
        await unit.session.execute(_rated(unit, begins))
        await save_remainders(
            unit, batch.remainders, {item: ids[at] for item, at in batch.items.items()}
        )
    for effect, reached in limits.holds.items():
        await hold_all(
            unit,
            effect,
            {account: HoldReason(WHY_HELD, ids[at]) for account, at in reached.items()},
        )
    return answers | {
        place: Recorded(ids[at], again=again) for place, (at, again) in batch.rated.items()
    }


@dataclass(slots=True)
class Batch:
    """Usage that is being priced, line by line. The bill units that pay are locked."""

    unit: Unit
    known: KnownUsage
    payers: Mapping[int, Payer]
    remainders: Remainders
    limits: CreditLimits
    charges: list[Charge] = field(default_factory=list)
    # By service and reference, and by item: the place of a charge.
    begins: dict[tuple[int, str], int] = field(default_factory=dict)
    items: dict[ItemKey, int] = field(default_factory=dict)
    lines: dict[tuple[int, str], UsageLine] = field(default_factory=dict)
    # By the place of the line: the place of its charge, and whether an earlier line of the list has it too.
    rated: dict[int, tuple[int, bool]] = field(default_factory=dict)

    def add(self, place: int, line: UsageLine, service: UsedService) -> None:
        """Price this line after those before it. Raises TAKEN, INVALID, OUT_OF_RANGE, NOT_ALLOWED; it is then left out."""
        key = service.id, line.reference
        if (same := self.lines.get(key)) is not None:
            if same != line:
                raise reference_taken(line.reference)
            self.rated[place] = self.begins[key], True
            return
        day = business_day(line.occurred_at, self.unit.business.time_zone)
        item = item_key(self.payers[service.bill_unit_id], service.bill_unit_id, service.id, day)
        at, offers = len(self.charges), self.known.offers(service)
        some, price = charges_of(
            line, service, offers, day=day, place=at, item=item, remainders=self.remainders
        )
        self.limits.count(service, some, at)
        self.remainders.changed.update(price.remainders)
        self.begins[key], self.items[item], self.lines[key] = at, at, line
        self.rated[place] = at, False
        self.charges += some


def _rated(unit: Unit, events: Mapping[tuple[int, str], int]) -> Insert:
    """In one order, so that two lists with the same references wait for each other rather than deadlock."""
    columns = {
        "service_id": RatedUsage.service_id.type,
        "reference": RatedUsage.reference.type,
        "event_id": RatedUsage.event_id.type,
    }
    rows = [
        {"service_id": service_id, "reference": reference, "event_id": event_id}
        for (service_id, reference), event_id in events.items()
    ]
    rated = rows_as_table(unit.session, "rated", columns, rows)
    in_order = select(rated).order_by(rated.c.service_id, rated.c.reference)
    return insert(RatedUsage).from_select(list(columns), in_order)


async def _limits(unit: Unit, known: KnownUsage) -> CreditLimits:
    """Whose balances have to be watched: only where a plug-in has a say, and only of accounts that have a limit."""
    services = (service for found in known.services.values() for service in found)
    limited = {
        service.account_id for service in services if service.account.credit_limit is not None
    }
    watched = bool(limited) and installed().watches_credit_limits
    return CreditLimits(await balances(unit, limited) if watched else {})


def _at(place: int, refusal: TenureError) -> TenureError:
    return TenureError(refusal.code, refusal.message, (place, *refusal.path))
