"""The rows of natural keys: `account:A-1042`, `bill:B-3-20261104`, `service:internet/ada`.

A filter looks its row up in its own statement (`key_expression`). Where a resolver or an action
needs the key of the row, all natural keys of a request are replaced by global ids before, by one
statement for each type (`global_ids`).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import ScalarSelect, Select, String, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from tenure.accounts.models import Account
from tenure.assets.models import Service
from tenure.assets.rules import exact_key
from tenure.billing.bills.models import Bill
from tenure.catalog.models import Offer
from tenure.graphql.reads.mapping import Model
from tenure.graphql.types.ids import EXPECTED_TYPES, NaturalKey, global_id, key_of, natural_key
from tenure.kernel.db import Database
from tenure.kernel.dialects import in_texts
from tenure.kernel.row_tables import rows_as_table
from tenure.kernel.text import kind_key, login_key

Keys: TypeAlias = Mapping[str, NaturalKey]
# The unique text column of each type whose natural key is one text.
UNIQUE_TEXTS: dict[str, tuple[Model, str]] = {
    "Account": (Account, "number"),
    "Bill": (Bill, "number"),
    "Offer": (Offer, "code"),
}


def key_expression(value: str, type_name: str) -> int | ScalarSelect[int]:
    """The key of the object with this global id or natural key. NO_ROW for an invalid id."""
    natural = natural_key(value)
    if natural is None or natural.type_name != type_name:
        return key_of(value, type_name)
    if type_name in UNIQUE_TEXTS:
        model, name = UNIQUE_TEXTS[type_name]
        rows: Any = aliased(model)
        found: Select[int] = select(rows.id).where(getattr(rows, name) == natural.text)
        return found.scalar_subquery()
    service = aliased(Service)
    exact = exact_key(natural.kind, natural.text)
    keys = or_(service.login_key == login_key(natural.text), service.login_key == exact)
    found = select(service.id).where(service.kind == kind_key(natural.kind), keys)
    return found.order_by(service.login_key != exact).limit(1).scalar_subquery()


async def global_ids(session: AsyncSession, values: Iterable[str]) -> dict[str, str]:
    """The global id of each natural key among the values. Unknown ones are left out."""
    keys = {value: natural for value in values if (natural := natural_key(value)) is not None}
    found: dict[str, str] = {}
    for type_name in {natural.type_name for natural in keys.values()}:
        of_type = {value: it for value, it in keys.items() if it.type_name == type_name}
        ids = await (_services if type_name == "Service" else _rows)(session, of_type)
        found |= {value: global_id(type_name, key) for value, key in ids.items()}
    return found


async def resolved_ids(database: Database, values: Sequence[str]) -> list[str]:
    """The values with global ids in place of natural keys. Unknown ones are left as they are."""
    if not any(":" in value for value in values):
        return list(values)
    async with database.reading() as session:
        found = await global_ids(session, values)
    return [found.get(value, value) for value in values]


async def replace_natural_keys(session: AsyncSession, arguments: dict[str, object]) -> None:
    """Replace the natural keys in the arguments that take ids by global ids.

    Unknown ones, and those of another type than the argument takes, are left as they are.
    """
    given = {name: value for name, value in arguments.items() if name in EXPECTED_TYPES}
    values = [it for value in given.values() for it in _listed(value) if ":" in it]
    if not values:
        return
    found = await global_ids(session, values)
    for name, value in given.items():
        if isinstance(value, list):
            arguments[name] = [found.get(it, it) for it in value]
        elif isinstance(value, str):
            arguments[name] = found.get(value, value)


def _listed(value: object) -> list[str]:
    """The ids in the value of an argument: one id, a list of them, or no value."""
    if isinstance(value, list):
        return value
    return [value] if isinstance(value, str) else []


async def _rows(session: AsyncSession, keys: Keys) -> dict[str, int]:
    """The keys of the rows whose unique text is given."""
    [type_name] = {it.type_name for it in keys.values()}
    model, name = UNIQUE_TEXTS[type_name]
    column = getattr(model, name)
    texts = {it.text for it in keys.values()}
    rows: Any = model
    statement = select(column, rows.id).where(in_texts(column, texts))
    ids: dict[str, int] = dict((await session.execute(statement)).all())
    return {value: ids[it.text] for value, it in keys.items() if it.text in ids}


async def _services(session: AsyncSession, keys: Keys) -> dict[str, int]:
    """The keys of services by kind and login; an exact spelling precedes (`exact_key`)."""
    candidates = {
        value: [
            (kind_key(it.kind), exact_key(it.kind, it.text)),
            (kind_key(it.kind), login_key(it.text)),
        ]
        for value, it in keys.items()
    }
    columns = {"kind": String(), "login": String()}
    pairs = {pair for both in candidates.values() for pair in both}
    rows = [{"kind": kind, "login": login} for kind, login in sorted(pairs)]
    wanted = rows_as_table(session, "wanted", columns, rows)
    statement = select(Service.kind, Service.login_key, Service.id).join(
        wanted, (Service.kind == wanted.c.kind) & (Service.login_key == wanted.c.login)
    )
    ids = {(kind, login): key for kind, login, key in await session.execute(statement)}
    found = {
        value: next((ids[pair] for pair in both if pair in ids), None)
        for value, both in candidates.items()
    }
    return {value: key for value, key in found.items() if key is not None}
