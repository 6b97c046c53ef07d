"""SQL that reads a list of all rows with a filter that may match few of them (`Candidates`).

PostgreSQL would go through the list until it has found a page, or read all that matches, depending
on an estimate; of a million accounts either can take seconds. Instead the statement has branches,
of which the database executes those that it needs:

1. if there are at most MAX_KEYS keys, these rows;
2. otherwise the first NEAR rows of the list in its order: that finds a page if many rows match;
3. if that was not enough, the rows of all keys, or of the exact ones. With more than COUNTED_KEYS
   keys the whole list in its order, until there is a page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    case,
    false,
    func,
    literal_column,
    or_,
    select,
    union_all,
)

from tenure.graphql.compiled.filters import ReadFilter
from tenure.graphql.compiled.objects import Writer
from tenure.graphql.reads.mapping import Model
from tenure.kernel.dialects import in_ids

# Reads the rows of an alias or a subquery of a table; conditions are added.
Read: TypeAlias = Callable[[FromClause], Select[Any]]
Sorting: TypeAlias = Callable[[FromClause], list[ColumnElement[Any]]]

MAX_KEYS = 5_000
NEAR = 5_000
# A key can be repeated: the first MAX_COUNT rows are among so many keys, usually among SOME_KEYS.
COUNTED_KEYS = 50_000
SOME_KEYS = 15_000


class Matching(Protocol):
    """The conditions of a list about an alias or a subquery of its table."""

    def __call__(
        self, rows: FromClause, *, without: ColumnElement[bool] | None = None
    ) -> list[ColumnElement[bool]]: ...


@dataclass(slots=True)
class CandidateRows:
    """The candidates of one list."""

    writer: Writer
    model: Model
    of: ReadFilter
    matching: Matching
    known: dict[int, CTE] = field(default_factory=dict)

    def page(self, read: Read, sorting: Sorting, limit: ColumnElement[Any]) -> Select[Any]:
        """The rows of a page; `read` selects them in their order, from a position on."""
        are_few = self._are_up_to(MAX_KEYS)
        first = read(self.writer.alias(self.model)).where(~are_few).limit(_number(NEAR))
        near = first.subquery(self.writer.name())
        page = select(*near.c).where(*self.matching(near)).order_by(*sorting(near)).limit(limit)
        found = page.cte(self.writer.name())
        is_enough = select(func.count()).select_from(found).scalar_subquery() >= limit
        is_answered = or_(are_few, is_enough)
        are_known = self._are_up_to(COUNTED_KEYS)
        branches = [
            self._by_key(read, select(*self._keys(MAX_KEYS).c)).where(are_few).limit(limit),
            select(*found.c).where(is_enough),
            self._exact(read).where(_unless(is_answered, are_known)).limit(limit),
            self._whole_list(read).where(_unless(is_answered, ~are_known)).limit(limit),
        ]
        either = _all(branches).subquery(self.writer.name())
        return select(*either.c).order_by(*sorting(either)).limit(limit)

    def counted(
        self, read: Read, limit: ColumnElement[Any], *, has_other_conditions: bool
    ) -> Select[Any]:
        """The matching rows up to a limit, in no order."""
        if self.of.all_match and not has_other_conditions:
            return self._distinct(limit)
        are_known = self._are_up_to(COUNTED_KEYS)
        few = self._by_key(read, select(*self._keys(COUNTED_KEYS).c)).where(are_known)
        rest = self._whole_list(read) if self.of.all_match else self._exact(read)
        many = rest.where(~are_known)
        return _all([few.limit(limit), many.limit(limit)]).limit(limit)

    def _distinct(self, limit: ColumnElement[Any]) -> Select[Any]:
        """The keys up to a limit, each once. Usually some are enough to reach it."""
        some, keys = (
            select(*self._keys(most).c).distinct().limit(limit)
            for most in (SOME_KEYS, COUNTED_KEYS)
        )
        found = some.cte(self.writer.name())
        is_enough = select(func.count()).select_from(found).scalar_subquery() >= limit
        return _all([select(*found.c).where(is_enough), keys.where(~is_enough)])

    def _by_key(self, read: Read, keys: Select[Any]) -> Select[Any]:
        rows = self.writer.alias(self.model)
        known = self.of.condition if self.of.all_match else None
        return read(rows).where(in_ids(rows.c.id, keys), *self.matching(rows, without=known))

    def _exact(self, read: Read) -> Select[Any]:
        rows = self.writer.alias(self.model)
        assert self.of.exact is not None
        others = self.matching(rows, without=self.of.condition)
        return read(rows).where(in_ids(rows.c.id, self.of.exact), *others)

    def _whole_list(self, read: Read) -> Select[Any]:
        rows = self.writer.alias(self.model)
        return read(rows).where(*self.matching(rows))

    def _keys(self, most: int) -> CTE:
        """The keys up to one more than `most`, which show whether there are more.

        Page and count share them. The database reads them only if it needs them.
        """
        if most not in self.known:
            assert self.of.keys is not None
            self.known[most] = self.of.keys.limit(_number(most + 1)).cte(self.writer.name())
        return self.known[most]

    def _are_up_to(self, most: int) -> ColumnElement[bool]:
        counted = select(func.count()).select_from(self._keys(most))
        return counted.scalar_subquery() <= _number(most)


def _unless(answered: ColumnElement[bool], condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition, which the database evaluates only if the first one is false."""
    return case((answered, false()), else_=condition)


def _number(value: int) -> ColumnElement[int]:
    return literal_column(str(value), BigInteger())


def _all(branches: Sequence[Select[Any]]) -> Select[Any]:
    """The rows of all branches. SQLite accepts neither limit nor order in a part of a union."""
    return select(union_all(*(select(it.subquery()) for it in branches)).subquery())
