"""The rows in the payload of a mutation, which a statement writes like those of a query."""

from collections.abc import Mapping
from dataclasses import dataclass

from graphql.pyutils import Path
from orjson import Fragment
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext


@dataclass(frozen=True, slots=True)
class WrittenRows:
    """The JSON of the selected rows of a payload, by their names in the response.

    It is the value of each field of the payload that has a row, because a field can be selected
    several times.
    """

    texts: Mapping[str, str]

    def value(self, key: str) -> Fragment | None:
        """The row with this name in the response."""
        text = self.texts[key]
        return None if text == "null" else Fragment(text)


class PayloadExecutor(StrawberryGraphQLCoreExecutionContext):
    """Executes operations. The fields of rows that are JSON already are not resolved."""

    def complete_value(self, *arguments: object) -> object:
        """Called by graphql-core with the value of each field.

        The last three of the arguments are the path, the value, and a position in a stream.
        """
        *_, path, value, _position = arguments
        if isinstance(value, WrittenRows) and isinstance(path, Path):
            return value.value(str(path.key))
        return super().complete_value(*arguments)  # type: ignore[arg-type]
