"""The messages for values of a line that have the wrong type, in the words of the import format."""

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from tenure.kernel.text import excerpt

REASONS = 3
LONGEST_PATH = 6
DATE = "Give a date as YYYY-MM-DD."
DECIMAL = 'Give a decimal, like "25.00".'
INTEGER = "Give a whole number."
TIME = 'Give a time with its zone, like "2026-11-10T12:00:00Z".'

# By the types of errors of Pydantic; the names in braces are values of its context.
MESSAGES = {
    "missing": "This is required.",
    "extra_forbidden": "There is no field of this name.",
    "model_type": "Give an object with the fields of the format.",
    "tuple_type": "Give a list.",
    "too_long": "Give at most {max_length}.",
    "string_type": "Give a text.",
    "enum": "Give {expected}.",
    "bool_type": "Give true or false.",
    "bool_parsing": "Give true or false.",
    "int_type": INTEGER,
    "int_parsing": INTEGER,
    "int_parsing_size": INTEGER,
    "int_from_float": INTEGER,
    "finite_number": DECIMAL,
    "date_parsing": DATE,
    "date_from_datetime_parsing": "There is no such day. " + DATE,
    "datetime_parsing": TIME,
    "datetime_from_date_parsing": TIME,
    "datetime_object_invalid": TIME,
    "timezone_aware": TIME,
    "value_error": "{error}",
}


def reasons(fault: ValidationError) -> str:
    """The first errors of a line as one text."""
    errors = fault.errors(include_url=False, include_input=False)
    more = len(errors) - REASONS
    return "; ".join(map(_reason, errors[:REASONS])) + (f"; and {more} more" if more > 0 else "")


def _reason(error: ErrorDetails) -> str:
    position = ".".join(excerpt(step) for step in error["loc"][:LONGEST_PATH])
    known = MESSAGES.get(error["type"])
    message = known.format(**error.get("ctx", {})) if known else error["msg"]
    return f"{position}: {message}" if position else message
