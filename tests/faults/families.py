"""Many independent families of accounts, and their expected state by the rules.

Each family is a small model of the stories, which is written from the rules without using the
program. It is small because the model copies everything for each change.
"""

import pickle
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.stories.status_model import StatusModel
from tests.stories.status_model_state import (
    ACCOUNT,
    ACTIVE,
    CLOSED,
    CYCLE,
    DEBT,
    DONE,
    FAILED,
    INACTIVE,
    INVALID,
    MANUAL,
    NOT_ALLOWED,
    NOT_APPLICABLE,
    PARENT,
    SERVICE,
    DeferredAction,
    HeldEntity,
    RefusedError,
    Service,
    StatusEvent,
)

CURRENCIES = ["USD"] * 12 + ["EUR"]
LARGEST_FAMILY, USUAL_FAMILY = 40, (2, 8)
KINDS = ["account"] * 16 + ["service"] * 12 + ["offer"] * 11 + ["move"]
# Moves end a set of actions, so they have few times, like the first of a month.
MOMENTS_OF_MOVES = 4
WISHES = [ACTIVE] * 3 + [INACTIVE] * 3 + [CLOSED]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The expected outcome of an action, and the allowed reasons; none if it is done."""

    state: str
    why: frozenset[str | None] = frozenset({None})


class Family(StatusModel):
    """A world with a name, copied ten times as fast as the model copies itself."""

    name = ""

    def after(self, operation: str, **arguments: Any) -> "Family":
        """See World."""
        apart = self.events, self.deferred_actions
        self.events, self.deferred_actions = [], []
        model: Family = pickle.loads(pickle.dumps(self))
        self.events, self.deferred_actions = apart
        model.deferred_actions = self.deferred_actions
        getattr(model, operation)(**arguments)
        return model

    def label(self, entity: HeldEntity) -> str:
        """What sentences call it."""
        return f"{entity.kind.capitalize()} {self.name}-{entity.kind[0]}{entity.number}"


def families(rng: random.Random, accounts: int, now: datetime) -> list[Family]:
    """So many accounts: one large family, many usual ones, and some of one account each."""
    settings = {
        "services_may_stay_active": rng.random() < 0.3,
        "closed_login_prefix": "#CLOSED#" if rng.random() < 0.5 else None,
    }
    grown: list[Family] = []
    left = accounts
    while left:
        size = (
            LARGEST_FAMILY if not grown else 1 if rng.random() < 0.1 else rng.randint(*USUAL_FAMILY)
        )
        family = Family(now, **settings)
        family.name = f"F{len(grown)}"
        _grow(rng, family, min(size, left))
        grown.append(family)
        left -= min(size, left)
    return grown


def schedule_actions(
    rng: random.Random, families: Sequence[Family], count: int, moments: Sequence[datetime]
) -> list[Family]:
    """Actions of all kinds at few times. Returns the family of each, in the order of creation."""
    everybody = [family for family in families for _ in family.accounts]
    whose = rng.choices(everybody, k=count)
    when_moving = rng.sample(moments, MOMENTS_OF_MOVES)
    for family in whose:
        kind = rng.choice(KINDS)
        scheduled_for = rng.choice(when_moving if kind == "move" else moments)
        moved, parent = (rng.randint(1, len(family.accounts)) for _ in range(2))
        if kind == "move":
            below = rng.choice([parent, parent, None])
            arguments = {
                "account": moved,
                "parent": below,
                "parent_pays": below is not None and rng.random() < 0.5,
            }
            family._defer(
                scheduled_for, ("account", moved), "_move", **arguments, stay=rng.random() < 0.2
            )
            continue
        in_ids = {"account": family.accounts, "service": family.services, "offer": family.offers}[
            kind
        ]
        target = (kind, rng.randint(1, len(in_ids))) if in_ids else ("account", moved)
        family._defer(scheduled_for, target, "_set_status", to=rng.choice(WISHES))
    return whose


def executed(family: Family) -> tuple[Family, dict[int, Verdict], list[StatusEvent]]:
    """The family after all actions in order, the outcome of each, and the status changes."""
    verdicts: dict[int, Verdict] = {}
    events: list[StatusEvent] = []
    for action in sorted(
        family.deferred_actions, key=lambda action: (action.scheduled_for, action.number)
    ):
        target = family.find(action.target)
        if target.status == CLOSED and action.arguments.get("to") != CLOSED:
            why = frozenset({f"{family.label(target)} had been closed by then."})
            verdicts[action.number] = Verdict(NOT_APPLICABLE, why)
            continue
        arguments = (
            {"target": action.target, **action.arguments}
            if action.operation == "_set_status"
            else action.arguments
        )
        try:
            family = family.after(action.operation, **arguments)
        except RefusedError as refusal:
            verdicts[action.number] = Verdict(
                FAILED, frozenset(_sentences(family, action, refusal.codes))
            )
        else:
            events += family.events
            verdicts[action.number] = Verdict(DONE)
    return family, verdicts, events


def _grow(rng: random.Random, family: Family, size: int) -> None:
    """Accounts below and paid by each other, with what they have; some of them are held already."""
    for place in range(1, size + 1):
        parent = None if place == 1 or rng.random() < 0.1 else rng.randint(1, place - 1)
        pays = parent is not None and rng.random() < 0.6
        _try(
            family,
            "create_account",
            currency=rng.choice(CURRENCIES),
            day=1,
            parent=parent,
            parent_pays=pays,
        )
    for account in range(1, size + 1):
        for _ in range(rng.choice((0, 1, 1, 2))):
            login = f"{family.name}-{len(family.services)}" if rng.random() < 0.7 else None
            service_kind, with_offer = rng.choice(("tel", "tv")), rng.random() < 0.7
            _try(
                family,
                "add_service",
                account=account,
                service_kind=service_kind,
                login=login,
                with_offer=with_offer,
            )
        if rng.random() < 0.4:
            _try(family, "purchase", account=account, service=None, start=family.now)
        if rng.random() < 0.2:
            _try(
                family,
                "add_bill_unit",
                account=account,
                payer=rng.randint(1, len(family.bill_units)),
            )
    for account in range(1, size + 1):
        if rng.random() < 0.1:
            to = rng.choice((INACTIVE, INACTIVE, CLOSED))
            _try(family, "set_status", target=("account", account), to=to)
        if rng.random() < 0.05:
            _try(family, "add_debt_hold", account=account, effect=INACTIVE)
    family.events = []


def _try(family: Family, operation: str, **arguments: Any) -> None:
    """What the rules refuse leaves the family as it was, or with what the verb had made before."""
    try:
        getattr(family, operation)(**arguments)
    except RefusedError:
        return


WHY = {
    MANUAL: "it was set manually",
    DEBT: "a payment failed or is overdue",
    PARENT: "an account that pays for it is not active",
    ACCOUNT: "its account is not active",
    SERVICE: "its service is not active",
}
MOVE_REFUSED = {
    CYCLE: {
        "The account would become its own ancestor.",
        "A bill unit cannot pay for itself through another one.",
    },
    INVALID: {
        f"The payer is billed in {one}, this bill unit in {other}. The currencies must match."
        for one, other in (("USD", "EUR"), ("EUR", "USD"))
    },
    NOT_ALLOWED: {"The paying account is closed."},
}


def _sentences(family: Family, refused: DeferredAction, codes: set[str]) -> Iterator[str]:
    """The allowed reasons; if several rules are violated, each is a correct one."""
    if refused.operation == "_move":
        for code in codes:
            yield from MOVE_REFUSED[code]
        return
    entity: HeldEntity = family.find(refused.target)
    begin = f"{family.label(entity)} can't be reactivated"
    if isinstance(entity, Service):
        yield f"{begin}: its account is {entity.account.status.lower()}."
        return
    held = (entity.holds[INACTIVE] | entity.holds[CLOSED]) - {MANUAL, DEBT}
    reasons = [f"{why} ({cause})" for cause, why in WHY.items() if cause in held]
    yield f"{begin}: {'; '.join(reasons)}."
