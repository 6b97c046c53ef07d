"""Which versions of the program work on which schema.

Each migration declares `backward_compatible`: whether the program of the previous revision works
on the new schema. The database stores the oldest revision whose program works on it, because an
older program does not have the newer migrations.
"""

from dataclasses import dataclass
from functools import cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, String, inspect, select
from sqlalchemy.orm import Mapped, mapped_column

from tenure.kernel.db import MIGRATIONS, Base, Database

ONLY_ROW = 1


class SchemaCompatibility(Base):
    """The only row: the oldest revision whose program works on this schema."""

    __tablename__ = "schema_compatibility"

    id: Mapped[int] = mapped_column(primary_key=True)
    oldest_program: Mapped[str] = mapped_column(String(32))


@dataclass(frozen=True, slots=True)
class SchemaState:
    """The revision of a database. `oldest_program` is set only if the schema is newer than ours."""

    revision: str | None
    oldest_program: str | None = None

    @property
    def is_newer(self) -> bool:
        """True if a newer version of the program has migrated the database."""
        return self.revision is not None and self.revision not in known_revisions()

    @property
    def is_usable(self) -> bool:
        """True if this program works on the schema."""
        return self.revision == newest_revision() or (
            self.is_newer and self.oldest_program in known_revisions()
        )

    @property
    def message(self) -> str:
        """One sentence for the operator; empty if the schema is that of this version."""
        needed = newest_revision()
        if self.revision == needed:
            return ""
        if not self.is_newer:
            found = f"The database is at schema {self.revision or 'none'}"
            return f"{found}, this version needs {needed}: run `tenure migrate`."
        found = f"The database is at schema {self.revision}, newer than this program ({needed})"
        if self.is_usable:
            return f"{found} and compatible with it: install the newer version here as well."
        remedy = "install the version that migrated it, or a newer one."
        return f"{found} and not compatible with it: {remedy}"


@cache
def known_revisions() -> frozenset[str]:
    """Every revision that this version of the program knows."""
    script = ScriptDirectory(str(MIGRATIONS))
    return frozenset(known.revision for known in script.walk_revisions())


@cache
def newest_revision() -> str:
    """The revision that this version of the program needs."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head() or ""


def oldest_program(script: ScriptDirectory, revision: str) -> str:
    """The oldest revision whose program works on the schema `revision`."""
    for migration in script.iterate_revisions(revision, "base"):
        if not getattr(migration.module, "backward_compatible", False):
            return migration.revision
    return revision


def record_oldest_program(connection: Connection, script: ScriptDirectory, revision: str) -> None:
    """Writes the row after an upgrade or downgrade. Does nothing before the table exists."""
    if not inspect(connection).has_table(SchemaCompatibility.__tablename__):
        return
    table = Base.metadata.tables[SchemaCompatibility.__tablename__]
    oldest = oldest_program(script, revision)
    if connection.execute(table.update().values(oldest_program=oldest)).rowcount == 0:
        connection.execute(table.insert().values(id=ONLY_ROW, oldest_program=oldest))


async def schema_state(database: Database) -> SchemaState:
    """What schema the database has. Raises what the driver raises where it cannot be reached."""
    async with database.connection() as connection:
        return await connection.run_sync(read_state)


def read_state(connection: Connection) -> SchemaState:
    """The schema of the database of this connection."""
    found = SchemaState(MigrationContext.configure(connection).get_current_revision())
    if not found.is_newer or not inspect(connection).has_table(SchemaCompatibility.__tablename__):
        return found
    oldest = connection.execute(select(SchemaCompatibility.oldest_program)).scalar_one_or_none()
    return SchemaState(found.revision, oldest)
