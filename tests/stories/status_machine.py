"""A Hypothesis state machine: random changes of Tenure and of a model of the rules.

After each step the two must agree on the result (success, or the same error code), on the state
of every entity, and on the events: one for each entity whose status or holds changed, in order
for each entity.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.stories.status_model import StatusModel
from tests.stories.status_model_state import (
    ACTIVE,
    CLOSED,
    INACTIVE,
    HeldEntity,
    RefusedError,
    Service,
    StatusEvent,
    Target,
)
from tests.stories.tenure_driver import EntityStates, TenureDriver

NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
MAX_ACCOUNTS = 12

# Selects an entity by the remainder of their count.
index = st.integers(0, 11)
optional_index = st.none() | index
kinds = st.sampled_from(["account", "account", "service", "offer"])
statuses = st.sampled_from([ACTIVE, ACTIVE, INACTIVE, INACTIVE, CLOSED])
service_kinds = st.sampled_from(["tel", "tel", "tv"])
logins = st.sampled_from(["a", "A", "b", "a"]) | st.none()
currencies = st.sampled_from(["USD"] * 5 + ["EUR"])
minutes = st.integers(0, 5)
mostly_false = st.sampled_from([False, False, True])
ahead = st.sampled_from([None, 0, 60])
mostly_true = st.sampled_from([True, True, False])


class StatusMachine(RuleBasedStateMachine):
    """The test sets `driver`."""

    driver: TenureDriver

    def __init__(self) -> None:
        super().__init__()
        self.model = StatusModel(NOON)
        self.driver.reset(NOON)

    def number(self, which: int | None, entities: Sequence[object]) -> int | None:
        """The number of one of these entities, or None for None or no entities."""
        return None if which is None or not entities else which % len(entities) + 1

    def target(self, kind: str, which: int) -> Target:
        """An entity of the kind, or an account if there is none."""
        entities: dict[str, Sequence[object]] = {
            "service": self.model.services,
            "offer": self.model.offers,
        }
        number = self.number(which, entities.get(kind, ()))
        return (
            ("account", which % len(self.model.accounts) + 1) if number is None else (kind, number)
        )

    def later(self, ahead: int | None) -> datetime | None:
        """A time so many minutes ahead; 0 is now, which is not in the future."""
        return None if ahead is None else self.model.now + timedelta(minutes=ahead)

    def step(self, operation: str, **arguments: Any) -> None:
        """Execute an operation on both sides, and compare."""
        allowed: set[str | None] = {None}
        before = after = self.model
        try:
            after = before.after(operation, **arguments)
        except RefusedError as refusal:
            after = before.after("nothing")
            allowed = set(refusal.codes)
        answer = self.driver.execute(operation, **arguments)
        assert answer in allowed, f"{operation} {arguments}: {answer}, expected {allowed}"
        states, events = self.driver.read_changes()
        expected = states_of(after)
        differences = {
            entity: (states.get(entity), state)
            for entity, state in expected.items()
            if states.get(entity) != state
        }
        assert not differences, f"{operation} {arguments}: (found, expected) {differences}"
        assert states.keys() == expected.keys()
        assert sorted_by_entity(events) == sorted_by_entity(after.events), (
            f"{operation} {arguments}: the events differ"
        )
        if self.driver.impact is not None:
            seen = (
                self.driver.impact.accounts,
                self.driver.impact.services,
                self.driver.impact.offers,
            )
            # An impact leaves out what is closed and stays closed.
            event_kinds = Counter(
                event.kind
                for event in after.events
                if (event.before, event.after) != ("CLOSED", "CLOSED")
            )
            assert seen == (event_kinds["account"], event_kinds["service"], event_kinds["offer"])
        self.model = after

    # Accounts, services and offers

    @initialize(
        forest=st.lists(
            st.tuples(optional_index, mostly_true, logins, ahead), min_size=3, max_size=5
        ),
        prefix=st.sampled_from(["#X#", None]),
    )
    def set_up(
        self, forest: list[tuple[int | None, bool, str | None, int | None]], prefix: str | None
    ) -> None:
        self.set_settings(may_stay=False, restart=True, prefix=prefix)
        for above, parent_pays, login, start in forest:
            parent = self.number(above, self.model.accounts)
            pays = parent_pays and parent is not None
            self.step("create_account", currency="USD", day=1, parent=parent, parent_pays=pays)
            taken = login is not None and self.model.is_taken("tel", login)
            number = len(self.model.accounts)
            self.step(
                "add_service",
                account=number,
                service_kind="tel",
                login=None if taken else login,
                with_offer=True,
            )
            if start is not None:
                self.step("purchase", account=number, service=None, start=self.later(start))

    @precondition(lambda self: len(self.model.accounts) < MAX_ACCOUNTS)
    @rule(
        currency=currencies,
        day=st.sampled_from([1, 15]),
        above=optional_index,
        parent_pays=st.booleans(),
    )
    def create_account(self, currency: str, day: int, above: int | None, parent_pays: bool) -> None:
        parent = self.number(above, self.model.accounts)
        pays = parent_pays and parent is not None
        self.step("create_account", currency=currency, day=day, parent=parent, parent_pays=pays)

    @rule(which=index, service_kind=service_kinds, login=logins, with_offer=st.booleans())
    def add_service(
        self, which: int, service_kind: str, login: str | None, with_offer: bool
    ) -> None:
        number = self.number(which, self.model.accounts)
        self.step(
            "add_service",
            account=number,
            service_kind=service_kind,
            login=login,
            with_offer=with_offer,
        )

    @rule(which=index, whose=index)
    def reuse_login(self, which: int, whose: int) -> None:
        """Use the login of a closed service for another account (3.2)."""
        closed = [
            service for service in self.model.services if service.status == CLOSED
        ] or self.model.services
        former, account = closed[which % len(closed)], self.number(whose, self.model.accounts)
        self.step(
            "add_service",
            account=account,
            service_kind=former.service_kind,
            login=former.former or former.login,
        )

    @rule(which=index, what=optional_index, ahead=st.sampled_from([0, 3, 60, -1]))
    def purchase(self, which: int, what: int | None, ahead: int) -> None:
        account = self.number(which, self.model.accounts)
        own = [
            service.number for service in self.model.services if service.account.number == account
        ]
        service = own[what % len(own)] if own and what is not None else None
        self.step("purchase", account=account, service=service, start=self.later(ahead))

    # Status

    @rule(
        kind=kinds,
        which=index,
        to=statuses,
        login=st.none() | st.none() | logins,
        back=st.none() | st.none() | minutes,
    )
    def set_status(
        self, kind: str, which: int, to: str, login: str | None, back: int | None
    ) -> None:
        target = self.target(kind, which)
        self.step("set_status", target=target, to=to, login=login, reactivate_on=self.later(back))

    @rule(which=index, to=statuses)
    def set_account_status(self, which: int, to: str) -> None:
        self.step("set_status", target=self.target("account", which), to=to)

    @rule(which=index, login=st.none() | logins)
    def activate_any(self, which: int, login: str | None) -> None:
        """Activate an entity that is not active, if there is one."""
        held_back = [entity for entity in self.model.everything if entity.status != ACTIVE]
        entity = held_back[which % len(held_back)] if held_back else self.model.accounts[0]
        new_login = login if entity.kind == "service" and entity.status == CLOSED else None
        self.step("set_status", target=(entity.kind, entity.number), to=ACTIVE, login=new_login)

    @rule(which=index, to=st.sampled_from([INACTIVE, CLOSED]))
    def change_payer_and_reactivate(self, which: int, to: str) -> None:
        """Change an account that pays for others, if there is one, and activate it again."""
        paying = [
            unit.payer.account.number for unit in self.model.bill_units if unit.payer is not None
        ] or [1]
        target = ("account", paying[which % len(paying)])
        for status in (to, ACTIVE):
            self.step("set_status", target=target, to=status)

    @rule(which=index, effect=st.sampled_from([INACTIVE, INACTIVE, CLOSED]))
    def add_debt_hold(self, which: int, effect: str) -> None:
        self.step("add_debt_hold", account=self.number(which, self.model.accounts), effect=effect)

    @rule(
        may_stay=st.booleans(),
        restart=st.booleans(),
        prefix=st.sampled_from([None, "#X#", "#X#", "#Y#"]),
    )
    def set_settings(self, may_stay: bool, restart: bool, prefix: str | None) -> None:
        self.step(
            "set_settings", services_may_stay_active=may_stay, offers_restart=restart, prefix=prefix
        )

    # Hierarchy and payers

    @rule(which=index, below=optional_index, pays=mostly_true, stay=mostly_false)
    def move(self, which: int, below: int | None, pays: bool, stay: bool) -> None:
        account, parent = (
            self.number(which, self.model.accounts),
            self.number(below, self.model.accounts),
        )
        self.step(
            "move",
            account=account,
            parent=parent,
            parent_pays=pays and parent is not None,
            stay=stay,
        )

    @rule(which=index, below=optional_index, pays=st.booleans(), stay=mostly_false, ahead=minutes)
    def defer_move(self, which: int, below: int | None, pays: bool, stay: bool, ahead: int) -> None:
        account, parent = (
            self.number(which, self.model.accounts),
            self.number(below, self.model.accounts),
        )
        when = self.later(ahead)
        self.step(
            "move", account=account, parent=parent, parent_pays=pays, stay=stay, defer_until=when
        )

    @rule(which=index, whose=optional_index, is_active=mostly_true)
    def add_bill_unit(self, which: int, whose: int | None, is_active: bool) -> None:
        """Mostly for an active account, and paid by another: so an account can have two payers."""
        active = [account.number for account in self.model.accounts if account.status == ACTIVE]
        account = (
            active[which % len(active)]
            if active and is_active
            else self.number(which, self.model.accounts)
        )
        self.step("add_bill_unit", account=account, payer=self.number(whose, self.model.bill_units))

    @rule(which=st.integers(0, 30), whose=st.none() | st.integers(0, 30))
    def change_payer(self, which: int, whose: int | None) -> None:
        paid, payer = (
            self.number(which, self.model.bill_units),
            self.number(whose, self.model.bill_units),
        )
        self.step("change_payer", bill_unit=paid, payer=payer)

    @rule(one=index, other=index)
    def pay_for_each_other(self, one: int, other: int) -> None:
        """Two accounts, each of which pays for a further bill unit of the other."""
        pair = [which % len(self.model.accounts) for which in (one, other)]
        for paid, payer in (pair, reversed(pair)):
            paying = self.model.default_of(self.model.accounts[payer])
            self.step("add_bill_unit", account=paid + 1, payer=paying.number)

    # Deferred actions and the clock

    @rule(kind=kinds, which=index, to=statuses, ahead=minutes, back=st.none() | st.none() | minutes)
    def defer_status(self, kind: str, which: int, to: str, ahead: int, back: int | None) -> None:
        target, when, comes_back = self.target(kind, which), self.later(ahead), self.later(back)
        self.step("set_status", target=target, to=to, defer_until=when, reactivate_on=comes_back)

    @rule(
        changes=st.lists(st.tuples(kinds, index, statuses), min_size=2, max_size=6),
        runs=mostly_true,
    )
    def defer_several(self, changes: list[tuple[str, int, str]], runs: bool) -> None:
        """Defer several changes to the same time; their order matters."""
        for kind, which, to in changes:
            self.step(
                "set_status", target=self.target(kind, which), to=to, defer_until=self.later(1)
            )
        if runs:
            self.run_job(ahead=1)

    @precondition(lambda self: self.model.deferred_actions)
    @rule(which=st.integers(0, 30))
    def cancel(self, which: int) -> None:
        self.step("cancel", action=self.number(which, self.model.deferred_actions))

    @precondition(lambda self: self.model.deferred_actions)
    @rule(which=st.integers(0, 30), ahead=minutes)
    def reschedule(self, which: int, ahead: int) -> None:
        self.step(
            "reschedule",
            action=self.number(which, self.model.deferred_actions),
            scheduled_for=self.later(ahead),
        )

    @precondition(lambda self: self.model.deferred_actions)
    @rule(which=st.integers(0, 30))
    def run_now(self, which: int) -> None:
        self.step("run_now", action=self.number(which, self.model.deferred_actions))

    @rule(ahead=st.sampled_from([-1, 1, 2, 3, 6]))
    def set_clock(self, ahead: int) -> None:
        self.step("set_clock", now=self.later(ahead))

    @precondition(lambda self: self.model.deferred_actions)
    @rule(ahead=st.integers(0, 4))
    def run_job(self, ahead: int) -> None:
        self.step("set_clock", now=self.later(ahead))
        self.step("run_job")


def states_of(model: StatusModel) -> EntityStates:
    """The state of the model in the form of `TenureDriver.read_changes`.

    A rewritten login is compared by its prefix and its suffix.
    """
    states: EntityStates = {}
    for account in model.accounts:
        states["account", account.number] = (
            *status_and_holds(account),
            account.parent and account.parent.number,
        )
    for unit in model.bill_units:
        states["bill unit", unit.number] = (unit.payer and unit.payer.number, unit.day)
    for service in model.services:
        states["service", service.number] = (
            *status_and_holds(service),
            Login(service),
            service.former,
        )
    for offer in model.offers:
        states["offer", offer.number] = (
            *status_and_holds(offer),
            offer.start,
            offer.start,
            offer.start,
        )
    for action in model.deferred_actions:
        states["deferred action", action.number] = (action.state, action.scheduled_for)
    return states


class Login:
    """Equal to every login that the service may have."""

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


def status_and_holds(entity: HeldEntity) -> tuple[str, frozenset[str], frozenset[str]]:
    """Status and holds."""
    return entity.status, frozenset(entity.holds[INACTIVE]), frozenset(entity.holds[CLOSED])


def sorted_by_entity(events: list[StatusEvent]) -> list[StatusEvent]:
    """Sorted by entity; events of one entity keep their order."""
    return sorted(events, key=lambda event: (event.kind, event.number))
