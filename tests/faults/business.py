"""The families as rows of PostgreSQL, and the expected state of each row after all actions."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import asyncpg

from tests.faults.families import Family, Verdict, executed
from tests.stories.status_model_state import (
    CLOSED,
    INACTIVE,
    BillUnit,
    DeferredAction,
    HeldEntity,
    StatusEvent,
)

BITS = {"MANUAL": 1, "DEBT": 2, "PARENT": 4, "ACCOUNT": 8, "SERVICE": 16}
BOUGHT = ("purchase_start", "usage_start", "cycle_start")

Row = dict[str, Any]
Entity = tuple[str, int]


@dataclass(slots=True)
class FinalState:
    """The states by kind and id, the outcome of each action, the status changes of each entity."""

    stands: dict[Entity, tuple[Any, ...]] = field(default_factory=dict)
    verdicts: dict[int, Verdict] = field(default_factory=dict)
    events: dict[Entity, list[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(list))


class Business:
    """Families and their ids. `whose` is the family of each action, in order of creation."""

    def __init__(self, families: Sequence[Family], whose: Sequence[Family]) -> None:
        self.families = families
        self.action_ids: dict[str, list[int]] = {family.name: [] for family in families}
        for place, family in enumerate(whose):
            self.action_ids[family.name].append(place + 1)
        self.before: dict[tuple[str, str], int] = {}
        for kind in ("account", "bill unit", "service", "offer"):
            count = 0
            for family in families:
                self.before[family.name, kind] = count
                count += len(_of_kind(family, kind))

    def id_of(self, family: Family, entity: HeldEntity | BillUnit) -> int:
        """The id behind an entity's number."""
        return self.before[family.name, _kind(entity)] + entity.number

    async def insert(self, connection: asyncpg.Connection) -> None:
        """Inserts all entities and all deferred actions."""
        await connection.execute(
            "INSERT INTO offer (id, code, name, kind, currency, created_at) "
            "VALUES (1, 'flat', 'Flat', 'CHARGE', 'USD', now())"
        )
        rows_of = {
            "account": self._accounts,
            "bill_unit": self._bill_units,
            "service": self._services,
            "purchased_offer": self._offers,
            "deferred_action": self._deferred_actions,
        }
        for table, of in rows_of.items():
            rows = [row for family in self.families for row in of(family)]
            records = [tuple(row.values()) for row in rows]
            await connection.copy_records_to_table(table, columns=list(rows[0]), records=records)
        settings = (self.families[0].services_may_stay_active, self.families[0].closed_login_prefix)
        columns = "allow_active_service_with_inactive_account = $1, closed_login_prefix = $2"
        await connection.execute(f"UPDATE business SET {columns}", *settings)
        await connection.execute("ANALYZE")

    def expected(self) -> FinalState:
        """The state by the rules, after all deferred actions have been executed in their order."""
        stored_state = FinalState()
        for family in self.families:
            after, verdicts, events = executed(family)
            for number, verdict in verdicts.items():
                stored_state.verdicts[self.action_ids[family.name][number - 1]] = verdict
            for event in events:
                stored_state.events[
                    event.kind, self.before[family.name, event.kind] + event.number
                ].append(summary_of(event))
            for entity in (*after.everything, *after.bill_units):
                stored_state.stands[_kind(entity), self.id_of(after, entity)] = self._state(
                    after, entity
                )
        return stored_state

    def _state(self, family: Family, entity: Any) -> tuple[Any, ...]:
        """The columns that an action can change; of a rewritten login only the prefix."""
        match _kind(entity):
            case "account":
                return (*_masks(entity), entity.parent and self.id_of(family, entity.parent))
            case "service":
                return (*_masks(entity), entity.login or entity.prefix, entity.former)
            case "offer":
                return _masks(entity)
            case _:
                return (entity.payer and self.id_of(family, entity.payer),)

    def _accounts(self, family: Family) -> Iterable[Row]:
        for account in family.accounts:
            name = family.label(account).partition(" ")[2]
            words = {
                "number": name,
                "name": name,
                "name_key": name.lower(),
                "currency": account.currency,
            }
            parent_id = account.parent and self.id_of(family, account.parent)
            yield self._held(family, account) | words | {"parent_id": parent_id}

    def _bill_units(self, family: Family) -> Iterable[Row]:
        for unit in family.bill_units:
            yield {
                "id": self.id_of(family, unit),
                "account_id": self.id_of(family, unit.account),
                "name": "Default" if unit.is_default else "Further",
                "is_default": unit.is_default,
                "currency": unit.account.currency,
                "billing_day_of_month": unit.day,
                "next_bill_on": date(2100, 1, unit.day),
                "paying_parent_id": unit.payer and self.id_of(family, unit.payer),
                "created_at": family.now,
                "version": 1,
            }

    def _services(self, family: Family) -> Iterable[Row]:
        for service in family.services:
            if service.former is None:
                login, former = service.login, None
            else:
                login, former = f"{service.prefix}{service.former}", service.former
            yield (
                self._held(family, service)
                | self._owned(family, service.account)
                | {
                    "kind": service.service_kind,
                    "name": family.label(service).partition(" ")[2],
                    "login": login,
                    "login_key": login and login.lower(),
                    "former_login": former,
                    "former_login_key": former and former.lower(),
                }
            )

    def _offers(self, family: Family) -> Iterable[Row]:
        for offer in family.offers:
            yield (
                self._held(family, offer)
                | self._owned(family, offer.account)
                | dict.fromkeys(BOUGHT, offer.start)
                | {
                    "service_id": offer.service and self.id_of(family, offer.service),
                    "offer_id": 1,
                    "name": family.label(offer).partition(" ")[2],
                    "kind": "CHARGE",
                    "quantity": 1_000_000,
                }
            )

    def _deferred_actions(self, family: Family) -> Iterable[Row]:
        """The summary contains the id of the action, by which the test finds its outcome event."""
        for action in family.deferred_actions:
            target, arguments = family.find(action.target), action.arguments
            parent = arguments.get("parent") and family.accounts[arguments["parent"] - 1]
            yield {
                "id": (id_ := self.action_ids[family.name][action.number - 1]),
                "kind": _kind_of_action(family, action),
                "status": "PENDING",
                "account_id": self.id_of(
                    family, target if target.kind == "account" else target.account
                ),
                "service_id": self.id_of(family, target) if target.kind == "service" else None,
                "offer_id": self.id_of(family, target) if target.kind == "offer" else None,
                "summary": f"action {id_};",
                "to_status": arguments.get("to"),
                "new_parent_id": parent and self.id_of(family, parent),
                "parent_pays": arguments.get("parent_pays", False),
                "children_stay": arguments.get("stay", False),
                "scheduled_for": action.scheduled_for,
                "reason": "by letter",
                "created_by": "ana@example.com",
                "created_at": family.now,
                "attempts": 0,
                "version": 1,
            }

    def _held(self, family: Family, entity: HeldEntity) -> Row:
        inactive, closed = _masks(entity)
        at = {
            "created_at": family.now,
            "status_changed_at": family.now,
            "closed_at": family.now if closed else None,
        }
        return {
            "id": self.id_of(family, entity),
            "inactive_holds": inactive,
            "closed_holds": closed,
            "version": 1,
        } | at

    def _owned(self, family: Family, account: HeldEntity) -> Row:
        unit = next(
            unit for unit in family.bill_units if unit.account is account and unit.is_default
        )
        return {"account_id": self.id_of(family, account), "bill_unit_id": self.id_of(family, unit)}


def summary_of(event: StatusEvent) -> tuple[Any, ...]:
    """A status change: former and new status, holds, cause, whether it followed an event."""
    holds = (_mask(event.inactive), _mask(event.closed))
    return (event.before, event.after, *holds, BITS[event.cause], not event.requested)


def _of_kind(family: Family, kind: str) -> Sequence[HeldEntity | BillUnit]:
    kinds: dict[str, Sequence[HeldEntity | BillUnit]] = {
        "account": family.accounts,
        "bill unit": family.bill_units,
        "service": family.services,
        "offer": family.offers,
    }
    return kinds[kind]


def _kind(entity: HeldEntity | BillUnit) -> str:
    return "bill unit" if isinstance(entity, BillUnit) else entity.kind


def _kind_of_action(family: Family, action: DeferredAction) -> str:
    if action.operation == "_set_status":
        return f"CHANGE_{action.target[0].upper()}_STATUS"
    if action.arguments["parent"] is None:
        return "REMOVE_FROM_HIERARCHY"
    return "ADD_TO_HIERARCHY" if family.find(action.target).parent is None else "MOVE_IN_HIERARCHY"


def _masks(entity: HeldEntity) -> tuple[int, int]:
    return _mask(entity.holds[INACTIVE]), _mask(entity.holds[CLOSED])


def _mask(causes: Iterable[str]) -> int:
    return sum(BITS[cause] for cause in causes)
