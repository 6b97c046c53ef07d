"""The machine: random changes to random forests of customers, made both to Tenure and to the model of the rules.

After each step the two agree on the answer (done, or refused with the same code), on everybody's standing, and on the
events that tell of it: one for each entity whose status or holds changed, in their order for each entity.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.stories.standing_model import (
    ACTIVE,
    CLOSED,
    INACTIVE,
    Held,
    RefusedError,
    Service,
    Target,
    Told,
)
from tests.stories.standing_program import Picture, Program
from tests.stories.standing_verbs import World

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
MOST_ACCOUNTS = 12

# Which of those that there are: the remainder is taken.
some = st.integers(0, 11)
perhaps = st.none() | some
kinds = st.sampled_from(["account", "account", "service", "offer"])
statuses = st.sampled_from([ACTIVE, ACTIVE, INACTIVE, INACTIVE, CLOSED])
sorts = st.sampled_from(["tel", "tel", "tv"])
logins = st.sampled_from(["a", "A", "b", "a"]) | st.none()
currencies = st.sampled_from(["USD"] * 5 + ["EUR"])
minutes = st.integers(0, 5)
sometimes = st.sampled_from([False, False, True])
ahead = st.sampled_from([None, 0, 60])
often = st.sampled_from([True, True, False])


class StandingMachine(RuleBasedStateMachine):
    """`program` is given by the test."""

    program: Program

    def __init__(self) -> None:
        super().__init__()
        self.world = World(NOON)
        self.program.start_over(NOON)

    def number(self, which: int | None, in_ids: Sequence[object]) -> int | None:
        """The number of one of these, or None for None."""
        return None if which is None or not in_ids else which % len(in_ids) + 1

    def target(self, kind: str, which: int) -> Target:
        """One of that kind, or an account where there is none."""
        in_ids: Sequence[object] = {"service": self.world.services, "offer": self.world.offers}.get(
            kind, []
        )
        return (
            (kind, which % len(in_ids) + 1)
            if in_ids
            else ("account", which % len(self.world.accounts) + 1)
        )

    def later(self, ahead: int | None) -> datetime | None:
        """Some minutes ahead; 0 is now, which is not in the future."""
        return None if ahead is None else self.world.now + timedelta(minutes=ahead)

    def step(self, verb: str, **wording: Any) -> None:
        """Do it on both sides, and compare."""
        allowed: set[str | None] = {None}
        before = after = self.world
        try:
            after = before.after(verb, **wording)
        except RefusedError as refusal:
            after = before.after("nothing")
            allowed = set(refusal.codes)
        answer = self.program.do(verb, **wording)
        assert answer in allowed, f"{verb} {wording}: {answer}, where the rules say {allowed}"
        picture, events = self.program.look()
        expected = picture_of(after)
        differences = {
            who: (picture.get(who), standing)
            for who, standing in expected.items()
            if picture.get(who) != standing
        }
        assert not differences, f"{verb} {wording}: (seen, by the rules) {differences}"
        assert picture.keys() == expected.keys()
        assert in_order(events) == in_order(after.told), f"{verb} {wording}: the events differ"
        if self.program.impact is not None:
            seen = (
                self.program.impact.accounts,
                self.program.impact.services,
                self.program.impact.offers,
            )
            kinds_told = Counter(event.kind for event in after.told)
            assert seen == (kinds_told["account"], kinds_told["service"], kinds_told["offer"])
        self.world = after

    # Customers and what they have

    @initialize(
        forest=st.lists(st.tuples(perhaps, often, logins, ahead), min_size=3, max_size=5),
        prefix=st.sampled_from(["#X#", None]),
    )
    def plant(
        self, forest: list[tuple[int | None, bool, str | None, int | None]], prefix: str | None
    ) -> None:
        self.set_settings(stays=False, anew=True, prefix=prefix)
        for above, parent_pays, login, start in forest:
            parent = self.number(above, self.world.accounts)
            pays = parent_pays and parent is not None
            self.step("create_account", currency="USD", day=1, parent=parent, parent_pays=pays)
            taken = login is not None and self.world.is_taken("tel", login)
            number = len(self.world.accounts)
            self.step(
                "add_service",
                account=number,
                sort="tel",
                login=None if taken else login,
                with_offer=True,
            )
            if start is not None:
                self.step("buy", account=number, service=None, start=self.later(start))

    @precondition(lambda self: len(self.world.accounts) < MOST_ACCOUNTS)
    @rule(
        currency=currencies, day=st.sampled_from([1, 15]), above=perhaps, parent_pays=st.booleans()
    )
    def create_account(self, currency: str, day: int, above: int | None, parent_pays: bool) -> None:
        parent = self.number(above, self.world.accounts)
        pays = parent_pays and parent is not None
        self.step("create_account", currency=currency, day=day, parent=parent, parent_pays=pays)

    @rule(which=some, sort=sorts, login=logins, with_offer=st.booleans())
    def add_service(self, which: int, sort: str, login: str | None, with_offer: bool) -> None:
        number = self.number(which, self.world.accounts)
        self.step("add_service", account=number, sort=sort, login=login, with_offer=with_offer)

    @rule(which=some, whose=some)
    def take_login_over(self, which: int, whose: int) -> None:
        """The login of something that was closed, for another customer (3.2)."""
        closed = [
            service for service in self.world.services if service.status == CLOSED
        ] or self.world.services
        former, account = closed[which % len(closed)], self.number(whose, self.world.accounts)
        self.step(
            "add_service", account=account, sort=former.sort, login=former.former or former.login
        )

    @rule(which=some, what=perhaps, ahead=st.sampled_from([0, 3, 60, -1]))
    def buy(self, which: int, what: int | None, ahead: int) -> None:
        account = self.number(which, self.world.accounts)
        own = [
            service.number for service in self.world.services if service.account.number == account
        ]
        service = own[what % len(own)] if own and what is not None else None
        self.step("buy", account=account, service=service, start=self.later(ahead))

    # Status

    @rule(
        kind=kinds,
        which=some,
        to=statuses,
        login=st.none() | st.none() | logins,
        back=st.none() | st.none() | minutes,
    )
    def set_status(
        self, kind: str, which: int, to: str, login: str | None, back: int | None
    ) -> None:
        target = self.target(kind, which)
        self.step("set_status", target=target, to=to, login=login, reactivate_on=self.later(back))

    @rule(which=some, to=statuses)
    def set_account_status(self, which: int, to: str) -> None:
        self.step("set_status", target=self.target("account", which), to=to)

    @rule(which=some, login=st.none() | logins)
    def bring_back(self, which: int, login: str | None) -> None:
        """Something that is not active, where there is something."""
        held_back = [entity for entity in self.world.everything if entity.status != ACTIVE]
        entity = held_back[which % len(held_back)] if held_back else self.world.accounts[0]
        new_login = login if entity.kind == "service" and entity.status == CLOSED else None
        self.step("set_status", target=(entity.kind, entity.number), to=ACTIVE, login=new_login)

    @rule(which=some, to=st.sampled_from([INACTIVE, CLOSED]))
    def go_and_come_back(self, which: int, to: str) -> None:
        """An account that pays for others, where there is one."""
        paying = [
            unit.payer.account.number for unit in self.world.bill_units if unit.payer is not None
        ] or [1]
        target = ("account", paying[which % len(paying)])
        for status in (to, ACTIVE):
            self.step("set_status", target=target, to=status)

    @rule(which=some, effect=st.sampled_from([INACTIVE, INACTIVE, CLOSED]))
    def hold_for_debt(self, which: int, effect: str) -> None:
        self.step("hold_for_debt", account=self.number(which, self.world.accounts), effect=effect)

    @rule(
        stays=st.booleans(), anew=st.booleans(), prefix=st.sampled_from([None, "#X#", "#X#", "#Y#"])
    )
    def set_settings(self, stays: bool, anew: bool, prefix: str | None) -> None:
        self.step(
            "set_settings", services_may_stay_active=stays, offers_start_anew=anew, prefix=prefix
        )

    # Who belongs to whom, and who pays

    @rule(which=some, below=perhaps, pays=often, stay=sometimes)
    def move(self, which: int, below: int | None, pays: bool, stay: bool) -> None:
        account, parent = (
            self.number(which, self.world.accounts),
            self.number(below, self.world.accounts),
        )
        self.step(
            "move",
            account=account,
            parent=parent,
            parent_pays=pays and parent is not None,
            stay=stay,
        )

    @rule(which=some, below=perhaps, pays=st.booleans(), stay=sometimes, ahead=minutes)
    def defer_move(self, which: int, below: int | None, pays: bool, stay: bool, ahead: int) -> None:
        account, parent = (
            self.number(which, self.world.accounts),
            self.number(below, self.world.accounts),
        )
        when = self.later(ahead)
        self.step(
            "move", account=account, parent=parent, parent_pays=pays, stay=stay, defer_until=when
        )

    @rule(which=some, whose=perhaps, is_active=often)
    def add_bill_unit(self, which: int, whose: int | None, is_active: bool) -> None:
        """Mostly for an account that may have one, and mostly paid by another: so one comes to have two payers."""
        active = [account.number for account in self.world.accounts if account.status == ACTIVE]
        account = (
            active[which % len(active)]
            if active and is_active
            else self.number(which, self.world.accounts)
        )
        self.step("add_bill_unit", account=account, payer=self.number(whose, self.world.bill_units))

    @rule(which=st.integers(0, 30), whose=st.none() | st.integers(0, 30))
    def change_payer(self, which: int, whose: int | None) -> None:
        paid, payer = (
            self.number(which, self.world.bill_units),
            self.number(whose, self.world.bill_units),
        )
        self.step("change_payer", bill_unit=paid, payer=payer)

    @rule(one=some, other=some)
    def pay_for_each_other(self, one: int, other: int) -> None:
        """Mostly a circle of accounts, of which each pays for a further bill unit of the other."""
        pair = [which % len(self.world.accounts) for which in (one, other)]
        for paid, payer in (pair, reversed(pair)):
            paying = self.world.default_of(self.world.accounts[payer])
            self.step("add_bill_unit", account=paid + 1, payer=paying.number)

    # Promises, and the clock

    @rule(kind=kinds, which=some, to=statuses, ahead=minutes, back=st.none() | st.none() | minutes)
    def defer_status(self, kind: str, which: int, to: str, ahead: int, back: int | None) -> None:
        target, when, comes_back = self.target(kind, which), self.later(ahead), self.later(back)
        self.step("set_status", target=target, to=to, defer_until=when, reactivate_on=comes_back)

    @rule(in_ids=st.lists(st.tuples(kinds, some, statuses), min_size=2, max_size=6), runs=often)
    def defer_several(self, in_ids: list[tuple[str, int, str]], runs: bool) -> None:
        """Several at the same moment, in an order that counts."""
        for kind, which, to in in_ids:
            self.step(
                "set_status", target=self.target(kind, which), to=to, defer_until=self.later(1)
            )
        if runs:
            self.run_job(ahead=1)

    @precondition(lambda self: self.world.promises)
    @rule(which=st.integers(0, 30))
    def cancel(self, which: int) -> None:
        self.step("cancel", promise=self.number(which, self.world.promises))

    @precondition(lambda self: self.world.promises)
    @rule(which=st.integers(0, 30), ahead=minutes)
    def reschedule(self, which: int, ahead: int) -> None:
        self.step(
            "reschedule", promise=self.number(which, self.world.promises), due=self.later(ahead)
        )

    @precondition(lambda self: self.world.promises)
    @rule(which=st.integers(0, 30))
    def run_now(self, which: int) -> None:
        self.step("run_now", promise=self.number(which, self.world.promises))

    @rule(ahead=st.sampled_from([-1, 1, 2, 3, 6]))
    def set_clock(self, ahead: int) -> None:
        self.step("set_clock", now=self.later(ahead))

    @precondition(lambda self: self.world.promises)
    @rule(ahead=st.integers(0, 4))
    def run_job(self, ahead: int) -> None:
        self.step("set_clock", now=self.later(ahead))
        self.step("run_job")


def picture_of(world: World) -> Picture:
    """The model as `Program.look` sees Tenure. A rewritten login is compared by what it begins and ends with."""
    picture: Picture = {}
    for account in world.accounts:
        picture["account", account.number] = (
            *held(account),
            account.parent and account.parent.number,
        )
    for unit in world.bill_units:
        picture["bill unit", unit.number] = (unit.payer and unit.payer.number, unit.day)
    for service in world.services:
        picture["service", service.number] = (*held(service), Login(service), service.former)
    for offer in world.offers:
        picture["offer", offer.number] = (*held(offer), offer.start, offer.start, offer.start)
    for promise in world.promises:
        picture["promise", promise.number] = (promise.state, promise.due)
    return picture


class Login:
    """Equal to the login that the service may show."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def __eq__(self, login: object) -> bool:
        if self.service.former is None:
            return login == self.service.login
        return (
            isinstance(login, str)
            and login.startswith(str(self.service.prefix))
            and login.endswith(self.service.former)
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return repr(
            self.service.login
            if self.service.former is None
            else f"{self.service.prefix}…{self.service.former}"
        )


def held(entity: Held) -> tuple[str, frozenset[str], frozenset[str]]:
    """Status and holds."""
    return entity.status, frozenset(entity.holds[INACTIVE]), frozenset(entity.holds[CLOSED])


def in_order(events: list[Told]) -> list[Told]:
    """By entity, and of each entity in the order in which they were told."""
    return sorted(events, key=lambda event: (event.kind, event.number))
