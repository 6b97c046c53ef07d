"""Recording lists of usage lines: each line is rated and charged, or refused alone (rules 6.4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from sqlalchemy import Dialect, Insert, String, bindparam, insert, select

from tenure.billing.bills.actions import post
from tenure.billing.bills.queries import payers_to_charge
from tenure.billing.bills.rules import Charge, PayingBillUnit
from tenure.billing.rating.actions import save_remainders
from tenure.billing.rating.queries import remainders_of
from tenure.billing.rating.rules import ItemKey, Remainders, item_key
from tenure.holds.models import Status
from tenure.kernel.actor import Role
from tenure.kernel.clock import business_day
from tenure.kernel.errors import ErrorCode, TenureError
from tenure.kernel.row_tables import parameter_as_table, rows_parameter
from tenure.kernel.statements import execute
from tenure.kernel.unit import Unit
from tenure.policies.queries import installed
from tenure.policies.rules import LimitEvent
from tenure.receivables.receipts.actions import hold_accounts_for_debt
from tenure.status.cascades.rules import HoldReason
from tenure.usage.recording.models import RatedUsage
from tenure.usage.recording.queries import (
    UsageContext,
    earlier_usage,
    load_usage_context,
    locked_balances,
)
from tenure.usage.recording.rules import (
    EarlierUsage,
    RecordedUsage,
    UsageLine,
    UsedService,
    checked_line,
    reference_taken,
    usage_charges,
    used_service,
)

MAX_LINES = 1000
RATED = bindparam("param_rated", type_=String())
HOLD_REASON = "Credit limit reached"


@dataclass(frozen=True, slots=True)
class CreditLimits:
    """Accounts that reach their credit limit by charges about to be posted, and the holds that
    plug-ins ask for.

    `balances` has the watched accounts only. Usually there are none, as the default policy holds
    nothing.
    """

    balances: dict[int, Decimal]
    # By effect: the accounts, each with the index of the charge that reached its limit.
    holds: dict[Status, dict[int, int]] = field(default_factory=dict)

    def count(self, service: UsedService, charges: Sequence[Charge], index: int) -> None:
        """Add these charges, from this index on.

        Raises NOT_ALLOWED if a plug-in refuses them; they are then not counted.
        """
        account = service.account
        limit = service.account.credit_limit
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
                self.holds.setdefault(effect, {})[service.account_id] = index
        self.balances[service.account_id] = after


async def record_usage(unit: Unit, lines: Sequence[UsageLine]) -> list[RecordedUsage | TenureError]:
    """Rate and charge these lines. Returns, in their order, the event or the error of each line.

    A refused line does not stop the others. A reference of a service is rated once, also under
    concurrent requests: the second transaction fails and is retried. Raises OUT_OF_RANGE for more
    than 1,000 lines.
    """
    unit.require(Role.AGENT)
    if len(lines) > MAX_LINES:
        raise TenureError(
            ErrorCode.OUT_OF_RANGE, f"Give at most {MAX_LINES:,} lines at once.", ("lines",)
        )
    answers: dict[int, RecordedUsage | TenureError] = {}
    sound: dict[int, UsageLine] = {}
    for index, line in enumerate(lines):
        try:
            sound[index] = checked_line(line, unit.now)
        except TenureError as refusal:
            answers[index] = _error_of_line(index, refusal)
    if sound:
        known = await load_usage_context(unit, sound.values())
        earlier = await earlier_usage(unit, {line.reference for line in sound.values()})
        new: dict[int, tuple[UsageLine, UsedService]] = {}
        for index, line in sound.items():
            try:
                answer = _earlier_event_or_service(line, known, earlier)
            except TenureError as refusal:
                answers[index] = _error_of_line(index, refusal)
            else:
                if isinstance(answer, RecordedUsage):
                    answers[index] = answer
                else:
                    new[index] = line, answer
        answers |= await _rate_lines(unit, new, known)
    return [answers[index] for index in range(len(lines))]


def _earlier_event_or_service(
    line: UsageLine, known: UsageContext, earlier: Mapping[tuple[int, str], EarlierUsage]
) -> RecordedUsage | UsedService:
    """The event of a line that was rated before, else its service. Raises the errors of
    `used_service`, and TAKEN.

    Rated usage stays rated, whatever happens to its service later.
    """
    services = known.services_of(line)
    try:
        service = used_service(services, line)
    except TenureError:
        is_duplicate = (earlier.get((service.id, line.reference)) for service in services)
        found = next((it for it in is_duplicate if it is not None), None)
        if found is None:
            raise
    else:
        found = earlier.get((service.id, line.reference))
        if found is None:
            return service
    if not found.is_of(line):
        raise reference_taken(line.reference)
    return RecordedUsage(found.event_id, is_duplicate=True)


async def _rate_lines(
    unit: Unit, lines: Mapping[int, tuple[UsageLine, UsedService]], known: UsageContext
) -> dict[int, RecordedUsage | TenureError]:
    """Post the charges of these lines. Returns the event or the error of each, by index."""
    if not lines:
        return {}
    limits = await _credit_limits(unit, known)
    payers = await payers_to_charge(unit, {service.bill_unit_id for _, service in lines.values()})
    batch = UsageBatch(unit, known, payers, await remainders_of(unit, known.offer_ids), limits)
    answers: dict[int, RecordedUsage | TenureError] = {}
    for index, (line, service) in lines.items():
        try:
            batch.add(index, line, service)
        except TenureError as refusal:
            answers[index] = _error_of_line(index, refusal)
    ids = await post(unit, batch.charges, payers=payers)
    if batch.begins:
        begins = {key: ids[at] for key, at in batch.begins.items()}
        await _insert_rated_usage(unit, begins)
        await save_remainders(
            unit, batch.remainders, {item: ids[at] for item, at in batch.items.items()}
        )
    for effect, reached in limits.holds.items():
        await hold_accounts_for_debt(
            unit,
            effect,
            {account: HoldReason(HOLD_REASON, ids[at]) for account, at in reached.items()},
        )
    return answers | {
        index: RecordedUsage(ids[at], is_duplicate=is_duplicate)
        for index, (at, is_duplicate) in batch.rated.items()
    }


@dataclass(slots=True)
class UsageBatch:
    """Usage being priced, line by line. The paying bill units are locked."""

    unit: Unit
    known: UsageContext
    payers: Mapping[int, PayingBillUnit]
    remainders: Remainders
    limits: CreditLimits
    charges: list[Charge] = field(default_factory=list)
    # The index of a charge, by service and reference, and by item.
    begins: dict[tuple[int, str], int] = field(default_factory=dict)
    items: dict[ItemKey, int] = field(default_factory=dict)
    lines: dict[tuple[int, str], UsageLine] = field(default_factory=dict)
    # By line: the index of its charge, and whether an earlier line of the list is the same.
    rated: dict[int, tuple[int, bool]] = field(default_factory=dict)

    def add(self, index: int, line: UsageLine, service: UsedService) -> None:
        """Price this line after the earlier ones.

        On TAKEN, INVALID, OUT_OF_RANGE or NOT_ALLOWED it is left out.
        """
        key = service.id, line.reference
        if (same := self.lines.get(key)) is not None:
            if same != line:
                raise reference_taken(line.reference)
            self.rated[index] = self.begins[key], True
            return
        day = business_day(line.occurred_at, self.unit.time_zone)
        item = item_key(self.payers[service.bill_unit_id], service.bill_unit_id, service.id, day)
        at = len(self.charges)
        offers = self.known.offers(service)
        some, price = usage_charges(
            line, service, offers, day=day, index=at, item=item, remainders=self.remainders
        )
        self.limits.count(service, some, at)
        self.remainders.changed.update(price.remainders)
        self.begins[key] = at
        self.items[item] = at
        self.lines[key] = line
        self.rated[index] = at, False
        self.charges += some


async def _insert_rated_usage(unit: Unit, events: Mapping[tuple[int, str], int]) -> None:
    rows = [
        {"service_id": service_id, "reference": reference, "event_id": event_id}
        for (service_id, reference), event_id in events.items()
    ]
    dialect = unit.session.get_bind().dialect
    parameters = {"param_rated": rows_parameter(dialect, rows)}
    await execute(unit.connection, _rated_usage_in_order(dialect), parameters)


# One dialect object for each database that the process has open.
@lru_cache(maxsize=8)
def _rated_usage_in_order(dialect: Dialect) -> Insert:
    """Inserts in a fixed order, so that two lists with the same references cannot deadlock."""
    columns = {
        "service_id": RatedUsage.service_id.type,
        "reference": RatedUsage.reference.type,
        "event_id": RatedUsage.event_id.type,
    }
    rated = parameter_as_table(dialect, "rated", columns, RATED)
    in_order = select(rated).order_by(rated.c.service_id, rated.c.reference)
    return insert(RatedUsage).from_select(list(columns), in_order)


async def _credit_limits(unit: Unit, known: UsageContext) -> CreditLimits:
    """The balances to watch: only where a plug-in asks for it, and only of accounts with a
    limit.
    """
    services = (service for found in known.services.values() for service in found)
    limited = {
        service.account_id for service in services if service.account.credit_limit is not None
    }
    watched = bool(limited) and installed().watches_credit_limits
    return CreditLimits(await locked_balances(unit, limited) if watched else {})


def _error_of_line(index: int, refusal: TenureError) -> TenureError:
    return TenureError(refusal.code, refusal.message, (index, *refusal.path))
