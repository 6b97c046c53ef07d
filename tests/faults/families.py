"""A business of many families that have nothing to do with each other, and what becomes of it by the rules.

Each family is a `World` of the stories' model, which is written from the rules and from nothing of the program; a small
one, because the model copies everything for every change.
"""

import pickle
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.stories.standing_model import (
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
    Held,
    Promise,
    RefusedError,
    Service,
    Told,
)
from tests.stories.standing_verbs import World

CURRENCIES = ["USD"] * 12 + ["EUR"]
LARGEST_FAMILY, USUAL_FAMILY = 40, (2, 8)
KINDS = ["account"] * 16 + ["service"] * 12 + ["offer"] * 11 + ["move"]
# Moves end the sets that others are changed in: they have few moments, as in life they have the first of the month.
MOMENTS_OF_MOVES = 4
WISHES = [ACTIVE] * 3 + [INACTIVE] * 3 + [CLOSED]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What must become of a promise, and the sentences of which one must say why; none for what is done."""

    state: str
    why: frozenset[str | None] = frozenset({None})


class Family(World):
    """A world with a name, copied ten times as fast as the model copies itself."""

    name = ""

    def after(self, verb: str, **wording: Any) -> "Family":
        """See World."""
        apart = self.told, self.promises
        self.told, self.promises = [], []
        world: Family = pickle.loads(pickle.dumps(self))
        self.told, self.promises = apart
        world.promises = self.promises
        getattr(world, verb)(**wording)
        return world

    def label(self, entity: Held) -> str:
        """What sentences call it."""
        return f"{entity.kind.capitalize()} {self.name}-{entity.kind[0]}{entity.number}"


def families(luck: random.Random, accounts: int, now: datetime) -> list[Family]:
    """So many accounts: one large family, many usual ones, and some of one account each."""
    settings = {
        "services_may_stay_active": luck.random() < 0.3,
        "closed_login_prefix": "#CLOSED#" if luck.random() < 0.5 else None,
    }
    grown: list[Family] = []
    left = accounts
    while left:
        size = (
            LARGEST_FAMILY
            if not grown
            else 1
            if luck.random() < 0.1
            else luck.randint(*USUAL_FAMILY)
        )
        family = Family(now, **settings)
        family.name = f"F{len(grown)}"
        _grow(luck, family, min(size, left))
        grown.append(family)
        left -= min(size, left)
    return grown


def promise(
    luck: random.Random, families: Sequence[Family], count: int, moments: Sequence[datetime]
) -> list[Family]:
    """So many promises of all kinds, at few moments. Answers with whose each is, in the order of creation."""
    everybody = [family for family in families for _ in family.accounts]
    whose = luck.choices(everybody, k=count)
    when_moving = luck.sample(moments, MOMENTS_OF_MOVES)
    for family in whose:
        kind = luck.choice(KINDS)
        due = luck.choice(when_moving if kind == "move" else moments)
        moved, parent = (luck.randint(1, len(family.accounts)) for _ in range(2))
        if kind == "move":
            below = luck.choice([parent, parent, None])
            wording = {
                "account": moved,
                "parent": below,
                "parent_pays": below is not None and luck.random() < 0.5,
            }
            family._promise(due, ("account", moved), "_move", **wording, stay=luck.random() < 0.2)
            continue
        in_ids = {"account": family.accounts, "service": family.services, "offer": family.offers}[
            kind
        ]
        target = (kind, luck.randint(1, len(in_ids))) if in_ids else ("account", moved)
        family._promise(due, target, "_set_status", to=luck.choice(WISHES))
    return whose


def kept(family: Family) -> tuple[Family, dict[int, Verdict], list[Told]]:
    """The family when every promise is kept in its order, what became of each, and the status changes told of."""
    verdicts: dict[int, Verdict] = {}
    told: list[Told] = []
    for due in sorted(family.promises, key=lambda promise: (promise.due, promise.number)):
        target = family.find(due.target)
        if target.status == CLOSED and due.wording.get("to") != CLOSED:
            why = frozenset({f"{family.label(target)} had been closed by then."})
            verdicts[due.number] = Verdict(NOT_APPLICABLE, why)
            continue
        wording = (
            {"target": due.target, **due.wording} if due.verb == "_set_status" else due.wording
        )
        try:
            family = family.after(due.verb, **wording)
        except RefusedError as refusal:
            verdicts[due.number] = Verdict(
                FAILED, frozenset(_sentences(family, due, refusal.codes))
            )
        else:
            told += family.told
            verdicts[due.number] = Verdict(DONE)
    return family, verdicts, told


def _grow(luck: random.Random, family: Family, size: int) -> None:
    """Accounts below and paid by each other, with what they have; some of them are held already."""
    for place in range(1, size + 1):
        parent = None if place == 1 or luck.random() < 0.1 else luck.randint(1, place - 1)
        pays = parent is not None and luck.random() < 0.6
        _try(
            family,
            "create_account",
            currency=luck.choice(CURRENCIES),
            day=1,
            parent=parent,
            parent_pays=pays,
        )
    for account in range(1, size + 1):
        for _ in range(luck.choice((0, 1, 1, 2))):
            login = f"{family.name}-{len(family.services)}" if luck.random() < 0.7 else None
            sort, with_offer = luck.choice(("tel", "tv")), luck.random() < 0.7
            _try(
                family,
                "add_service",
                account=account,
                sort=sort,
                login=login,
                with_offer=with_offer,
            )
        if luck.random() < 0.4:
            _try(family, "buy", account=account, service=None, start=family.now)
        if luck.random() < 0.2:
            _try(
                family,
                "add_bill_unit",
                account=account,
                payer=luck.randint(1, len(family.bill_units)),
            )
    for account in range(1, size + 1):
        if luck.random() < 0.1:
            to = luck.choice((INACTIVE, INACTIVE, CLOSED))
            _try(family, "set_status", target=("account", account), to=to)
        if luck.random() < 0.05:
            _try(family, "hold_for_debt", account=account, effect=INACTIVE)
    family.told = []


def _try(family: Family, verb: str, **wording: Any) -> None:
    """What the rules refuse leaves the family as it was, or with what the verb had made before."""
    try:
        getattr(family, verb)(**wording)
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
    NOT_ALLOWED: {"The paying account is CLOSED."},
}


def _sentences(family: Family, refused: Promise, codes: set[str]) -> Iterator[str]:
    """How the program may say why: of several rules that are broken at once, each is a right answer."""
    if refused.verb == "_move":
        for code in codes:
            yield from MOVE_REFUSED[code]
        return
    entity: Held = family.find(refused.target)
    begin = f"{family.label(entity)} cannot become ACTIVE"
    if isinstance(entity, Service):
        yield f"{begin}: its account is {entity.account.status}."
        return
    held = (entity.holds[INACTIVE] | entity.holds[CLOSED]) - {MANUAL, DEBT}
    yield f"{begin}, it is still held ({'; '.join(f'{cause}: {why}' for cause, why in WHY.items() if cause in held)})."
